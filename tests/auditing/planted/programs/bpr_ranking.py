"""Bayesian personalised ranking: for a user, a seen item should score higher than an unseen one."""
import numpy as np


class BPR:
    def __init__(self, n_users, n_items, rank=3, lr=0.05, reg=0.02, seed=0):
        rng = np.random.RandomState(seed)
        self.user = rng.normal(0, 0.3, (n_users, rank))
        self.item = rng.normal(0, 0.3, (n_items, rank))
        self.item_bias = np.zeros(n_items)
        self.lr, self.reg = lr, reg

    def triple_loss(self, u, i, j):
        x = self.user[u] @ (self.item[i] - self.item[j]) + self.item_bias[i] - self.item_bias[j]
        size = (self.user[u] ** 2).sum() + (self.item[i] ** 2).sum() + (self.item[j] ** 2).sum()
        return np.log(1 + np.exp(-x)) + 0.5 * self.reg * size

    def update(self, u, i, j):
        x = self.user[u] @ (self.item[i] - self.item[j]) + self.item_bias[i] - self.item_bias[j]
        s = 1 / (1 + np.exp(x))
        grad_u = -s * (self.item[i] - self.item[j]) + self.reg * self.user[u]
        grad_i = -s * self.user[u] + self.reg * self.item[i]
        grad_j = s * self.user[u] + self.reg * self.item[j]
        self.user[u] -= self.lr * grad_u
        self.item[i] -= self.lr * grad_i
        self.item[j] -= self.lr * grad_j
        self.item_bias[i] += self.lr * s
        self.item_bias[j] -= self.lr * s


rng = np.random.RandomState(4)
seen = rng.rand(7, 9) < 0.4
seen[:, 0], seen[:, 1] = True, False
model = BPR(7, 9)
for epoch in range(6):
    total = 0
    for _ in range(60):
        u = rng.randint(7)
        i = rng.choice(np.flatnonzero(seen[u]))
        j = rng.choice(np.flatnonzero(~seen[u]))
        total += model.triple_loss(u, i, j)
        model.update(u, i, j)
    print("epoch", epoch, "loss", total / 60)
