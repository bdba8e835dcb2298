"""Robust regression: one hidden layer, Huber loss, train until the loss stops falling."""
import numpy as np

rng = np.random.default_rng(2)

n = 56
X = rng.uniform(-2, 2, size=(n, 2))
y = np.sin(X[:, 0]) + 0.5 * X[:, 1] + 0.1 * rng.standard_normal(n)
y[::9] += 4  # a few outliers


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def huber(residual, delta=1.0):
    small = np.abs(residual) <= delta
    return np.where(small, 0.5 * residual ** 2, delta * (np.abs(residual) - 0.5 * delta))


def huber_slope(residual, delta=1.0):
    return np.clip(residual, -delta, delta)


W = rng.standard_normal((2, 7))
c = rng.standard_normal(7)
v = rng.standard_normal(7)
d = np.zeros(1)

rate = 0.3
previous = np.inf
step = 0
while step < 60:
    hidden = sigmoid(X @ W + c)
    output = hidden @ v + d
    residual = output - y
    loss = huber(residual).mean()

    g_out = huber_slope(residual) / n
    g_v = hidden.T @ g_out
    g_d = g_out.sum()
    g_hidden = np.outer(g_out, v) * hidden * (1 - hidden)
    g_W = X.T @ g_hidden
    g_c = g_hidden.sum(axis=0)

    W = W - rate * g_W
    c = c - rate * g_c
    v = v - rate * g_v
    d = d - rate * g_d

    if step % 20 == 0:
        print(f"{step:4d} {loss:.6f}")
    if abs(previous - loss) < 1e-7:
        break
    previous = loss
    step += 1
print("outliers seen:", int((np.abs(residual) > 1).sum()))
