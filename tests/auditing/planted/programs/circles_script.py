import numpy as np


def make_circles(n, rng):
    angle = rng.uniform(0, 2 * np.pi, n)
    label = rng.integers(0, 2, n)
    radius = np.where(label == 1, 0.5, 1.2) + 0.1 * rng.normal(size=n)
    return np.c_[radius * np.cos(angle), radius * np.sin(angle)], label.reshape(-1, 1)


rng = np.random.default_rng(0)
X, y = make_circles(160, rng)

W1 = rng.normal(0, 0.8, (2, 8))
b1 = np.zeros(8)
W2 = rng.normal(0, 0.5, (8, 8))
b2 = np.zeros(8)
W3 = rng.normal(0, 0.5, (8, 1))
b3 = np.zeros(1)

lr = 0.3
batch = 32
for epoch in range(20):
    perm = rng.permutation(len(X))
    total = 0
    for i in range(0, len(X), batch):
        xb = X[perm[i:i + batch]]
        yb = y[perm[i:i + batch]]

        z1 = xb @ W1 + b1
        a1 = np.maximum(z1, 0)
        z2 = a1 @ W2 + b2
        a2 = np.maximum(z2, 0)
        z3 = a2 @ W3 + b3
        p = 1 / (1 + np.exp(-z3))
        loss = -np.mean(yb * np.log(p + 1e-9) + (1 - yb) * np.log(1 - p + 1e-9))
        total += loss * len(xb)

        dz3 = (p - yb) / len(xb)
        dW3 = a2.T @ dz3
        db3 = dz3.sum(axis=0)
        da2 = dz3 @ W3.T
        dz2 = da2 * (z2 > 0)
        dW2 = a1.T @ dz2
        db2 = dz2.sum(axis=0)
        da1 = dz2 @ W2.T
        dz1 = da1 * (z1 > 0)
        dW1 = xb.T @ dz1
        db1 = dz1.sum(axis=0)

        W3 -= lr * dW3
        b3 -= lr * db3
        W2 -= lr * dW2
        b2 -= lr * db2
        W1 -= lr * dW1
        b1 -= lr * db1
    print('epoch %d loss %.4f' % (epoch, total / len(X)))
