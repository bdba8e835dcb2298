# Stochastic gradient descent, one example after the other, with vectors instead of matrices
import numpy as np
from sklearn.datasets import load_wine

data = load_wine()
inputs = (data.data - data.data.mean(0)) / data.data.std(0)
targets = np.eye(3)[data.target]
keep = np.arange(0, len(inputs), 3)
inputs, targets = inputs[keep], targets[keep]


class Network(object):

    def __init__(self, n_in, n_hidden, n_out, seed=12):
        gen = np.random.RandomState(seed)
        self.w_hidden = gen.uniform(-0.3, 0.3, (n_hidden, n_in))
        self.b_hidden = np.zeros(n_hidden)
        self.w_output = gen.uniform(-0.3, 0.3, (n_out, n_hidden))
        self.b_output = np.zeros(n_out)

    def forward(self, x):
        self.hidden = 1 / (1 + np.exp(-(self.w_hidden.dot(x) + self.b_hidden)))
        scores = self.w_output.dot(self.hidden) + self.b_output
        exps = np.exp(scores - scores.max())
        self.output = exps / exps.sum()
        return self.output

    def learn(self, x, t, eta):
        out = self.forward(x)
        loss = -np.log(out[t.argmax()])

        delta_out = out - t
        delta_hidden = self.w_output.T.dot(delta_out) * self.hidden * (1 - self.hidden)

        self.w_output -= eta * np.outer(delta_out, self.hidden)
        self.b_output -= eta * delta_out
        self.w_hidden -= eta * np.outer(delta_hidden, x)
        self.b_hidden -= eta * delta_hidden
        return loss

    def fit(self, inputs, targets, epochs=5, eta=0.1):
        for epoch in range(epochs):
            total = 0.0
            for x, t in zip(inputs, targets):
                total += self.learn(x, t, eta)
            print("Epoch", epoch + 1, "average cross-entropy:", total / len(inputs))


net = Network(13, 7, 3)
net.fit(inputs, targets)
hits = sum(net.forward(x).argmax() == t.argmax() for x, t in zip(inputs, targets))
print(hits, "of", len(inputs))
