"""A class with lists of weights: three sigmoid layers, squared error, shuffled minibatches."""
import numpy as np


class Network:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.rng = rng
        self.weights = [rng.normal(size=(a, b)) for a, b in zip(sizes[:-1], sizes[1:])]
        self.biases = [np.zeros(b) for b in sizes[1:]]

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    @staticmethod
    def sigmoid_prime(a):
        return a * (1 - a)

    def forward(self, X):
        self.activations = [X]
        for W, b in zip(self.weights, self.biases):
            z = self.activations[-1] @ W + b
            self.activations.append(self.sigmoid(z))
        return self.activations[-1]

    def backward(self, Y):
        m = len(Y)
        output = self.activations[-1]
        delta = (output - Y) * self.sigmoid_prime(output) / m
        self.dW = [None] * len(self.weights)
        self.db = [None] * len(self.biases)
        for l in range(len(self.weights) - 1, -1, -1):
            self.dW[l] = self.activations[l].T @ delta
            self.db[l] = delta.sum(axis=0)
            if l > 0:
                delta = (delta @ self.weights[l].T) * self.sigmoid_prime(self.activations[l])

    def update(self, learning_rate):
        for l in range(len(self.weights)):
            self.weights[l] -= learning_rate * self.dW[l]
            self.biases[l] -= learning_rate * self.db[l]

    def fit(self, X, Y, epochs, learning_rate, batch_size):
        for epoch in range(epochs):
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                self.forward(X[rows])
                self.backward(Y[rows])
                self.update(learning_rate)
            loss = 0.5 * np.mean(np.sum((self.forward(X) - Y) ** 2, axis=1))
            if epoch % 10 == 0:
                print("epoch", epoch, "loss", loss)


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    X = rng.uniform(-1, 1, size=(96, 3))
    Y = np.stack([np.abs(X[:, 0]), (X[:, 1] * X[:, 2] + 1) / 2], axis=1)
    net = Network([3, 6, 5, 2])
    net.fit(X, Y, epochs=40, learning_rate=2.0, batch_size=16)
