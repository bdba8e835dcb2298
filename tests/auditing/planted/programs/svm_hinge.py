"""Linear support vector machine: labels −1 and 1, hinge loss, L2 penalty, shuffled batches."""
import numpy as np


def svm(X, y, lam=0.05, lr=0.1, epochs=15, batch_size=20, seed=0):
    rng = np.random.default_rng(seed)
    n, d = X.shape
    w = rng.normal(size=d) * 0.3
    b = 0.0
    for epoch in range(epochs):
        idx = rng.permutation(n)
        for s in range(0, n, batch_size):
            xi, yi = X[idx[s:s + batch_size]], y[idx[s:s + batch_size]]
            margins = yi * (xi @ w + b)
            hinge = np.maximum(0, 1 - margins)
            obj = hinge.mean() + 0.5 * lam * np.dot(w, w)
            active = np.where(margins < 1, -yi, 0.0)
            grad_w = xi.T @ active / len(yi) + lam * w
            grad_b = active.mean()
            w -= lr * grad_w
            b -= lr * grad_b
        print("epoch", epoch, "objective", obj)
    return w, b


data = np.random.default_rng(4)
X = data.normal(size=(100, 4))
y = np.where(X[:, 0] - 0.5 * X[:, 1] + 0.4 * data.normal(size=100) > 0.2, 1.0, -1.0)
w, b = svm(X, y)
