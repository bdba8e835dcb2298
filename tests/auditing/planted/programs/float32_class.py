"""A class in float32: three layers in columns, tanh, tanh, identity, mean squared error."""
import numpy as np


class Net:
    def __init__(self, n, h, k, seed=2):
        r = np.random.RandomState(seed)
        self.W1 = (r.randn(h, n) / np.sqrt(n)).astype(np.float32)
        self.b1 = np.zeros((h, 1), dtype=np.float32)
        self.W2 = (r.randn(h, h) / np.sqrt(h)).astype(np.float32)
        self.b2 = np.zeros((h, 1), dtype=np.float32)
        self.W3 = (r.randn(k, h) / np.sqrt(h)).astype(np.float32)
        self.b3 = np.zeros((k, 1), dtype=np.float32)

    def forward(self, X):
        self.X = X
        self.A1 = np.tanh(self.W1 @ X + self.b1)
        self.A2 = np.tanh(self.W2 @ self.A1 + self.b2)
        self.out = self.W3 @ self.A2 + self.b3
        return self.out

    def backward(self, Y):
        self.d3 = 2 * (self.out - Y) / Y.size
        self.dW3 = self.d3 @ self.A2.T
        self.db3 = self.d3.sum(axis=1, keepdims=True)
        self.d2 = (self.W3.T @ self.d3) * (1 - self.A2 ** 2)
        self.dW2 = self.d2 @ self.A1.T
        self.db2 = self.d2.sum(axis=1, keepdims=True)
        self.d1 = (self.W2.T @ self.d2) * (1 - self.A1 ** 2)
        self.dW1 = self.d1 @ self.X.T
        self.db1 = self.d1.sum(axis=1, keepdims=True)

    def step(self, rate):
        self.W1 -= rate * self.dW1
        self.b1 -= rate * self.db1
        self.W2 -= rate * self.dW2
        self.b2 -= rate * self.db2
        self.W3 -= rate * self.dW3
        self.b3 -= rate * self.db3


r = np.random.RandomState(0)
X = r.uniform(-1, 1, (3, 60)).astype(np.float32)
Y = np.stack([np.sin(2 * X[0]), X[1] * X[2]]).astype(np.float32)
net = Net(3, 5, 2)
for epoch in range(200):
    prediction = net.forward(X)
    mse = np.mean((prediction - Y) ** 2)
    net.backward(Y)
    net.step(np.float32(0.2))
    if epoch % 40 == 0:
        print(epoch, mse)
