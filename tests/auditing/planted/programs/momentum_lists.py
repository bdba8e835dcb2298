"""Regression with two outputs: lists of parameters and velocities, momentum, batch 8, 8 units."""
import numpy as np

rng = np.random.default_rng(11)
X = rng.uniform(-1, 1, size=(64, 3))
T = np.stack([np.sin(3 * X[:, 0]), X[:, 1] * X[:, 2]], axis=1)
hidden, batch = 8, 8
rate, mu = 0.05, 0.9

params = [rng.normal(size=(3, hidden)), np.zeros(hidden),
          rng.normal(size=(hidden, 2)) / 3, np.zeros(2)]
velocity = [np.zeros_like(p) for p in params]

for epoch in range(20):
    for start in range(0, len(X), batch):
        x, t = X[start:start + batch], T[start:start + batch]
        W1, b1, W2, b2 = params
        pre = x @ W1 + b1
        h = np.tanh(pre)
        out = h @ W2 + b2
        residual = out - t
        loss = np.mean(residual ** 2)

        dout = 2 * residual / residual.size
        dW2 = h.T @ dout
        db2 = dout.sum(axis=0)
        dh = dout @ W2.T
        dpre = dh * (1 - h * h)
        dW1 = x.T @ dpre
        db1 = dpre.sum(axis=0)
        grads = [dW1, db1, dW2, db2]

        for i in range(len(params)):
            velocity[i] = mu * velocity[i] - rate * grads[i]
            params[i] = params[i] + velocity[i]
    if epoch % 5 == 0:
        print("epoch %d, loss %.5f" % (epoch, loss))
