"""A small framework: dense layers with Adam, trained in mini-batches on binary labels."""
import numpy as np

rng = np.random.RandomState(5)


class Dense:
    def __init__(self, n_in, n_out, activation):
        self.W = rng.randn(n_in, n_out) * np.sqrt(2.0 / n_in)
        self.b = np.zeros((1, n_out))
        self.activation = activation
        self.mW, self.vW = np.zeros_like(self.W), np.zeros_like(self.W)
        self.mb, self.vb = np.zeros_like(self.b), np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        self.z = x @ self.W + self.b
        if self.activation == "tanh":
            self.a = np.tanh(self.z)
        else:
            self.a = 1 / (1 + np.exp(-self.z))
        return self.a

    def backward(self, d_out):
        if self.activation == "tanh":
            d_z = d_out * (1 - self.a ** 2)
        else:
            d_z = self.a * (1 - self.a) * d_out
        self.dW = self.x.T @ d_z
        self.db = np.sum(d_z, axis=0, keepdims=True)
        return d_z @ self.W.T

    def step(self, lr, t, beta1=0.9, beta2=0.999, eps=1e-8):
        self.mW = beta1 * self.mW + (1 - beta1) * self.dW
        self.vW = beta2 * self.vW + (1 - beta2) * self.dW ** 2
        self.mb = beta1 * self.mb + (1 - beta1) * self.db
        self.vb = beta2 * self.vb + (1 - beta2) * self.db ** 2
        c1, c2 = 1 - beta1 ** t, 1 - beta2 ** t
        self.W -= lr * (self.mW / c1) / (np.sqrt(self.vW / c2) + eps)
        self.b -= lr * (self.mb / c1) / (np.sqrt(self.vb / c2) + eps)


class Network:
    def __init__(self, layers):
        self.layers = layers

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def fit(self, X, y, epochs, batch_size, lr):
        t = 0
        for epoch in range(epochs):
            total = 0.0
            for i in range(0, len(X), batch_size):
                xb, yb = X[i:i + batch_size], y[i:i + batch_size]
                p = self.predict(xb)
                loss = -np.mean(yb * np.log(p) + (1 - yb) * np.log(1 - p))
                total += loss * len(xb)
                grad = (p - yb) / (p * (1 - p)) / len(xb)
                for layer in reversed(self.layers):
                    grad = layer.backward(grad)
                t += 1
                for layer in self.layers:
                    layer.step(lr, t)
            print("epoch %d: loss %.4f" % (epoch + 1, total / len(X)))


X = rng.randn(48, 3)
y = (np.sin(2 * X[:, :1]) + X[:, 1:2] > 0).astype(float)
net = Network([Dense(3, 6, "tanh"), Dense(6, 6, "tanh"), Dense(6, 1, "sigmoid")])
net.fit(X, y, epochs=8, batch_size=12, lr=0.02)
