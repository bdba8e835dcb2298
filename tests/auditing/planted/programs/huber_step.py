"""A pure function step(theta) that gives the next tuple of parameters; Huber loss, tanh."""
import numpy as np

DELTA = 0.5


def predict(theta, X):
    W1, b1, W2, b2 = theta
    hidden = np.tanh(X @ W1 + b1)
    return hidden, hidden @ W2 + b2


def huber(error):
    small = np.abs(error) <= DELTA
    return np.where(small, 0.5 * error ** 2, DELTA * (np.abs(error) - 0.5 * DELTA))


def step(theta, X, y, lr):
    W1, b1, W2, b2 = theta
    hidden, out = predict(theta, X)
    error = out - y
    cost = huber(error).mean()
    d_out = np.clip(error, -DELTA, DELTA) / len(y)
    d_W2 = hidden.T @ d_out
    d_b2 = d_out.sum(axis=0)
    d_hidden = (d_out @ W2.T) * (1 - hidden ** 2)
    d_W1 = X.T @ d_hidden
    d_b1 = d_hidden.sum(axis=0)
    return (W1 - lr * d_W1, b1 - lr * d_b1, W2 - lr * d_W2, b2 - lr * d_b2), cost


rng = np.random.default_rng(30)
X = rng.normal(size=(50, 2))
y = (X[:, :1] ** 2 - X[:, 1:]) + 0.1 * rng.standard_t(2, size=(50, 1))
theta = (rng.normal(size=(2, 6)), np.zeros(6), rng.normal(size=(6, 1)) * 0.4, np.zeros(1))
for i in range(200):
    theta, cost = step(theta, X, y, lr=0.3)
    if i % 50 == 0:
        print("step", i, "huber", cost)
