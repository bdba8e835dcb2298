"""fit() of a class: logistic regression, flat arrays, a while loop until the loss stands still."""
import numpy as np


class LogisticRegression:
    def __init__(self, lr=0.5, tol=1e-6, max_iter=500):
        self.lr = lr
        self.tol = tol
        self.max_iter = max_iter

    @staticmethod
    def _sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    def fit(self, X, y):
        n, d = X.shape
        self.w = np.full(d, 0.1)
        self.b = 0.0
        self.n_iter = 0
        change, previous = np.inf, np.inf
        while change > self.tol and self.n_iter < self.max_iter:
            p = self._sigmoid(X @ self.w + self.b)
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
            error = p - y
            dw = X.T @ error / n
            db = error.mean()
            self.w = self.w - self.lr * dw
            self.b = self.b - self.lr * db
            change = abs(previous - loss)
            previous = loss
            self.n_iter += 1
        print("stopped after", self.n_iter, "iterations at", loss)
        return self

    def predict(self, X):
        return (self._sigmoid(X @ self.w + self.b) > 0.5).astype(int)


rng = np.random.default_rng(21)
X = rng.normal(size=(90, 4))
y = (X @ np.array([1.0, -2.0, 0.5, 0.0]) + 0.8 * rng.normal(size=90) > 0.3).astype(float)
model = LogisticRegression().fit(X, y)
print("accuracy", np.mean(model.predict(X) == y))
