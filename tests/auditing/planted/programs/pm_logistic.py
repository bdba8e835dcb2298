"""Logistic regression with labels -1 and +1: a while loop that stops when the cost stands still."""
import numpy as np
from sklearn.datasets import make_classification

X, labels = make_classification(n_samples=90, n_features=4, n_informative=3, n_redundant=0,
                                random_state=5)
t = 2 * labels - 1          # {0, 1} -> {-1, +1}
N, D = X.shape

w = np.zeros(D)
bias = 0.1 * np.ones(1)
eta = 0.2
lam = 0.01
tol = 1e-4
max_iter = 300


def cost_function(w, bias):
    margins = t * (X @ w + bias)
    return np.log1p(np.exp(-margins)).mean() + lam / 2 * w @ w


def gradient(w, bias):
    margins = t * (X @ w + bias)
    s = -t / (1 + np.exp(margins))
    gw = X.T @ s / N + lam * w
    gb = s.sum() / N
    return gw, gb


costs = [cost_function(w, bias)]
k = 0
converged = False
while not converged and k < max_iter:
    gw, gb = gradient(w, bias)
    w = w - eta * gw
    bias = bias - eta * gb
    costs.append(cost_function(w, bias))
    converged = abs(costs[-1] - costs[-2]) < tol
    k += 1
    if k % 10 == 0:
        print("iter", k, "cost", costs[-1])
print("stopped after", k, "iterations, cost", costs[-1])
