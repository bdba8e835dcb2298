"""One linear layer in a while loop: flat arrays, a scalar bias, squared error, rebinding."""
import numpy as np

np.random.seed(0)
features = np.random.rand(70, 3)
prices = features @ np.array([2.0, -1.0, 0.5]) + 0.7 + 0.05 * np.random.randn(70)
count = len(prices)
w = np.zeros(3)
b = 0.0
alpha = 0.2
steps = 0
history = []

while steps < 300:
    predicted = features.dot(w) + b
    error = predicted - prices
    mse = (error ** 2).mean()
    history.append(mse)
    grad_w = 2 / count * features.T.dot(error)
    grad_b = 2 / count * error.sum()
    w = w - alpha * grad_w
    b = b - alpha * grad_b
    steps += 1

print("final mse", mse)
