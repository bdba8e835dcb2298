"""Sentiment of short reviews: bag of words, one hidden layer, RMSProp, batches from a generator."""
import numpy as np

rng = np.random.default_rng(31)


def batches(X, y, size):
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        chosen = order[start:start + size]
        yield X[chosen], y[chosen]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class SentimentNet:
    def __init__(self, n_words, n_hidden):
        self.w1 = rng.normal(0.0, 0.4, (n_words, n_hidden))
        self.b1 = np.zeros(n_hidden)
        self.w2 = rng.normal(0.0, 0.4, n_hidden)
        self.b2 = np.zeros(1)
        self.names = ["w1", "b1", "w2", "b2"]
        self.square = {name: np.zeros_like(getattr(self, name)) for name in self.names}

    def forward(self, X):
        self.h = sigmoid(X @ self.w1 + self.b1)
        return sigmoid(self.h @ self.w2 + self.b2)

    def compute_gradients(self, X, y, p):
        error = (p - y) / len(y)
        grads = {}
        grads["w2"] = self.h.T @ error
        grads["b2"] = np.array([error.sum()])
        back = error[:, None] * self.w2
        delta = back * self.h * (1 - self.h)
        grads["w1"] = X.T @ delta
        grads["b1"] = delta.sum(axis=0)
        return grads

    def apply(self, grads, lr=0.02, rho=0.9):
        for name in self.names:
            self.square[name] = rho * self.square[name] + (1 - rho) * grads[name] ** 2
            step = lr * grads[name] / (np.sqrt(self.square[name]) + 1e-7)
            setattr(self, name, getattr(self, name) - step)


vocabulary = ["good", "great", "bad", "awful", "not", "film"]
mood = np.array([1.0, 1.5, -1.0, -1.6, -0.4, 0.0])
X = rng.poisson(0.8, (64, len(vocabulary))).astype(float)
y = (X @ mood + 0.4 * rng.normal(size=64) > 0).astype(float)

net = SentimentNet(len(vocabulary), 5)
for epoch in range(10):
    losses = []
    for xb, yb in batches(X, y, 16):
        p = net.forward(xb)
        losses.append(-np.mean(yb * np.log(p) + (1 - yb) * np.log(1 - p)))
        net.apply(net.compute_gradients(xb, yb, p))
    print("epoch", epoch, "loss %.4f" % np.mean(losses))
