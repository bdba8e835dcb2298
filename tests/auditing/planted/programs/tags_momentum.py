"""Multi-label tagging: one hidden layer, sigmoid outputs, SGD with momentum and weight decay."""
import numpy as np


class MLP:
    def __init__(self, n_in, n_hidden, n_out, seed=13):
        rng = np.random.default_rng(seed)
        self.params = {
            "W1": rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_hidden)),
            "b1": np.zeros((1, n_hidden)),
            "W2": rng.normal(0, 1 / np.sqrt(n_hidden), (n_hidden, n_out)),
            "b2": np.zeros((1, n_out)),
        }
        self.velocity = {k: np.zeros_like(p) for k, p in self.params.items()}
        self.grads = {}

    @staticmethod
    def softplus(z):
        return np.log(1 + np.exp(z))

    def forward(self, X):
        p = self.params
        self.X = X
        self.z1 = X @ p["W1"] + p["b1"]
        self.a1 = self.softplus(self.z1)
        self.z2 = self.a1 @ p["W2"] + p["b2"]
        self.out = 1 / (1 + np.exp(-self.z2))
        return self.out

    def loss(self, T, decay):
        bce = -(T * np.log(self.out) + (1 - T) * np.log(1 - self.out)).sum(axis=1).mean()
        weights = (self.params["W1"] ** 2).sum() + (self.params["W2"] ** 2).sum()
        return bce + decay / 2 * weights

    def backward(self, T, decay):
        p, g = self.params, self.grads
        d2 = (self.out - T) / len(T)
        g["W2"] = self.a1.T @ d2 + decay * p["W2"]
        g["b2"] = d2.sum(axis=0, keepdims=True)
        d1 = (d2 @ p["W2"].T) / (1 + np.exp(-self.z1))
        g["W1"] = self.X.T @ d1 + decay * p["W1"]
        g["b1"] = d1.sum(axis=0, keepdims=True)

    def update(self, lr, momentum):
        for k in self.params:
            self.velocity[k] = momentum * self.velocity[k] - lr * self.grads[k]
            self.params[k] += self.velocity[k]


rng = np.random.default_rng(40)
X = rng.normal(size=(60, 5))
T = (X @ rng.normal(size=(5, 3)) + 0.3 * rng.normal(size=(60, 3)) > 0).astype(float)

model = MLP(5, 6, 3)
for epoch in range(10):
    running = 0.0
    for i in range(0, 60, 15):
        model.forward(X[i:i + 15])
        running += model.loss(T[i:i + 15], decay=0.01)
        model.backward(T[i:i + 15], decay=0.01)
        model.update(lr=0.1, momentum=0.9)
    print(f"epoch {epoch + 1}: loss = {running / 4:.4f}")
