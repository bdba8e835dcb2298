"""Several outputs from a list of (W, b) pairs: softplus hidden layers, weight decay, a falling learning rate."""
import numpy as np


def softplus(z):
    return np.log1p(np.exp(z))


def softplus_prime(z):
    return 1 / (1 + np.exp(-z))


def make_network(sizes, seed):
    gen = np.random.default_rng(seed)
    return [(gen.standard_normal((a, b)) / np.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]


def run_forward(network, X):
    inputs, pre = [X], []
    for depth, (W, b) in enumerate(network):
        z = inputs[-1] @ W + b
        pre.append(z)
        inputs.append(z if depth == len(network) - 1 else softplus(z))
    return inputs, pre


def loss_of(network, output, Y, decay):
    fit = np.sum((output - Y) ** 2) / (2 * len(Y))
    return fit + decay / 2 * sum(np.sum(W ** 2) for W, _ in network)


def run_backward(network, inputs, pre, Y, decay):
    grads = []
    delta = (inputs[-1] - Y) / len(Y)
    for depth in range(len(network) - 1, -1, -1):
        W, b = network[depth]
        grads.append((inputs[depth].T @ delta + decay * W, delta.sum(axis=0)))
        if depth > 0:
            delta = delta @ W.T * softplus_prime(pre[depth - 1])
    return grads[::-1]


gen = np.random.default_rng(17)
X = gen.uniform(-1.5, 1.5, (72, 3))
Y = np.column_stack([X[:, 0] * X[:, 1], np.abs(X[:, 2]), X.sum(axis=1)])
network = make_network([3, 6, 6, 3], seed=1)
decay = 2e-3
base_rate = 0.25

for t in range(240):
    inputs, pre = run_forward(network, X)
    loss = loss_of(network, inputs[-1], Y, decay)
    if t % 40 == 0:
        print("step", t, "loss", loss)
    grads = run_backward(network, inputs, pre, Y, decay)
    rate = base_rate / (1 + 0.005 * t)
    for (W, b), (dW, db) in zip(network, grads):
        W -= rate * dW
        b -= rate * db
