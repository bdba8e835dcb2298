"""Predict house prices with one hidden layer, trained on mini-batches."""
import numpy as np

rng = np.random.default_rng(11)

# area, rooms, age, distance to the centre -> price (standardised)
n_houses = 64
X = rng.normal(size=(n_houses, 4))
price = 1.5 * X[:, 0] + 0.7 * X[:, 1] - 0.4 * X[:, 2] * X[:, 3] + 0.1 * rng.normal(size=n_houses)
y = price.reshape(-1, 1)

hidden = 8
W1 = 0.5 * rng.normal(size=(4, hidden))
b1 = np.zeros(hidden)
W2 = 0.5 * rng.normal(size=(hidden, 1))
b2 = np.zeros(1)

lr = 0.05
batch_size = 16
for epoch in range(12):
    order = rng.permutation(n_houses)
    epoch_loss = 0
    for start in range(0, n_houses, batch_size):
        idx = order[start:start + batch_size]
        xb, yb = X[idx], y[idx]

        # forward
        h_in = xb @ W1 + b1
        h = np.maximum(h_in, 0)
        pred = h @ W2 + b2
        loss = np.mean((pred - yb) ** 2)
        epoch_loss += loss

        # backward
        d_pred = 2 * (pred - yb) / len(xb)
        d_W2 = h.T @ d_pred
        d_b2 = d_pred.sum(axis=0)
        d_h = d_pred @ W2.T
        d_h_in = d_h * (h_in > 0)
        d_W1 = xb.T @ d_h_in
        d_b1 = d_h_in.sum(axis=0)

        # update
        W1 += -lr * d_W1
        b1 += -lr * d_b1
        W2 += -lr * d_W2
        b2 += -lr * d_b2
    print("epoch", epoch, "mse", epoch_loss / (n_houses // batch_size))
