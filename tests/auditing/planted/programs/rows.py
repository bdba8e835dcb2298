"""Module level, examples in rows, two layers (tanh, sigmoid), cross-entropy, in place."""
import numpy as np

rng = np.random.default_rng(1)
X = rng.normal(size=(60, 4))
y = (X[:, :1] * X[:, 1:2] + 0.5 * X[:, 2:3] > 0).astype(float)
n = X.shape[0]

W1 = rng.normal(size=(4, 5)) * 0.6
b1 = np.zeros((1, 5))
W2 = rng.normal(size=(5, 1)) * 0.6
b2 = np.zeros((1, 1))
learning_rate = 0.3

for step in range(400):
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = 1 / (1 + np.exp(-z2))
    cost = -np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2))

    dz2 = (a2 - y) / n
    dW2 = a1.T @ dz2
    db2 = np.sum(dz2, axis=0, keepdims=True)
    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1 ** 2)
    dW1 = X.T @ dz1
    db1 = np.sum(dz1, axis=0, keepdims=True)

    W2 -= learning_rate * dW2
    b2 -= learning_rate * db2
    W1 -= learning_rate * dW1
    b1 -= learning_rate * db1
    if step % 50 == 0:
        print(f"step {step}: cost {cost:.4f}")
