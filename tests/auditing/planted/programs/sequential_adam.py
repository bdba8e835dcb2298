"""A tiny framework: Linear, LeakyReLU and Tanh layers in a list, MSE loss object, Adam by hand."""
import numpy as np


class Linear:
    def __init__(self, in_features, out_features):
        bound = 1 / np.sqrt(in_features)
        self.params = {
            "W": np.random.uniform(-bound, bound, (in_features, out_features)),
            "b": np.random.uniform(-bound, bound, (1, out_features)),
        }
        self.grads = {}

    def forward(self, x):
        self.x = x
        return np.matmul(x, self.params["W"]) + self.params["b"]

    def backward(self, grad_output):
        self.grads["W"] = np.matmul(self.x.T, grad_output)
        self.grads["b"] = np.sum(grad_output, axis=0, keepdims=True)
        return np.matmul(grad_output, self.params["W"].T)


class LeakyReLU:
    params = {}

    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, grad_output):
        return grad_output * np.where(self.x > 0, 1, self.alpha)


class Tanh:
    params = {}

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad_output):
        return grad_output * (1 - self.out ** 2)


class MSELoss:
    def __call__(self, pred, target):
        self.diff = pred - target
        return np.mean(self.diff ** 2)

    def backward(self):
        return 2 * self.diff / self.diff.size


class Adam:
    def __init__(self, layers, lr=1e-2, beta1=0.9, beta2=0.999, eps=1e-8):
        self.layers = [l for l in layers if l.params]
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t = 0
        self.m = [{k: np.zeros_like(v) for k, v in l.params.items()} for l in self.layers]
        self.v = [{k: np.zeros_like(v) for k, v in l.params.items()} for l in self.layers]

    def step(self):
        self.t += 1
        for i, layer in enumerate(self.layers):
            for k in layer.params:
                g = layer.grads[k]
                self.m[i][k] = self.beta1 * self.m[i][k] + (1 - self.beta1) * g
                self.v[i][k] = self.beta2 * self.v[i][k] + (1 - self.beta2) * g ** 2
                m_hat = self.m[i][k] / (1 - self.beta1 ** self.t)
                v_hat = self.v[i][k] / (1 - self.beta2 ** self.t)
                layer.params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


if __name__ == "__main__":
    np.random.seed(42)
    x = np.random.uniform(-2, 2, (64, 2))
    y = np.sin(x[:, :1]) * x[:, 1:]
    net = [Linear(2, 6), LeakyReLU(), Linear(6, 5), Tanh(), Linear(5, 1)]
    criterion = MSELoss()
    optimizer = Adam(net)
    for epoch in range(100):
        out = x
        for layer in net:
            out = layer.forward(out)
        loss = criterion(out, y)
        grad = criterion.backward()
        for layer in reversed(net):
            grad = layer.backward(grad)
        optimizer.step()
        if epoch % 20 == 0:
            print(f"Epoch {epoch:3d} | loss {loss:.5f}")
