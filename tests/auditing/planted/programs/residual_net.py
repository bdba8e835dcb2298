"""A residual block: h2 = h1 + tanh(h1 V + d); regression by SGD with momentum in a dict."""
import numpy as np

rng = np.random.RandomState(14)
X = rng.uniform(-1, 1, (64, 3))
y = np.tanh(2 * X[:, 0] - X[:, 1])[:, None] * X[:, 2:]

p = {
    "U": rng.randn(3, 6) * 0.5,
    "c": np.zeros(6),
    "V": rng.randn(6, 6) * 0.4,
    "d": np.zeros(6),
    "w": rng.randn(6, 1) * 0.5,
}
velocity = {k: np.zeros_like(v) for k, v in p.items()}


def step(x, t, lr=0.1, mu=0.8):
    n = len(x)
    h1 = np.tanh(x @ p["U"] + p["c"])
    r = np.tanh(h1 @ p["V"] + p["d"])
    h2 = h1 + r
    out = h2 @ p["w"]
    loss = ((out - t) ** 2).sum() / n

    g = {}
    dout = 2 * (out - t) / n
    g["w"] = h2.T @ dout
    dh2 = dout @ p["w"].T
    dr = dh2 * (1 - r ** 2)
    g["V"] = h1.T @ dr
    g["d"] = dr.sum(0)
    dh1 = dh2 + dr @ p["V"].T       # skip connection + block
    dz1 = dh1 * (1 - h1 ** 2)
    g["U"] = x.T @ dz1
    g["c"] = dz1.sum(0)

    for k in p:
        velocity[k] = mu * velocity[k] + g[k]
        p[k] -= lr * velocity[k]
    return loss


for epoch in range(40):
    order = rng.permutation(64)
    total = 0
    for batch in np.split(order, 4):
        total += step(X[batch], y[batch])
    if epoch % 10 == 0:
        print("epoch", epoch, "train loss", total / 4)
