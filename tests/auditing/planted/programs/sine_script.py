# Approximate sin(x) with a tiny neural network, only numpy
import numpy as np

rng = np.random.RandomState(1)
x = np.linspace(-np.pi, np.pi, 80).reshape(-1, 1)
y = np.sin(x)

hidden = 10
W1 = rng.randn(1, hidden)
b1 = rng.randn(hidden) * 0.5
W2 = rng.randn(hidden, 1) * 0.3
b2 = np.zeros(1)
learning_rate = 0.05

for t in range(200):
    h = 1.0 / (1.0 + np.exp(-(x @ W1 + b1)))
    y_hat = h @ W2 + b2

    loss = ((y_hat - y) ** 2).mean()
    if t % 50 == 0:
        print(t, loss)

    grad_y = 2 * (y_hat - y) / x.shape[0]
    grad_W2 = h.T @ grad_y
    grad_b2 = grad_y.sum(axis=0)
    grad_h = grad_y @ W2.T
    grad_z = grad_h * h * (1 - h)
    grad_W1 = x.T @ grad_z
    grad_b1 = grad_z.sum(axis=0)

    W1 -= learning_rate * grad_W1
    b1 -= learning_rate * grad_b1
    W2 -= learning_rate * grad_W2
    b2 -= learning_rate * grad_b2

print("final loss", loss)
