"""Functions and lists, every layer five wide: sigmoid and tanh, rows, batches of five, in place."""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def feed(x, Ws, bs):
    acts = [x]
    for i, (W, b) in enumerate(zip(Ws, bs)):
        z = acts[-1] @ W + b
        acts.append(np.tanh(z) if i == 0 else sigmoid(z))
    return acts


def slope(a, i):
    return 1 - a ** 2 if i == 0 else a * (1 - a)


def gradients(acts, y, Ws):
    gWs, gbs = [], []
    delta = 2 * (acts[-1] - y) / y.size * slope(acts[-1], len(Ws) - 1)
    for i in range(len(Ws) - 1, -1, -1):
        gWs.insert(0, acts[i].T @ delta)
        gbs.insert(0, delta.sum(axis=0))
        if i > 0:
            delta = delta @ Ws[i].T * slope(acts[i], i - 1)
    return gWs, gbs


def run(X, Y, epochs=12, rate=2.0):
    rng = np.random.default_rng(20)
    Ws = [rng.normal(size=(5, 5)) for _ in range(3)]
    bs = [np.zeros(5) for _ in range(3)]
    for epoch in range(epochs):
        for k in range(0, len(X), 5):
            x, y = X[k:k + 5], Y[k:k + 5]
            acts = feed(x, Ws, bs)
            mse = np.mean((acts[-1] - y) ** 2)
            gWs, gbs = gradients(acts, y, Ws)
            for W, b, gW, gb in zip(Ws, bs, gWs, gbs):
                W -= rate * gW
                b -= rate * gb
        print("epoch", epoch, "mse", mse)
    return Ws, bs


rng = np.random.default_rng(2)
X = rng.uniform(-1, 1, size=(60, 5))
Y = (X[:, ::-1] + np.roll(X, 1, axis=1) > 0).astype(float)
run(X, Y)
