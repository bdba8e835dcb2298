"""Online linear regression: one house after the other, scalars and short vectors only."""
import numpy as np
from sklearn.datasets import make_regression

X, y = make_regression(n_samples=40, n_features=2, noise=4.0, random_state=0)
y = y / 50

weights = np.zeros(2)
bias = 0.0
lr = 0.01
n_epochs = 10

for epoch in range(n_epochs):
    sse = 0
    for i in range(len(X)):
        xi = X[i]
        target = y[i]

        prediction = np.dot(xi, weights) + bias
        error = prediction - target
        sse += error ** 2

        # gradient of (prediction - target)^2
        grad_w = 2 * error * xi
        grad_b = 2 * error

        weights = weights - lr * grad_w
        bias = bias - lr * grad_b
    print('Epoch', epoch + 1, 'MSE', sse / len(X), 'RMSE', np.sqrt(sse / len(X)))

print('Weights:', weights, 'Bias:', bias)
