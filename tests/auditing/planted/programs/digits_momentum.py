"""Digits with a three layer network in plain numpy (one example per column)."""
import numpy as np
from sklearn import datasets

np.random.seed(0)


def load(n=150):
    digits = datasets.load_digits()
    X = digits.data[:n].T / 16.0
    Y = np.zeros((10, n))
    Y[digits.target[:n], np.arange(n)] = 1
    return X, Y


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def softmax_backward(dA, A):
    # the whole jacobian: diag(a) - a a^T, applied to every column
    return A * (dA - np.sum(dA * A, axis=0, keepdims=True))


def sigmoid(Z):
    return 1.0 / (1.0 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    s = sigmoid(Z)
    return dA * s * (1 - s)


def initialize(dims):
    params, velocity = {}, {}
    for l in range(1, len(dims)):
        params["W%d" % l] = np.random.randn(dims[l], dims[l - 1]) * np.sqrt(2.0 / dims[l - 1])
        params["b%d" % l] = np.zeros((dims[l], 1))
        velocity["dW%d" % l] = np.zeros((dims[l], dims[l - 1]))
        velocity["db%d" % l] = np.zeros((dims[l], 1))
    return params, velocity


def forward(X, params, L):
    caches = [(None, X)]
    A = X
    for l in range(1, L + 1):
        Z = params["W%d" % l] @ A + params["b%d" % l]
        A = softmax(Z) if l == L else sigmoid(Z)
        caches.append((Z, A))
    return A, caches


def backward(AL, Y, caches, params, L):
    grads = {}
    m = Y.shape[1]
    dA = -Y / (AL + 1e-12) / m
    for l in reversed(range(1, L + 1)):
        Z, A = caches[l]
        A_prev = caches[l - 1][1]
        dZ = softmax_backward(dA, A) if l == L else sigmoid_backward(dA, Z)
        grads["dW%d" % l] = dZ @ A_prev.T
        grads["db%d" % l] = dZ.sum(axis=1, keepdims=True)
        dA = params["W%d" % l].T @ dZ
    return grads


def update(params, grads, velocity, L, lr=0.5, beta=0.9):
    for l in range(1, L + 1):
        velocity["dW%d" % l] = beta * velocity["dW%d" % l] + (1 - beta) * grads["dW%d" % l]
        velocity["db%d" % l] = beta * velocity["db%d" % l] + (1 - beta) * grads["db%d" % l]
        params["W%d" % l] = params["W%d" % l] - lr * velocity["dW%d" % l]
        params["b%d" % l] = params["b%d" % l] - lr * velocity["db%d" % l]


def model(X, Y, dims, iterations=40):
    L = len(dims) - 1
    params, velocity = initialize(dims)
    for i in range(iterations):
        AL, caches = forward(X, params, L)
        cost = -np.sum(Y * np.log(AL + 1e-12)) / Y.shape[1]
        grads = backward(AL, Y, caches, params, L)
        update(params, grads, velocity, L)
        if i % 10 == 0:
            print("Cost after iteration %i: %f" % (i, cost))
    return params


X, Y = load()
params = model(X, Y, [64, 16, 16, 10])
