"""Weights by list comprehension, any depth, ReLU and softmax, minibatches, Nesterov, weight decay."""
import numpy as np

np.random.seed(8)

# --- data: three spirals
n_per_class, n_classes = 30, 3
X, labels = [], []
for c in range(n_classes):
    r = np.linspace(0.1, 1, n_per_class)
    a = np.linspace(4 * c, 4 * (c + 1), n_per_class) + np.random.randn(n_per_class) * 0.2
    X.append(np.c_[r * np.sin(a), r * np.cos(a)])
    labels += [c] * n_per_class
X = np.vstack(X)
T = np.eye(n_classes)[labels]

# --- network
sizes = [2, 8, 6, 3]
weights = [np.random.randn(i, o) * np.sqrt(2 / i) for i, o in zip(sizes[:-1], sizes[1:])]
biases = [np.zeros(o) for o in sizes[1:]]
v_w = [np.zeros_like(w) for w in weights]
v_b = [np.zeros_like(b) for b in biases]


def feed_forward(x):
    activations = [x]
    for i in range(len(weights) - 1):
        activations.append(np.maximum(0, activations[-1] @ weights[i] + biases[i]))
    z = activations[-1] @ weights[-1] + biases[-1]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    activations.append(e / e.sum(axis=1, keepdims=True))
    return activations


def loss_of(p, t):
    data = -np.sum(t * np.log(p)) / len(t)
    return data + 0.5 * weight_decay * sum((w ** 2).sum() for w in weights)


def backprop(activations, t):
    delta = (activations[-1] - t) / len(t)
    grad_w, grad_b = [], []
    for i in reversed(range(len(weights))):
        grad_w.insert(0, activations[i].T @ delta + weight_decay * weights[i])
        grad_b.insert(0, delta.sum(axis=0))
        if i:
            delta = (delta @ weights[i].T) * (activations[i] > 0)
    return grad_w, grad_b


lr, mu, weight_decay, batch = 0.05, 0.9, 1e-2, 30
for epoch in range(30):
    perm = np.random.permutation(len(X))
    losses = []
    for s in range(0, len(X), batch):
        rows = perm[s:s + batch]
        acts = feed_forward(X[rows])
        losses.append(loss_of(acts[-1], T[rows]))
        gw, gb = backprop(acts, T[rows])
        for i in range(len(weights)):
            v_w[i] = mu * v_w[i] - lr * gw[i]
            v_b[i] = mu * v_b[i] - lr * gb[i]
            weights[i] += mu * v_w[i] - lr * gw[i]
            biases[i] += mu * v_b[i] - lr * gb[i]
    if epoch % 10 == 9:
        print(epoch + 1, np.mean(losses))
