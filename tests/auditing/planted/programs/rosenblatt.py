"""The perceptron rule: weights move only on mistakes; the number of mistakes is printed."""
import numpy as np


class Perceptron:
    def __init__(self, eta=0.1, n_iter=10):
        self.eta = eta
        self.n_iter = n_iter

    def fit(self, X, y):
        self.w_ = np.zeros(1 + X.shape[1])
        self.errors_ = []
        for _ in range(self.n_iter):
            errors = 0
            for xi, target in zip(X, y):
                update = self.eta * (target - self.predict(xi))
                self.w_[1:] += update * xi
                self.w_[0] += update
                errors += int(update != 0.0)
            self.errors_.append(errors)
            print("mistakes:", errors)
        return self

    def net_input(self, X):
        return np.dot(X, self.w_[1:]) + self.w_[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1, -1)


rng = np.random.RandomState(1)
y = np.where(rng.rand(60) < 0.5, -1, 1)
X = rng.randn(60, 2) + y[:, None] * np.array([0.8, -0.6])
Perceptron().fit(X, y)
