"""A small network that keeps its best weights and a running average of all weights."""
import numpy as np


def loss_fn(theta, X, y):
    W1, b1, w2 = theta
    return np.mean((np.tanh(X @ W1 + b1) @ w2 - y) ** 2)


def grad_fn(theta, X, y):
    W1, b1, w2 = theta
    H = np.tanh(X @ W1 + b1)
    r = 2 * (H @ w2 - y) / len(y)
    dH = r @ w2.T * (1 - H ** 2)
    return [X.T @ dH, dH.sum(axis=0), H.T @ r]


rng = np.random.default_rng(23)
X = rng.normal(size=(100, 3))
y = np.maximum(X[:, :1], 0) - 0.5 * X[:, 1:2]
X_train, y_train, X_val, y_val = X[:75], y[:75], X[75:], y[75:]

theta = [rng.normal(size=(3, 6)) / 2, np.zeros(6), rng.normal(size=(6, 1)) / 2]
average = [p.copy() for p in theta]
best_theta, best_val = None, np.inf
for epoch in range(80):
    warmup = min(1.0, (epoch + 1) / 10)
    grads = grad_fn(theta, X_train, y_train)
    theta = [p - 0.2 * warmup * g for p, g in zip(theta, grads)]
    average = [0.95 * a + 0.05 * p for a, p in zip(average, theta)]
    val = loss_fn(average, X_val, y_val)
    if val < best_val:
        best_val = val
        best_theta = [a.copy() for a in average]
    if epoch % 20 == 0:
        print(f"epoch {epoch}: train {loss_fn(theta, X_train, y_train):.4f}, val of the average {val:.4f}")
print("best", best_val)
