"""Quantile regression by subgradient descent, and a plain Python list of the losses."""
import numpy as np


def pinball_loss(y, q_hat, tau):
    u = y - q_hat
    return np.mean(np.maximum(tau * u, (tau - 1) * u))


class QuantileRegressor:
    def __init__(self, tau=0.8, lr=0.05, max_iter=200, batch_size=16, seed=0):
        self.tau = tau
        self.lr = lr
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.rng = np.random.RandomState(seed)

    def fit(self, X, y):
        n, d = X.shape
        self.beta = np.zeros(d)
        self.beta0 = np.array(y.mean())
        self.losses = []
        for it in range(self.max_iter):
            pick = self.rng.choice(n, self.batch_size, replace=False)
            Xb, yb = X[pick], y[pick]
            q_hat = Xb @ self.beta + self.beta0
            u = yb - q_hat
            g = np.where(u > 0, -self.tau, 1 - self.tau) / len(yb)
            self.beta = self.beta - self.lr * (Xb.T @ g)
            self.beta0 = self.beta0 - self.lr * g.sum()
            self.losses.append(pinball_loss(yb, q_hat, self.tau))
            if it % 50 == 0:
                print("iter", it, "pinball", self.losses[-1])
        return self


rng = np.random.RandomState(1)
X = rng.uniform(0, 2, (80, 2))
y = 1 + X @ [1.0, -0.5] + (0.2 + 0.3 * X[:, 0]) * rng.randn(80)
model = QuantileRegressor().fit(X, y)
print(model.beta, model.beta0)
