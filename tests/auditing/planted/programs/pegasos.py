"""Linear SVM by stochastic subgradient steps (Pegasos): shrinking rate, decay folded into the update."""
import numpy as np


def objective(w, b, X, y, lam):
    return lam / 2 * np.dot(w, w) + np.mean(np.maximum(0, 1 - y * (X @ w + b)))


def pegasos(X, y, lam=0.05, epochs=8, batch=10, seed=0):
    rng = np.random.RandomState(seed)
    w = rng.randn(X.shape[1]) * 0.1
    b = 0.0
    t = 0
    for epoch in range(epochs):
        for rows in np.array_split(rng.permutation(len(X)), len(X) // batch):
            t += 1
            eta = 1 / (lam * (t + 20))
            xb, yb = X[rows], y[rows]
            loss = objective(w, b, xb, yb, lam)
            violated = yb * (xb @ w + b) < 1
            push = yb[violated] @ xb[violated] / len(rows)
            push_b = np.sum(yb[violated]) / len(rows)
            w = (1 - eta * lam) * w + eta * push
            b = b + eta * push_b
        print("epoch", epoch, "batch objective", loss)
    return w, b


rng = np.random.RandomState(4)
y = np.where(rng.rand(90) < 0.5, -1.0, 1.0)
X = rng.randn(90, 3) + 0.8 * y[:, None] * np.array([1.0, -0.5, 0.3])
w, b = pegasos(X, y)
print("training accuracy", np.mean(np.sign(X @ w + b) == y))
