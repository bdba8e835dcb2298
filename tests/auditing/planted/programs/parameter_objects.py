"""A tiny deep learning library: parameters know their gradient, layers know their parameters."""
import numpy as np

rng = np.random.default_rng(8)


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out):
        self.weight = Parameter(rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)))
        self.bias = Parameter(np.zeros((1, n_out)))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data + self.bias.data

    def backward(self, grad):
        self.weight.grad += self.x.T @ grad
        self.bias.grad += grad.sum(axis=0, keepdims=True)
        return grad @ self.weight.data.T

    def parameters(self):
        return [self.weight, self.bias]


class ELU:
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)

    def backward(self, grad):
        return grad * np.where(self.x > 0, 1.0, np.exp(np.minimum(self.x, 0)))

    def parameters(self):
        return []


class Net:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.buffers = [np.zeros_like(p.data) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad[...] = 0

    def step(self):
        for p, buf in zip(self.params, self.buffers):
            buf *= self.momentum
            buf += p.grad
            p.data -= self.lr * buf


# the Franke-like surface to be learnt
X = rng.uniform(-1, 1, (96, 2))
Y = np.exp(-3 * (X ** 2).sum(axis=1, keepdims=True)) + 0.5 * X[:, :1]

net = Net(Linear(2, 12), ELU(), Linear(12, 12), ELU(), Linear(12, 1))
optimizer = SGD(net.parameters(), lr=0.03, momentum=0.7)
for epoch in range(30):
    losses = []
    for i in range(0, 96, 32):
        x, y = X[i:i + 32], Y[i:i + 32]
        prediction = net.forward(x)
        diff = prediction - y
        losses.append(np.mean(diff ** 2))
        optimizer.zero_grad()
        net.backward(2 * diff / diff.size)
        optimizer.step()
    if epoch % 6 == 0:
        print(f"epoch {epoch:2d}  mse = {np.mean(losses):.5f}")
