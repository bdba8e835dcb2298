"""Digits-like classes with a functional style: tuples of layers in, new tuples out; Adam; log_softmax."""
import numpy as np
from functools import partial


def relu(x):
    return x * (x > 0)


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def init_layer(rng, n_in, n_out):
    return rng.standard_normal((n_in, n_out)) * (2 / n_in) ** 0.5, np.zeros(n_out)


def loss_and_grads(layers, x, onehot):
    (W1, b1), (W2, b2) = layers
    z = x @ W1 + b1
    h = relu(z)
    logp = log_softmax(h @ W2 + b2)
    loss = -(onehot * logp).sum(axis=1).mean()

    g_logits = (np.exp(logp) - onehot) / x.shape[0]
    g_h = g_logits @ W2.T
    g_z = g_h * (z > 0)
    grads = (
        (x.T @ g_z, g_z.sum(axis=0)),
        (h.T @ g_logits, g_logits.sum(axis=0)),
    )
    return loss, grads


def adam_update(param, grad, state, t, lr=0.02, b1=0.9, b2=0.99):
    m, v = state
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad * grad
    mhat = m / (1 - b1 ** t)
    vhat = v / (1 - b2 ** t)
    return param - lr * mhat / (np.sqrt(vhat) + 1e-8), (m, v)


def batches(x, onehot, size, rng):
    while True:
        rows = rng.integers(0, len(x), size)
        yield x[rows], onehot[rows]


def main(steps=100):
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 4, 120)
    x = np.array([[1, 1, 0], [-1, 1, 1], [-1, -1, 0], [1, -1, -1.0]])[labels] + 0.8 * rng.standard_normal((120, 3))
    onehot = np.eye(4)[labels]
    make = partial(init_layer, rng)
    layers = (make(3, 8), make(8, 4))
    states = tuple(tuple((0 * q, 0 * q) for q in layer) for layer in layers)
    for t, (xb, yb) in zip(range(1, steps + 1), batches(x, onehot, 30, rng)):
        loss, grads = loss_and_grads(layers, xb, yb)
        updated = [[adam_update(q, g, s, t) for q, g, s in zip(*three)]
                   for three in zip(layers, grads, states)]
        layers = tuple(tuple(u[0] for u in pair) for pair in updated)
        states = tuple(tuple(u[1] for u in pair) for pair in updated)
        if t % 25 == 0:
            print(f"step {t}: loss {loss:.4f}")


if __name__ == "__main__":
    main()
