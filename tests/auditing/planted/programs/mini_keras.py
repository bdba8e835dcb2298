"""A toy Keras: Sequential with add, compile and fit, activations and losses looked up by name."""
import numpy as np

np.random.seed(23)


class Sigmoid:
    @staticmethod
    def call(z):
        return 1 / (1 + np.exp(-z))

    @staticmethod
    def grad(z):
        s = Sigmoid.call(z)
        return s * (1 - s)


class Tanh:
    @staticmethod
    def call(z):
        return np.tanh(z)

    @staticmethod
    def grad(z):
        return 1 - np.tanh(z) ** 2


class Linear:
    @staticmethod
    def call(z):
        return z

    @staticmethod
    def grad(z):
        return np.ones_like(z)


class LogCosh:
    @staticmethod
    def value(y_true, y_pred):
        return np.mean(np.sum(np.log(np.cosh(y_pred - y_true)), axis=1))

    @staticmethod
    def grad(y_true, y_pred):
        return np.tanh(y_pred - y_true) / len(y_true)


ACTIVATIONS = {"sigmoid": Sigmoid, "tanh": Tanh, "linear": Linear}
LOSSES = {"log_cosh": LogCosh}


class Dense:
    def __init__(self, units, activation="linear", input_dim=None):
        self.units = units
        self.activation = ACTIVATIONS[activation]
        self.input_dim = input_dim

    def build(self, input_dim):
        limit = np.sqrt(6 / (input_dim + self.units))
        self.kernel = np.random.uniform(-limit, limit, (input_dim, self.units))
        self.bias = np.zeros((1, self.units))

    def forward(self, inputs):
        self.inputs = inputs
        self.z = inputs @ self.kernel + self.bias
        return self.activation.call(self.z)

    def backward(self, upstream):
        local = upstream * self.activation.grad(self.z)
        self.d_kernel = self.inputs.T @ local
        self.d_bias = local.sum(axis=0, keepdims=True)
        return local @ self.kernel.T


class Momentum:
    def __init__(self, learning_rate=0.1, beta=0.8):
        self.learning_rate = learning_rate
        self.beta = beta
        self.moving = {}

    def apply(self, key, value, gradient):
        average = self.beta * self.moving.get(key, 0.0) + (1 - self.beta) * gradient
        self.moving[key] = average
        return value - self.learning_rate * average


class Sequential:
    def __init__(self):
        self.layers = []

    def add(self, layer):
        layer.build(layer.input_dim or self.layers[-1].units)
        self.layers.append(layer)

    def compile(self, optimizer, loss):
        self.optimizer = optimizer
        self.loss = LOSSES[loss]

    def predict(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def fit(self, X, y, epochs):
        history = []
        for epoch in range(epochs):
            y_pred = self.predict(X)
            history.append(self.loss.value(y, y_pred))
            upstream = self.loss.grad(y, y_pred)
            for layer in reversed(self.layers):
                upstream = layer.backward(upstream)
            for i, layer in enumerate(self.layers):
                layer.kernel = self.optimizer.apply(f"kernel{i}", layer.kernel, layer.d_kernel)
                layer.bias = self.optimizer.apply(f"bias{i}", layer.bias, layer.d_bias)
            if epoch % 40 == 0:
                print("Epoch %d/%d - loss: %.5f" % (epoch + 1, epochs, history[-1]))
        return history


X = np.random.uniform(-2, 2, (60, 2))
y = np.stack([np.sin(X[:, 0]) + X[:, 1], X[:, 0] * X[:, 1]], axis=1)
model = Sequential()
model.add(Dense(6, activation="tanh", input_dim=2))
model.add(Dense(6, activation="sigmoid"))
model.add(Dense(2))
model.compile(optimizer=Momentum(learning_rate=0.6), loss="log_cosh")
history = model.fit(X, y, epochs=200)
