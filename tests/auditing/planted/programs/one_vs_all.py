"""One-vs-all regularised logistic regression (course exercise): one theta for each class."""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lr_cost_function(theta, X, y, lambda_):
    m = y.size
    h = sigmoid(X @ theta)
    J = (1 / m) * np.sum(-y * np.log(h) - (1 - y) * np.log(1 - h))
    J += (lambda_ / (2 * m)) * np.sum(theta[1:] ** 2)
    temp = theta.copy()
    temp[0] = 0        # because we don't penalise theta[0]
    grad = (1 / m) * X.T @ (h - y)
    grad = grad + (lambda_ / m) * temp
    return J, grad


def gradient_descent(X, y, lambda_, alpha=1.0, num_iters=80):
    theta = np.zeros(X.shape[1])
    J = 0
    for it in range(num_iters):
        J, grad = lr_cost_function(theta, X, y, lambda_)
        theta = theta - alpha * grad
    return theta, J


def one_vs_all(X, y, num_labels, lambda_):
    m, n = X.shape
    all_theta = np.zeros((num_labels, n + 1))
    X = np.concatenate([np.ones((m, 1)), X], axis=1)
    for c in range(num_labels):
        all_theta[c], J = gradient_descent(X, (y == c).astype(float), lambda_)
        print("class", c, "final cost", J)
    return all_theta


rng = np.random.default_rng(8)
y = rng.integers(0, 3, 90)
X = np.array([[1, 0.5], [-1, 1], [0, -1.2]])[y] + 0.6 * rng.normal(size=(90, 2))
all_theta = one_vs_all(X, y, 3, lambda_=0.5)
