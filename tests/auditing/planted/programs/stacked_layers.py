# My own little deep learning library: layers, a loss and an optimizer
import numpy as np

np.random.seed(17)


class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(1.0 / n_in)
        self.b = np.zeros(n_out)
        self.zero_grad()

    def zero_grad(self):
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW += self.x.T @ grad
        self.db += grad.sum(axis=0)
        return grad @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, grad):
        return grad * self.out * (1 - self.out)


class MSELoss:
    def forward(self, prediction, target):
        self.prediction, self.target = prediction, target
        return np.mean((prediction - target) ** 2)

    def backward(self):
        return 2 * (self.prediction - self.target) / self.target.size


class SGD:
    def __init__(self, layers, lr):
        self.layers = [layer for layer in layers if isinstance(layer, Linear)]
        self.lr = lr

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()

    def step(self):
        for layer in self.layers:
            layer.W -= self.lr * layer.dW
            layer.b -= self.lr * layer.db


layers = [Linear(3, 5), Sigmoid(), Linear(5, 5), ReLU(), Linear(5, 2)]
criterion = MSELoss()
optimizer = SGD(layers, lr=0.2)

X = np.random.randn(50, 3)
Y = np.stack([np.sin(X[:, 0]), X[:, 1] * X[:, 2]], axis=1)

for epoch in range(30):
    optimizer.zero_grad()
    out = X
    for layer in layers:
        out = layer.forward(out)
    loss = criterion.forward(out, Y)
    grad = criterion.backward()
    for layer in reversed(layers):
        grad = layer.backward(grad)
    optimizer.step()
    if epoch % 10 == 0:
        print("epoch", epoch, "loss", loss)
