"""Gradients summed over four micro-batches before each step, then set to zero again."""
import numpy as np


class Model:
    def __init__(self, rng):
        self.W = rng.normal(0, 0.3, (5, 3))
        self.b = np.zeros(3)
        self.zero_grad()

    def zero_grad(self):
        self.gW = np.zeros_like(self.W)
        self.gb = np.zeros_like(self.b)

    def forward_backward(self, x, y, scale):
        z = x @ self.W + self.b
        z = z - z.max(axis=1, keepdims=True)
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(p[np.arange(len(y)), y]))
        d = p.copy()
        d[np.arange(len(y)), y] -= 1
        d *= scale / len(y)
        self.gW += x.T @ d
        self.gb += d.sum(axis=0)
        return loss * scale

    def step(self, lr):
        self.W -= lr * self.gW
        self.b -= lr * self.gb


rng = np.random.default_rng(3)
y = rng.integers(0, 3, 80)
X = rng.normal(size=(80, 5)) + np.eye(3, 5)[y] * 1.5
model = Model(rng)
ACCUMULATE, SIZE = 4, 10
for epoch in range(15):
    order = rng.permutation(80)
    running = 0.0
    for i in range(0, 80, SIZE):
        rows = order[i:i + SIZE]
        running += model.forward_backward(X[rows], y[rows], 1 / ACCUMULATE)
        if (i // SIZE + 1) % ACCUMULATE == 0:
            model.step(lr=0.5)
            model.zero_grad()
    if epoch % 5 == 0:
        print("epoch", epoch, "loss", running / 2)
