import numpy as np


class RobustRegressor:
    """One hidden softplus layer, trained on the Huber loss until it no longer improves."""

    def __init__(self, n_hidden=6, delta=1.0, lr=0.05, max_iter=60, tol=1e-5):
        self.n_hidden = n_hidden
        self.delta = delta
        self.lr = lr
        self.max_iter = max_iter
        self.tol = tol

    def _softplus(self, z):
        return np.log1p(np.exp(z))

    def _sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def _forward(self, X):
        self.z = X @ self.coef_hidden + self.bias_hidden
        self.h = self._softplus(self.z)
        return self.h @ self.coef_out + self.bias_out

    def _huber(self, r):
        small = np.abs(r) <= self.delta
        return np.where(small, 0.5 * r ** 2, self.delta * (np.abs(r) - 0.5 * self.delta)).mean()

    def fit(self, X, y):
        rng = np.random.default_rng(21)
        n_samples, n_features = X.shape
        self.coef_hidden = rng.standard_normal((n_features, self.n_hidden)).astype(np.float32)
        self.bias_hidden = np.zeros(self.n_hidden, dtype=np.float32)
        self.coef_out = rng.standard_normal(self.n_hidden).astype(np.float32)
        self.bias_out = np.zeros(1, dtype=np.float32)

        self.history_ = []
        previous = np.inf
        iteration = 0
        while iteration < self.max_iter:
            residual = self._forward(X) - y
            cost = self._huber(residual)
            self.history_.append(cost)
            if previous - cost < self.tol and iteration > 10:
                break
            previous = cost

            # gradient of the Huber loss: the residual, clipped
            g = np.clip(residual, -self.delta, self.delta) / n_samples
            grad_coef_out = self.h.T @ g
            grad_bias_out = g.sum()
            g_hidden = np.outer(g, self.coef_out) * self._sigmoid(self.z)
            grad_coef_hidden = X.T @ g_hidden
            grad_bias_hidden = g_hidden.sum(axis=0)

            self.coef_out -= self.lr * grad_coef_out
            self.bias_out -= self.lr * grad_bias_out
            self.coef_hidden -= self.lr * grad_coef_hidden
            self.bias_hidden -= self.lr * grad_bias_hidden
            iteration += 1
        return self

    def predict(self, X):
        return self._forward(X)


# a bumpy curve in two variables, a few wild outliers
rng = np.random.default_rng(4)
X = rng.uniform(-2, 2, size=(80, 2)).astype(np.float32)
y = (X[:, 0] ** 2 - 0.5 * X[:, 1] + rng.normal(0, 0.1, 80)).astype(np.float32)
y[::13] += 8

reg = RobustRegressor().fit(X, y)
for k, cost in enumerate(reg.history_):
    if k % 15 == 0:
        print(k, round(float(cost), 5))
print("median absolute error:", np.median(np.abs(reg.predict(X) - y)))
