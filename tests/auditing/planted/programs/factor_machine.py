"""A factorization machine for regression, vectorised, with fit and predict and penalties on w and V."""
import numpy as np


class FactorizationMachine:
    def __init__(self, n_factors=3, learning_rate=0.05, reg_w=0.01, reg_v=0.02, n_epochs=20, batch_size=16, seed=0):
        self.n_factors = n_factors
        self.learning_rate = learning_rate
        self.reg_w = reg_w
        self.reg_v = reg_v
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.rng = np.random.default_rng(seed)

    def _predict(self, X):
        linear = X.dot(self.w)
        XV = X.dot(self.V)
        interactions = 0.5 * np.sum(XV ** 2 - (X ** 2).dot(self.V ** 2), axis=1)
        return self.w0 + linear + interactions

    def _loss(self, X, y):
        residual = self._predict(X) - y
        mse = 0.5 * np.mean(residual ** 2)
        return mse + 0.5 * self.reg_w * np.sum(self.w ** 2) + 0.5 * self.reg_v * np.sum(self.V ** 2)

    def _gradients(self, X, y):
        n = X.shape[0]
        residual = self._predict(X) - y
        g_w0 = np.sum(residual) / n
        g_w = X.T.dot(residual) / n + self.reg_w * self.w
        XV = X.dot(self.V)
        g_V = X.T.dot(residual[:, None] * XV) / n
        g_V -= (X ** 2).T.dot(residual)[:, None] * self.V / n
        g_V += self.reg_v * self.V
        return g_w0, g_w, g_V

    def fit(self, X, y):
        n, d = X.shape
        self.w0 = np.zeros(1)
        self.w = np.zeros(d)
        self.V = self.rng.normal(scale=0.3, size=(d, self.n_factors))
        for epoch in range(self.n_epochs):
            order = self.rng.permutation(n)
            for start in range(0, n, self.batch_size):
                batch = order[start:start + self.batch_size]
                loss = self._loss(X[batch], y[batch])
                g_w0, g_w, g_V = self._gradients(X[batch], y[batch])
                self.w0 -= self.learning_rate * g_w0
                self.w -= self.learning_rate * g_w
                self.V -= self.learning_rate * g_V
            if (epoch + 1) % 5 == 0:
                print("epoch {:3d} - loss: {:.4f}".format(epoch + 1, loss))
        return self

    def predict(self, X):
        return self._predict(X)


rng = np.random.default_rng(8)
X = rng.normal(size=(96, 5))
y = 1.0 + X[:, 0] - 0.5 * X[:, 3] + 0.8 * X[:, 1] * X[:, 2] + 0.1 * rng.normal(size=96)
fm = FactorizationMachine().fit(X, y)
print("R2: {:.3f}".format(1 - np.mean((y - fm.predict(X)) ** 2) / np.var(y)))
