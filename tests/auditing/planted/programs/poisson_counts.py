"""Poisson regression of counts: a class whose train_step() is called from a for loop."""
import numpy as np


class PoissonRegressor:
    def __init__(self, n_features):
        self.coef = np.zeros(n_features)
        self.intercept = 0.0

    def predict(self, X):
        return np.exp(X @ self.coef + self.intercept)

    def loss(self, X, counts):
        rate = self.predict(X)
        return np.mean(rate - counts * np.log(rate))

    def train_step(self, X, counts, lr):
        rate = self.predict(X)
        error = (rate - counts) / len(counts)
        grad_coef = error @ X
        grad_intercept = np.sum(error)
        self.coef = self.coef - lr * grad_coef
        self.intercept = self.intercept - lr * grad_intercept


rng = np.random.default_rng(6)
X = rng.normal(size=(80, 3)) * 0.6
counts = rng.poisson(np.exp(X @ np.array([0.8, -0.5, 0.2]) + 0.4)).astype(float)
model = PoissonRegressor(3)
for iteration in range(200):
    model.train_step(X, counts, lr=0.1)
    if iteration % 50 == 0:
        print("deviance-like loss:", model.loss(X, counts))
