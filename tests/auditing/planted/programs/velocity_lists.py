"""Deep network kept in lists, momentum, cross-entropy; examples are columns."""
import numpy as np

np.random.seed(8)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


sizes = [4, 5, 5, 2]
weights = [np.random.randn(n_out, n_in) for n_in, n_out in zip(sizes[:-1], sizes[1:])]
biases = [np.random.randn(n_out, 1) for n_out in sizes[1:]]
v_w = [np.zeros(w.shape) for w in weights]
v_b = [np.zeros(b.shape) for b in biases]


def backprop(x, y):
    """Return the mean loss and the gradients for every layer."""
    n = x.shape[1]
    activation = x
    activations = [x]
    zs = []
    for w, b in zip(weights, biases):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)

    out = activations[-1]
    loss = -np.sum(y * np.log(out) + (1 - y) * np.log(1 - out)) / n

    nabla_w = [None] * len(weights)
    nabla_b = [None] * len(biases)
    delta = (out - y) / n
    nabla_w[-1] = np.dot(delta, activations[-2].T)
    nabla_b[-1] = delta.sum(axis=1, keepdims=True)
    for l in range(2, len(sizes)):
        delta = np.dot(weights[-l + 1].T, delta) * sigmoid_prime(zs[-l])
        nabla_w[-l] = np.dot(delta, activations[-l - 1].T)
        nabla_b[-l] = delta.sum(axis=1, keepdims=True)
    return loss, nabla_w, nabla_b


inputs = np.random.randn(4, 50)
targets = np.array([inputs[0] + inputs[1] > 0, inputs[2] * inputs[3] > 0]).astype(float)

eta, mu = 0.5, 0.8
for epoch in range(40):
    loss, nabla_w, nabla_b = backprop(inputs, targets)
    for k in range(len(weights)):
        v_w[k] = mu * v_w[k] - eta * nabla_w[k]
        v_b[k] = mu * v_b[k] - eta * nabla_b[k]
        weights[k] = weights[k] + v_w[k]
        biases[k] = biases[k] + v_b[k]
    if epoch % 10 == 0:
        print("epoch", epoch, "cross-entropy", round(loss, 5))
