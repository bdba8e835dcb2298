"""Classes of unequal size: weighted cross-entropy, relu, self.params["W1"], batch generator."""
import numpy as np


class Classifier:
    def __init__(self, n_features, n_hidden, seed=3):
        rng = np.random.default_rng(seed)
        self.params = {
            "W1": rng.normal(size=(n_features, n_hidden)) * np.sqrt(2 / n_features),
            "b1": np.full((1, n_hidden), 0.1),
            "W2": rng.normal(size=(n_hidden, 1)) * np.sqrt(1 / n_hidden),
            "b2": np.zeros((1, 1)),
        }
        self.grads = {}

    def forward(self, X):
        self.X = X
        self.Z1 = X @ self.params["W1"] + self.params["b1"]
        self.A1 = np.maximum(self.Z1, 0)
        self.A2 = 1 / (1 + np.exp(-(self.A1 @ self.params["W2"] + self.params["b2"])))
        return self.A2

    def loss(self, y, weights):
        losses = -(y * np.log(self.A2) + (1 - y) * np.log(1 - self.A2))
        return np.mean(weights * losses)

    def backward(self, y, weights):
        dZ2 = weights * (self.A2 - y) / len(y)
        self.grads["W2"] = self.A1.T @ dZ2
        self.grads["b2"] = dZ2.sum(axis=0, keepdims=True)
        dA1 = dZ2 @ self.params["W2"].T
        dZ1 = dA1 * (self.Z1 > 0)
        self.grads["W1"] = self.X.T @ dZ1
        self.grads["b1"] = dZ1.sum(axis=0, keepdims=True)

    def update(self, lr):
        for key in self.params:
            self.params[key] -= lr * self.grads[key]


def batches(X, y, weights, size):
    for i in range(0, len(X), size):
        yield X[i:i + size], y[i:i + size], weights[i:i + size]


rng = np.random.default_rng(19)
X = rng.normal(size=(96, 4))
y = (X[:, :1] + X[:, 1:2] ** 2 > 2.0).astype(float)
weights = np.where(y == 1, len(y) / y.sum(), 1.0)
net = Classifier(4, 6)
for epoch in range(15):
    for xb, yb, wb in batches(X, y, weights, 16):
        net.forward(xb)
        cost = net.loss(yb, wb)
        net.backward(yb, wb)
        net.update(0.05)
    print(f"epoch {epoch}: weighted cross-entropy {cost:.4f}")
