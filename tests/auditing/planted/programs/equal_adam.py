"""A class whose layers are all four wide, columns, sigmoid and softmax, Adam in its own method."""
import numpy as np


class FourWide:
    def __init__(self, seed=1):
        rng = np.random.default_rng(seed)
        self.W1, self.W2 = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
        self.b1, self.b2 = np.zeros((4, 1)), np.zeros((4, 1))
        self.names = ["W1", "b1", "W2", "b2"]
        self.m = {name: 0.0 for name in self.names}
        self.v = {name: 0.0 for name in self.names}
        self.t = 0

    def forward(self, X):
        self.X = X
        self.Z1 = self.W1.dot(X) + self.b1
        self.A1 = 1 / (1 + np.exp(-self.Z1))
        self.Z2 = self.W2.dot(self.A1) + self.b2
        e = np.exp(self.Z2 - self.Z2.max(axis=0, keepdims=True))
        self.A2 = e / e.sum(axis=0, keepdims=True)

    def gradients(self, Y):
        dZ2 = (self.A2 - Y) / Y.shape[1]
        dA1 = self.W2.T.dot(dZ2)
        dZ1 = dA1 * self.A1 * (1 - self.A1)
        return {
            "W2": dZ2.dot(self.A1.T),
            "b2": dZ2.sum(axis=1, keepdims=True),
            "W1": dZ1.dot(self.X.T),
            "b1": dZ1.sum(axis=1, keepdims=True),
        }

    def adam(self, grads, lr=0.02, beta1=0.9, beta2=0.99):
        self.t += 1
        for name in self.names:
            g = grads[name]
            self.m[name] = beta1 * self.m[name] + (1 - beta1) * g
            self.v[name] = beta2 * self.v[name] + (1 - beta2) * g * g
            m_hat = self.m[name] / (1 - beta1 ** self.t)
            v_hat = self.v[name] / (1 - beta2 ** self.t)
            setattr(self, name, getattr(self, name) - lr * m_hat / (np.sqrt(v_hat) + 1e-8))


rng = np.random.default_rng(8)
kind = rng.integers(0, 4, size=64)
X = rng.normal(size=(4, 64)) + 1.3 * np.eye(4)[:, kind]
Y = np.eye(4)[:, kind]
net = FourWide()
for i in range(150):
    net.forward(X)
    cross_entropy = -np.mean(np.sum(Y * np.log(net.A2), axis=0))
    net.adam(net.gradients(Y))
    if i % 30 == 0:
        print(i, cross_entropy)
