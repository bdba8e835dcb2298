"""A list of layer objects that update themselves in backward(); softmax head; batch generator."""
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad, lr):
        dW = self.x.T @ grad
        db = grad.sum(axis=0)
        dx = grad @ self.W.T
        self.W -= lr * dW
        self.b -= lr * db
        return dx


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, grad, lr):
        return grad * (self.x > 0)


class SoftmaxCrossEntropy:
    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        self.probs = e / e.sum(axis=1, keepdims=True)
        self.labels = labels
        return -np.mean(np.log(self.probs[np.arange(len(labels)), labels]))

    def backward(self):
        grad = self.probs.copy()
        grad[np.arange(len(self.labels)), self.labels] -= 1
        return grad / len(self.labels)


class Model:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss

    def train_on_batch(self, x, labels, lr):
        out = x
        for layer in self.layers:
            out = layer.forward(out)
        value = self.loss.forward(out, labels)
        grad = self.loss.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad, lr)
        return value


def iterate_minibatches(X, labels, size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start:start + size]
        yield X[rows], labels[rows]


rng = np.random.default_rng(12)
labels = rng.integers(0, 3, size=100)
X = rng.normal(size=(100, 3)) + 1.2 * np.eye(3)[labels]
model = Model([Dense(3, 6, rng), ReLU(), Dense(6, 6, rng), ReLU(), Dense(6, 3, rng)],
              SoftmaxCrossEntropy())
for epoch in range(12):
    for xb, yb in iterate_minibatches(X, labels, 25, rng):
        value = model.train_on_batch(xb, yb, lr=0.1)
    print("epoch", epoch, "loss", round(float(value), 4))
