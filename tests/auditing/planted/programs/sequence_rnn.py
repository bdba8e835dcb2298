"""Many-to-one recurrent net on a batch of sequences: is the sum positive? BPTT, clipped by value."""
import numpy as np


class RNN:
    def __init__(self, input_size, hidden_size, seed=0):
        rng = np.random.RandomState(seed)
        self.Wx = rng.randn(input_size, hidden_size) * 0.4
        self.Wh = rng.randn(hidden_size, hidden_size) * 0.4
        self.bh = np.zeros(hidden_size)
        self.Wy = rng.randn(hidden_size, 1) * 0.4
        self.by = np.zeros(1)

    def forward(self, seq):
        # seq: (batch, time, input_size)
        batch, steps, _ = seq.shape
        self.seq = seq
        self.h = [np.zeros((batch, self.Wh.shape[0]))]
        for t in range(steps):
            self.h.append(np.tanh(seq[:, t] @ self.Wx + self.h[-1] @ self.Wh + self.bh))
        self.logit = self.h[-1] @ self.Wy + self.by
        return 1 / (1 + np.exp(-self.logit))

    def backward(self, prob, y):
        grads = {name: np.zeros_like(getattr(self, name)) for name in ("Wx", "Wh", "bh")}
        dlogit = (prob - y) / len(y)
        grads["Wy"] = self.h[-1].T @ dlogit
        grads["by"] = dlogit.sum(axis=0)
        dh = dlogit @ self.Wy.T
        for t in reversed(range(self.seq.shape[1])):
            dpre = dh * (1 - self.h[t + 1] ** 2)
            grads["Wx"] += self.seq[:, t].T @ dpre
            grads["Wh"] += self.h[t].T @ dpre
            grads["bh"] += dpre.sum(axis=0)
            dh = dpre @ self.Wh.T
        return grads

    def update(self, grads, lr, clip=5.0):
        for name, grad in grads.items():
            param = getattr(self, name)
            setattr(self, name, param - lr * np.clip(grad, -clip, clip))


def cross_entropy(prob, y):
    return float(-np.mean(y * np.log(prob) + (1 - y) * np.log(1 - prob)))


data_rng = np.random.RandomState(5)
sequences = data_rng.uniform(-1, 1, (50, 4, 2))
targets = (sequences.sum(axis=(1, 2)) > 0).astype(float).reshape(-1, 1)
model = RNN(2, 5)
for epoch in range(60):
    prob = model.forward(sequences)
    loss = cross_entropy(prob, targets)
    model.update(model.backward(prob, targets), lr=0.5)
    if epoch % 15 == 0:
        print("epoch {:3d}  loss {:.4f}".format(epoch, loss))
