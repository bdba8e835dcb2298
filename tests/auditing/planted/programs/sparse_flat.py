"""Sparse autoencoder, tutorial style: one flat vector theta, cost and gradient from one function, columns."""
import numpy as np

visible_size = 6
hidden_size = 4
rho = 0.1      # desired average activation
lamb = 0.003   # weight decay
beta = 0.2     # weight of the sparsity penalty


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def initialize(hidden_size, visible_size, seed=3):
    r = np.sqrt(6) / np.sqrt(hidden_size + visible_size + 1)
    rng = np.random.RandomState(seed)
    W1 = rng.random_sample((hidden_size, visible_size)) * 2 * r - r
    W2 = rng.random_sample((visible_size, hidden_size)) * 2 * r - r
    b1 = np.zeros(hidden_size)
    b2 = np.zeros(visible_size)
    return np.concatenate((W1.reshape(-1), W2.reshape(-1), b1, b2))


def unroll(theta):
    hv = hidden_size * visible_size
    W1 = theta[:hv].reshape(hidden_size, visible_size)
    W2 = theta[hv:2 * hv].reshape(visible_size, hidden_size)
    b1 = theta[2 * hv:2 * hv + hidden_size]
    b2 = theta[2 * hv + hidden_size:]
    return W1, W2, b1, b2


def kl_divergence(p, q):
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


def sparse_autoencoder_cost(theta, data):
    W1, W2, b1, b2 = unroll(theta)
    m = data.shape[1]

    z2 = W1.dot(data) + b1[:, np.newaxis]
    a2 = sigmoid(z2)
    z3 = W2.dot(a2) + b2[:, np.newaxis]
    h = sigmoid(z3)

    rho_hat = np.sum(a2, axis=1) / m
    cost = np.sum((h - data) ** 2) / (2 * m) + \
        lamb / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2)) + \
        beta * np.sum(kl_divergence(rho, rho_hat))

    sparsity_delta = -rho / rho_hat + (1 - rho) / (1 - rho_hat)
    delta3 = -(data - h) * h * (1 - h)
    delta2 = (W2.T.dot(delta3) + beta * sparsity_delta[:, np.newaxis]) * a2 * (1 - a2)

    W1grad = delta2.dot(data.T) / m + lamb * W1
    W2grad = delta3.dot(a2.T) / m + lamb * W2
    b1grad = np.sum(delta2, axis=1) / m
    b2grad = np.sum(delta3, axis=1) / m
    grad = np.concatenate((W1grad.reshape(-1), W2grad.reshape(-1), b1grad, b2grad))
    return cost, grad


rng = np.random.RandomState(40)
codes = rng.rand(3, 70) < 0.3
data = 0.1 + 0.8 * (rng.rand(visible_size, 3).dot(codes) > 0.5)
theta = initialize(hidden_size, visible_size)
alpha = 1.5
for iteration in range(200):
    cost, grad = sparse_autoencoder_cost(theta, data)
    theta = theta - alpha * grad
    if iteration % 40 == 0:
        print("iteration", iteration, "cost", cost)
