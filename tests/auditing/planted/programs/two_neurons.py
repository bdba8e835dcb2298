"""One hidden tanh neuron and a linear one, each weight an attribute of its own, one example at a time."""
import numpy as np


class TwoNeurons:
    def __init__(self, seed=3):
        r = np.random.RandomState(seed)
        self.u1 = r.randn()
        self.u2 = r.randn()
        self.bias_hidden = 0.0
        self.v = r.randn()
        self.bias_out = 0.0

    def hidden(self, x1, x2):
        return np.tanh(self.u1 * x1 + self.u2 * x2 + self.bias_hidden)

    def predict(self, x1, x2):
        return self.v * self.hidden(x1, x2) + self.bias_out

    def learn(self, x1, x2, target, eta):
        h = self.hidden(x1, x2)
        out = self.v * h + self.bias_out
        delta_out = out - target
        delta_hidden = delta_out * self.v * (1 - h ** 2)

        self.v -= eta * delta_out * h
        self.bias_out -= eta * delta_out
        self.u1 -= eta * delta_hidden * x1
        self.u2 -= eta * delta_hidden * x2
        self.bias_hidden -= eta * delta_hidden
        return 0.5 * delta_out ** 2


rng = np.random.RandomState(6)
points = rng.uniform(-1, 1, (25, 2))
targets = 0.8 * np.tanh(1.5 * points[:, 0] - points[:, 1]) + 0.2
net = TwoNeurons()
for epoch in range(20):
    error_sum = 0.0
    for (x1, x2), target in zip(points, targets):
        error_sum += net.learn(x1, x2, target, eta=0.1)
    if epoch % 5 == 0:
        print("epoch", epoch, "error", error_sum)
