from sklearn.datasets import load_iris
import numpy as np


class LinearSVM:
    """One-vs-all linear classifier with the squared hinge loss."""

    def __init__(self, C=1.0, learning_rate=0.05, n_iterations=60, verbose=True):
        self.C = C
        self.learning_rate = learning_rate
        self.n_iterations = n_iterations
        self.verbose = verbose

    def decision_function(self, X):
        return X @ self.W.T + self.b

    def _objective(self, slack):
        return 0.5 * np.sum(self.W ** 2) + self.C * np.mean(np.sum(slack ** 2, axis=1))

    def fit(self, X, y):
        n, d = X.shape
        self.classes_ = np.unique(y)
        k = len(self.classes_)
        T = np.where(y[:, None] == self.classes_[None, :], 1.0, -1.0)
        self.W = np.full((k, d), 0.01)
        self.b = np.zeros(k)
        self.v_W = np.zeros_like(self.W)
        self.v_b = np.zeros_like(self.b)

        for it in range(self.n_iterations):
            margin = T * self.decision_function(X)
            slack = np.maximum(0, 1 - margin)
            if self.verbose and it % 10 == 0:
                print("iteration", it, "objective", round(self._objective(slack), 6))

            dscore = -2 * self.C * slack * T / n
            grad_W = dscore.T @ X + self.W
            grad_b = dscore.sum(axis=0)

            self.v_W = 0.5 * self.v_W + grad_W
            self.v_b = 0.5 * self.v_b + grad_b
            self.W -= self.learning_rate * self.v_W
            self.b -= self.learning_rate * self.v_b
        return self

    def predict(self, X):
        return self.classes_[np.argmax(self.decision_function(X), axis=1)]


X, y = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
svm = LinearSVM().fit(X, y)
print("training accuracy", np.mean(svm.predict(X) == y))
