"""Logistic regression from scratch: weights as a column, rebinding updates."""
import numpy as np


class LogisticRegression:
    def __init__(self, learning_rate=0.1, n_iters=150):
        self.lr = learning_rate
        self.n_iters = n_iters
        self.weights = None
        self.bias = None

    def fit(self, X, y):
        n_samples, n_features = X.shape
        self.weights = np.zeros((n_features, 1))
        self.bias = 0

        # gradient descent
        for i in range(self.n_iters):
            linear_model = np.dot(X, self.weights) + self.bias
            y_predicted = self._sigmoid(linear_model)

            dw = (1 / n_samples) * np.dot(X.T, (y_predicted - y))
            db = (1 / n_samples) * np.sum(y_predicted - y)

            self.weights = self.weights - self.lr * dw
            self.bias = self.bias - self.lr * db

            if i % 50 == 0:
                print("iteration", i, "loss", self._loss(y, y_predicted))

    def _loss(self, y, p):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def _sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def predict(self, X):
        return (self._sigmoid(np.dot(X, self.weights) + self.bias) > 0.5).astype(int)


np.random.seed(6)
X = np.random.randn(100, 3)
y = ((X @ np.array([2.0, -1.0, 0.5]) + 0.3 * np.random.randn(100)) > 0).astype(int)
y = y.reshape(-1, 1)
clf = LogisticRegression()
clf.fit(X, y)
print("accuracy:", np.mean(clf.predict(X) == y))
