"""Linear support vector machine, trained by mini-batch gradient descent on the hinge loss."""
import numpy as np


class LinearSVM:
    def __init__(self, learning_rate=0.05, C=0.1, batch_size=20, epochs=15):
        self.learning_rate = learning_rate
        self.C = C
        self.batch_size = batch_size
        self.epochs = epochs
        self.w = None
        self.b = np.zeros(1)
        self.history = []

    def loss(self, X, y):
        margins = y * (np.dot(X, self.w) + self.b)
        hinge = np.maximum(0, 1 - margins)
        return np.mean(hinge) + 0.5 * self.C * np.sum(self.w ** 2)

    def gradients(self, X, y):
        margins = y * (np.dot(X, self.w) + self.b)
        violated = margins < 1
        n = len(y)
        dw = -np.dot(X.T, y * violated) / n + self.C * self.w
        db = -np.sum(y * violated) / n
        return dw, db

    def fit(self, X, y):
        rng = np.random.RandomState(0)
        n, d = X.shape
        self.w = 0.1 * rng.randn(d)
        for epoch in range(self.epochs):
            order = rng.permutation(n)
            X, y = X[order], y[order]
            for start in range(0, n, self.batch_size):
                xb = X[start:start + self.batch_size]
                yb = y[start:start + self.batch_size]
                loss = self.loss(xb, yb)
                self.history.append(loss)
                dw, db = self.gradients(xb, yb)
                self.w -= self.learning_rate * dw
                self.b -= self.learning_rate * db
            print("epoch %2d  loss %.4f" % (epoch, self.history[-1]))
        return self

    def predict(self, X):
        return np.sign(np.dot(X, self.w) + self.b)


rng = np.random.RandomState(33)
X = rng.randn(80, 4)
y = np.where(X[:, 0] - 0.5 * X[:, 2] + 0.4 * rng.randn(80) > 0.1, 1, -1)
svm = LinearSVM().fit(X, y)
print("training accuracy", np.mean(svm.predict(X) == y))
