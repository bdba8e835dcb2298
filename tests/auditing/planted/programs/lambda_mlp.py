"""Activations and their derivatives in a dict of lambdas; columns; one class, plain gradient descent."""
import numpy as np

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a ** 2),
    "softplus": (lambda z: np.log1p(np.exp(z)), lambda a: 1 - np.exp(-a)),
}


class MLP:
    def __init__(self, layout, activations, seed=0):
        rng = np.random.RandomState(seed)
        self.W = [rng.randn(o, i) / np.sqrt(i) for i, o in zip(layout, layout[1:])]
        self.B = [np.zeros((o, 1)) for o in layout[1:]]
        self.act = [ACTIVATIONS[name] for name in activations]

    def forward(self, X):
        self.A = [X]
        for W, B, (f, _) in zip(self.W, self.B, self.act):
            self.A.append(f(W @ self.A[-1] + B))
        return self.A[-1]

    def backward(self, Y):
        m = Y.shape[1]
        self.dW, self.dB = [], []
        dA = 2 * (self.A[-1] - Y) / m
        for k in range(len(self.W) - 1, -1, -1):
            _, f_prime = self.act[k]
            dZ = dA * f_prime(self.A[k + 1])
            self.dW.append(dZ @ self.A[k].T)
            self.dB.append(dZ.sum(axis=1, keepdims=True))
            dA = self.W[k].T @ dZ
        self.dW.reverse()
        self.dB.reverse()

    def descend(self, alpha):
        for k in range(len(self.W)):
            self.W[k] = self.W[k] - alpha * self.dW[k]
            self.B[k] = self.B[k] - alpha * self.dB[k]

    def train(self, X, Y, epochs, alpha):
        costs = []
        for e in range(epochs):
            Y_hat = self.forward(X)
            costs.append(np.mean(np.sum((Y_hat - Y) ** 2, axis=0)))
            self.backward(Y)
            self.descend(alpha)
            if e % 50 == 0:
                print("Epoch", e, "- cost:", costs[-1])
        return costs


rng = np.random.RandomState(3)
X = rng.uniform(-1, 1, (3, 70))
Y = np.vstack([X[0] * X[1] > 0, X[2] > X[0]]).astype(float)
nn = MLP([3, 5, 5, 2], ["tanh", "softplus", "sigmoid"])
nn.train(X, Y, epochs=200, alpha=0.8)
