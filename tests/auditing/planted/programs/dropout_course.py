"""A course's network with inverted dropout on the hidden layer; sigmoid output, columns."""
import numpy as np

np.random.seed(2)
m = 80
X = np.random.randn(2, m)
Y = (X[0:1] * X[1:2] > 0).astype(int)

n_h = 10
W1 = np.random.randn(n_h, 2) * 0.8
b1 = np.zeros((n_h, 1))
W2 = np.random.randn(1, n_h) * 0.5
b2 = np.zeros((1, 1))
keep_prob = 0.8
learning_rate = 0.5

for i in range(300):
    # Step 1: forward, with dropout on A1
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    D1 = np.random.rand(A1.shape[0], A1.shape[1]) < keep_prob
    H1 = A1 * D1 / keep_prob
    Z2 = np.dot(W2, H1) + b2
    A2 = 1 / (1 + np.exp(-Z2))

    # Step 2: cost
    cost = -1 / m * np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

    # Step 3: backward
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(dZ2, H1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2) * D1 / keep_prob
    dZ1 = dA1 * (1 - np.power(A1, 2))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)

    # Step 4: update
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
    W2 = W2 - learning_rate * dW2
    b2 = b2 - learning_rate * db2

    if i % 100 == 0:
        print("Cost after iteration {}: {}".format(i, cost))
