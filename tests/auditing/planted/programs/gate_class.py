import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(a):
    # a is already sigmoid(x)
    return a * (1 - a)


class NeuralNetwork:
    """Two layers; examples stand in columns."""

    def __init__(self, x, y, hidden=4):
        np.random.seed(1)
        self.input = x
        self.y = y
        self.weights1 = np.random.randn(hidden, x.shape[0])
        self.bias1 = np.zeros((hidden, 1))
        self.weights2 = np.random.randn(y.shape[0], hidden)
        self.bias2 = np.zeros((y.shape[0], 1))
        self.output = np.zeros(y.shape)

    def feedforward(self):
        self.layer1 = sigmoid(np.dot(self.weights1, self.input) + self.bias1)
        self.output = sigmoid(np.dot(self.weights2, self.layer1) + self.bias2)

    def backprop(self, eta):
        error = self.y - self.output
        delta2 = error * sigmoid_derivative(self.output)
        delta1 = np.dot(self.weights2.T, delta2) * sigmoid_derivative(self.layer1)

        d_weights2 = np.dot(delta2, self.layer1.T)
        d_bias2 = delta2.sum(axis=1, keepdims=True)
        d_weights1 = np.dot(delta1, self.input.T)
        d_bias1 = delta1.sum(axis=1, keepdims=True)

        # error is y - output, so we add
        self.weights1 += eta * d_weights1
        self.bias1 += eta * d_bias1
        self.weights2 += eta * d_weights2
        self.bias2 += eta * d_bias2

    def loss(self):
        return 0.5 * np.sum((self.y - self.output) ** 2)

    def train(self, epochs, eta):
        for i in range(epochs):
            self.feedforward()
            self.backprop(eta)
            if i % 50 == 0:
                print("epoch", i, "loss", self.loss())


# truth tables of three gates (and, or, xor) over three inputs
bits = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]).T
gates = np.array([bits.min(axis=0), bits.max(axis=0), bits.sum(axis=0) % 2])

nn = NeuralNetwork(bits, gates)
nn.train(150, 0.4)
print(np.round(nn.output, 2))
