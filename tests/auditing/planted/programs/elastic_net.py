"""Elastic net by (sub)gradient descent, in the shape of a small regression library."""
import numpy as np


class ElasticPenalty:
    def __init__(self, alpha, l1_ratio=0.5):
        self.alpha = alpha
        self.l1_ratio = l1_ratio

    def __call__(self, w):
        l1 = self.l1_ratio * np.abs(w).sum()
        l2 = (1 - self.l1_ratio) * 0.5 * w.T.dot(w)
        return self.alpha * (l1 + l2)

    def grad(self, w):
        l1 = self.l1_ratio * np.sign(w)
        l2 = (1 - self.l1_ratio) * w
        return self.alpha * (l1 + l2)


class Regression:
    def __init__(self, penalty, n_iterations=150, learning_rate=0.05):
        self.penalty = penalty
        self.n_iterations = n_iterations
        self.learning_rate = learning_rate

    def initialize_weights(self, n_features):
        limit = 1 / np.sqrt(n_features)
        self.w = np.random.uniform(-limit, limit, n_features)

    def fit(self, X, y):
        X = np.insert(X, 0, 1, axis=1)
        self.training_errors = []
        self.initialize_weights(X.shape[1])
        for i in range(self.n_iterations):
            y_pred = X.dot(self.w)
            objective = np.mean(0.5 * (y - y_pred) ** 2) + self.penalty(self.w)
            self.training_errors.append(objective)
            grad_w = -(y - y_pred).dot(X) / len(y) + self.penalty.grad(self.w)
            self.w -= self.learning_rate * grad_w
        return self


np.random.seed(9)
X = np.random.randn(60, 4)
y = X @ np.array([1.5, 0.0, -2.0, 0.3]) + 0.7 + 0.2 * np.random.randn(60)
model = Regression(ElasticPenalty(alpha=0.1)).fit(X, y)
for i, error in enumerate(model.training_errors):
    if i % 50 == 0:
        print("iteration", i, "objective", error)
