"""Polynomial regression with an L1 penalty; examples are columns, theta a row; decayed rate."""
import numpy as np


def polynomial(x, degree):
    powers = np.arange(1, degree + 1)[:, None]
    return x[None, :] ** powers


def cost_and_grad(theta, theta0, X, Y, lam):
    m = X.shape[1]
    H = np.dot(theta, X) + theta0
    diff = H - Y
    J = np.sum(diff ** 2) / (2 * m) + lam * np.sum(np.abs(theta))
    grad = np.dot(diff, X.T) / m
    grad = grad + lam * np.sign(theta)
    grad0 = np.sum(diff) / m
    return J, grad, grad0


def gradient_descent(X, Y, alpha0=0.3, lam=0.01, iterations=150):
    theta = np.array([[0.3, -0.2, 0.1, 0.2]])
    theta0 = np.zeros((1, 1))
    history = []
    for it in range(iterations):
        J, grad, grad0 = cost_and_grad(theta, theta0, X, Y, lam)
        alpha = alpha0 / (1 + 0.01 * it)
        theta = theta - alpha * grad
        theta0 = theta0 - alpha * grad0
        history.append(J)
        if it % 30 == 0:
            print(f"{it:4d}  J = {J:.5f}")
    return theta, theta0, history


rng = np.random.default_rng(10)
x = rng.uniform(-1, 1, 60)
noise = 0.1 * rng.normal(size=60)
Y = (1 - 2 * x + 3 * x ** 3 + noise).reshape(1, -1)
gradient_descent(polynomial(x, 4), Y)
