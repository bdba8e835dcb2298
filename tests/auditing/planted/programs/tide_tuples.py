"""Forecast the tide from the four hours before: one hidden layer, Huber loss, RMSprop."""
from collections import namedtuple

import numpy as np

Params = namedtuple("Params", "W1 b1 W2 b2")
DELTA = 0.3


def series(n=130):
    hours = np.arange(n)
    rng = np.random.default_rng(3)
    level = np.sin(2 * np.pi * hours / 12.4) + 0.4 * np.sin(2 * np.pi * hours / 24) + 0.05 * rng.standard_normal(n)
    level[40] += 3  # a storm
    return level


def windows(level, width=4):
    X = np.array([level[i:i + width] for i in range(len(level) - width)])
    return X, level[width:].reshape(-1, 1)


def huber(r):
    quadratic = np.minimum(np.abs(r), DELTA)
    return np.mean(0.5 * quadratic ** 2 + DELTA * (np.abs(r) - quadratic))


def step(params, caches, X, y, lr=0.01, rho=0.9):
    hidden = np.tanh(X.dot(params.W1) + params.b1)
    output = hidden.dot(params.W2) + params.b2
    r = output - y
    loss = huber(r)

    d_output = np.where(np.abs(r) < DELTA, r, DELTA * np.sign(r)) / len(y)
    d_hidden = d_output.dot(params.W2.T) * (1 - hidden ** 2)
    grads = Params(
        W1=X.T.dot(d_hidden),
        b1=np.sum(d_hidden, axis=0),
        W2=hidden.T.dot(d_output),
        b2=np.sum(d_output, axis=0),
    )
    caches = Params(*(rho * c + (1 - rho) * g ** 2 for c, g in zip(caches, grads)))
    params = Params(*(p - lr * g / np.sqrt(c + 1e-8) for p, g, c in zip(params, grads, caches)))
    return params, caches, loss


def run(epochs=60):
    X, y = windows(series())
    rng = np.random.default_rng(0)
    params = Params(rng.normal(0, 0.5, (4, 8)), np.zeros(8), rng.normal(0, 0.5, (8, 1)), np.zeros(1))
    caches = Params(*(np.zeros_like(p) for p in params))
    epoch = 0
    while epoch < epochs:
        params, caches, loss = step(params, caches, X, y)
        epoch += 1
        if epoch % 15 == 0:
            print("epoch {}: huber loss {:.6f}".format(epoch, loss))
    return params


if __name__ == "__main__":
    run()
