"""Radial basis functions with trained centres, by full-batch gradient descent."""
import numpy as np


class RBFNet:
    def __init__(self, n_centres, dim, width, rng):
        self.centres = rng.uniform(-1, 1, (n_centres, dim))
        self.weights = rng.normal(0, 0.5, n_centres)
        self.offset = np.zeros(1)
        self.width = width

    def basis(self, X):
        self.diff = X[:, None, :] - self.centres[None, :, :]          # (N, K, d)
        sq = np.sum(self.diff ** 2, axis=2)
        return np.exp(-sq / (2 * self.width ** 2))                     # (N, K)

    def predict(self, X):
        self.phi = self.basis(X)
        return self.phi @ self.weights + self.offset

    def loss_gradients(self, X, y):
        residual = self.predict(X) - y
        loss = 0.5 * np.mean(residual ** 2)
        d_out = residual / len(y)
        d_weights = self.phi.T @ d_out
        d_offset = d_out.sum()
        d_phi = d_out[:, None] * self.weights
        d_sq = d_phi * self.phi / self.width ** 2
        d_centres = np.sum(d_sq[:, :, None] * self.diff, axis=0)
        return loss, {"weights": d_weights, "offset": d_offset, "centres": d_centres}


def fit(net, X, y, rate=0.3, rounds=120):
    for k in range(rounds):
        loss, gradients = net.loss_gradients(X, y)
        net.weights -= rate * gradients["weights"]
        net.offset -= rate * gradients["offset"]
        net.centres -= rate * gradients["centres"]
        if k % 30 == 0:
            print(f"round {k}: half mse {loss:.4f}")


rng = np.random.default_rng(77)
X = rng.uniform(-1, 1, (70, 2))
y = np.sin(3 * X[:, 0]) * np.cos(2 * X[:, 1])
fit(RBFNet(6, 2, 0.6, rng), X, y)
