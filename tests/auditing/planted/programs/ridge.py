"""Ridge regression, course style: one theta with an intercept that is not penalised."""
import numpy as np


def compute_cost(X, y, theta, lam):
    m = len(y)
    errors = X @ theta - y
    return np.sum(errors ** 2) / (2 * m) + lam / (2 * m) * np.sum(theta[1:] ** 2)


def gradient_descent(X, y, theta, alpha, lam, num_iters):
    m = len(y)
    J_history = []
    for i in range(num_iters):
        h = X @ theta
        errors = h - y
        gradient = X.T @ errors / m
        gradient[1:] = gradient[1:] + lam / m * theta[1:]
        theta = theta - alpha * gradient
        J_history.append(compute_cost(X, y, theta, lam))
    return theta, J_history


np.random.seed(42)
features = np.random.randn(50, 3)
y = 1.5 + features @ np.array([[2.0], [-1.0], [0.3]]) + 0.1 * np.random.randn(50, 1)
X = np.hstack([np.ones((50, 1)), features])
theta, J_history = gradient_descent(X, y, np.zeros((4, 1)), alpha=0.1, lam=2.0, num_iters=150)
print("cost:", J_history[-1])
print("theta:", theta.ravel())
