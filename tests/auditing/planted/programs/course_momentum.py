"""Moons with a three layer network: minibatches, momentum, L2 (after a course assignment)."""
import math

import numpy as np
from sklearn.datasets import make_moons


def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s


def relu(x):
    return np.maximum(0, x)


def initialize_parameters(layer_dims):
    np.random.seed(3)
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters['W' + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * np.sqrt(2 / layer_dims[l - 1])
        parameters['b' + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def forward_propagation(X, parameters):
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]
    # LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID
    z1 = np.dot(W1, X) + b1
    a1 = relu(z1)
    z2 = np.dot(W2, a1) + b2
    a2 = relu(z2)
    z3 = np.dot(W3, a2) + b3
    a3 = sigmoid(z3)
    cache = (z1, a1, W1, b1, z2, a2, W2, b2, z3, a3, W3, b3)
    return a3, cache


def compute_cost(a3, Y, parameters, lambd):
    m = Y.shape[1]
    logprobs = np.multiply(-np.log(a3), Y) + np.multiply(-np.log(1 - a3), 1 - Y)
    cross_entropy_cost = 1. / m * np.sum(logprobs)
    l2 = sum(np.sum(np.square(parameters["W" + str(l)])) for l in (1, 2, 3))
    return cross_entropy_cost + lambd / (2 * m) * l2


def backward_propagation(X, Y, cache, lambd):
    m = X.shape[1]
    (z1, a1, W1, b1, z2, a2, W2, b2, z3, a3, W3, b3) = cache

    dz3 = 1. / m * (a3 - Y)
    dW3 = np.dot(dz3, a2.T) + lambd / m * W3
    db3 = np.sum(dz3, axis=1, keepdims=True)

    da2 = np.dot(W3.T, dz3)
    dz2 = np.multiply(da2, np.int64(a2 > 0))
    dW2 = np.dot(dz2, a1.T) + lambd / m * W2
    db2 = np.sum(dz2, axis=1, keepdims=True)

    da1 = np.dot(W2.T, dz2)
    dz1 = np.multiply(da1, np.int64(a1 > 0))
    dW1 = np.dot(dz1, X.T) + lambd / m * W1
    db1 = np.sum(dz1, axis=1, keepdims=True)

    return {"dW3": dW3, "db3": db3, "dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


def initialize_velocity(parameters):
    v = {}
    for l in range(len(parameters) // 2):
        v["dW" + str(l + 1)] = np.zeros_like(parameters["W" + str(l + 1)])
        v["db" + str(l + 1)] = np.zeros_like(parameters["b" + str(l + 1)])
    return v


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    for l in range(len(parameters) // 2):
        # compute velocities
        v["dW" + str(l + 1)] = beta * v["dW" + str(l + 1)] + (1 - beta) * grads["dW" + str(l + 1)]
        v["db" + str(l + 1)] = beta * v["db" + str(l + 1)] + (1 - beta) * grads["db" + str(l + 1)]
        # update parameters
        parameters["W" + str(l + 1)] = parameters["W" + str(l + 1)] - learning_rate * v["dW" + str(l + 1)]
        parameters["b" + str(l + 1)] = parameters["b" + str(l + 1)] - learning_rate * v["db" + str(l + 1)]
    return parameters, v


def random_mini_batches(X, Y, mini_batch_size, seed):
    np.random.seed(seed)
    m = X.shape[1]
    permutation = list(np.random.permutation(m))
    shuffled_X, shuffled_Y = X[:, permutation], Y[:, permutation]
    for k in range(math.ceil(m / mini_batch_size)):
        cut = slice(k * mini_batch_size, (k + 1) * mini_batch_size)
        yield shuffled_X[:, cut], shuffled_Y[:, cut]


def model(X, Y, layers_dims, learning_rate=0.3, mini_batch_size=40, beta=0.9, lambd=0.1, num_epochs=60):
    parameters = initialize_parameters(layers_dims)
    v = initialize_velocity(parameters)
    for i in range(num_epochs):
        cost_total = 0
        for minibatch_X, minibatch_Y in random_mini_batches(X, Y, mini_batch_size, seed=10 + i):
            a3, cache = forward_propagation(minibatch_X, parameters)
            cost = compute_cost(a3, minibatch_Y, parameters, lambd)
            cost_total += cost
            grads = backward_propagation(minibatch_X, minibatch_Y, cache, lambd)
            parameters, v = update_parameters_with_momentum(parameters, grads, v, beta, learning_rate)
        if i % 10 == 0:
            print("Cost after epoch %i: %f" % (i, cost_total / 3))
    return parameters


train_X, train_Y = make_moons(n_samples=120, noise=.2, random_state=3)
parameters = model(train_X.T, train_Y.reshape((1, -1)), [2, 5, 4, 1])
