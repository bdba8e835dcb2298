"""Methods that return gradients, Adam in a helper, columns, multi-label sigmoid, three layers."""
import numpy as np


class Layer:
    def __init__(self, fan_in, fan_out, rng):
        self.W = rng.normal(size=(fan_out, fan_in)) / np.sqrt(fan_in)
        self.b = np.zeros((fan_out, 1))

    def forward(self, A):
        self.input = A
        self.Z = self.W @ A + self.b
        return self.Z

    def backward(self, dZ):
        self.dW = dZ @ self.input.T
        self.db = dZ.sum(axis=1, keepdims=True)
        return self.W.T @ dZ


class Adam:
    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t = 0
        self.m = {}
        self.v = {}

    def step(self, name, parameter, gradient):
        m = self.beta1 * self.m.get(name, 0) + (1 - self.beta1) * gradient
        v = self.beta2 * self.v.get(name, 0) + (1 - self.beta2) * gradient ** 2
        self.m[name], self.v[name] = m, v
        m_hat = m / (1 - self.beta1 ** self.t)
        v_hat = v / (1 - self.beta2 ** self.t)
        parameter -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def tanh(z):
    return np.tanh(z)


def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def main():
    rng = np.random.default_rng(8)
    X = rng.normal(size=(4, 64))
    Y = np.vstack([X[0] > 0, X[1] * X[2] > 0]).astype(float)
    first, second, last = Layer(4, 6, rng), Layer(6, 5, rng), Layer(5, 2, rng)
    optimizer = Adam()
    for epoch in range(150):
        H1 = tanh(first.forward(X))
        H2 = tanh(second.forward(H1))
        P = sigmoid(last.forward(H2))
        loss = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))
        dZ3 = (P - Y) / Y.size
        dH2 = last.backward(dZ3)
        dZ2 = dH2 * tanh_derivative(second.Z)
        dH1 = second.backward(dZ2)
        dZ1 = dH1 * tanh_derivative(first.Z)
        first.backward(dZ1)
        optimizer.t += 1
        for name, layer in (("first", first), ("second", second), ("last", last)):
            optimizer.step(name + "W", layer.W, layer.dW)
            optimizer.step(name + "b", layer.b, layer.db)
        if epoch % 30 == 0:
            print(epoch, loss)


main()
