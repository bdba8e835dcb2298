"""Ridge regression by gradient descent (homework 3, question 2)."""
import numpy as np


def load_data():
    rng = np.random.RandomState(10)
    X = rng.randn(60, 4)
    X = np.hstack([X, np.ones((60, 1))])
    theta_true = np.array([[2.0], [-1.0], [0.0], [0.5], [3.0]])
    y = X.dot(theta_true) + 0.2 * rng.randn(60, 1)
    return X, y


def cost_function(X, y, theta, lmbda):
    m = len(y)
    h = X.dot(theta)
    J = 1 / (2 * m) * np.sum((h - y) ** 2) + lmbda / (2 * m) * np.sum(theta[:-1] ** 2)
    return J


def gradient(X, y, theta, lmbda):
    m = len(y)
    h = X.dot(theta)
    reg = lmbda / m * theta
    reg[-1] = 0            # the intercept is not regularised
    return 1 / m * X.T.dot(h - y) + reg


def gradient_descent(X, y, alpha=0.1, lmbda=2.0, eps=1e-4, max_iter=500):
    theta = np.zeros((X.shape[1], 1))
    J_old = cost_function(X, y, theta, lmbda)
    change = 1
    it = 0
    while change > eps and it < max_iter:
        grad = gradient(X, y, theta, lmbda)
        theta = theta - alpha * grad
        J = cost_function(X, y, theta, lmbda)
        change = abs(J_old - J)
        J_old = J
        it += 1
        if it % 10 == 0:
            print("iter", it, "J =", J)
    return theta


X, y = load_data()
theta = gradient_descent(X, y)
print("theta:", theta.ravel())
