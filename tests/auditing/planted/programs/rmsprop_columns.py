import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def softmax(Z):
    expZ = np.exp(Z - np.max(Z, axis=0))
    return expZ / expZ.sum(axis=0, keepdims=True)


def initialize_parameters(layer_dims):
    np.random.seed(3)
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters['W' + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * np.sqrt(
            2 / layer_dims[l - 1])
        parameters['b' + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def forward_propagation(X, parameters):
    Z1 = np.dot(parameters['W1'], X) + parameters['b1']
    A1 = relu(Z1)
    Z2 = np.dot(parameters['W2'], A1) + parameters['b2']
    A2 = relu(Z2)
    Z3 = np.dot(parameters['W3'], A2) + parameters['b3']
    A3 = softmax(Z3)
    cache = (Z1, A1, Z2, A2, Z3, A3)
    return A3, cache


def compute_cost(A3, Y, parameters, lambd):
    m = Y.shape[1]
    cross_entropy_cost = -np.sum(Y * np.log(A3)) / m
    L2_cost = lambd / (2 * m) * (np.sum(np.square(parameters['W1']))
                                 + np.sum(np.square(parameters['W2']))
                                 + np.sum(np.square(parameters['W3'])))
    return cross_entropy_cost + L2_cost


def backward_propagation(X, Y, cache, parameters, lambd):
    m = X.shape[1]
    (Z1, A1, Z2, A2, Z3, A3) = cache
    grads = {}
    dZ3 = A3 - Y
    grads['W3'] = 1. / m * np.dot(dZ3, A2.T) + lambd / m * parameters['W3']
    grads['b3'] = 1. / m * np.sum(dZ3, axis=1, keepdims=True)
    dA2 = np.dot(parameters['W3'].T, dZ3)
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    grads['W2'] = 1. / m * np.dot(dZ2, A1.T) + lambd / m * parameters['W2']
    grads['b2'] = 1. / m * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(parameters['W2'].T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    grads['W1'] = 1. / m * np.dot(dZ1, X.T) + lambd / m * parameters['W1']
    grads['b1'] = 1. / m * np.sum(dZ1, axis=1, keepdims=True)
    return grads


def update_parameters(parameters, grads, s, learning_rate, beta=0.9, epsilon=1e-8):
    for key in parameters:
        s[key] = beta * s[key] + (1 - beta) * np.square(grads[key])
        parameters[key] = parameters[key] - learning_rate * grads[key] / (np.sqrt(s[key]) + epsilon)
    return parameters, s


def model(X, Y, layer_dims, learning_rate=0.01, num_epochs=12, mini_batch_size=30, lambd=0.5):
    parameters = initialize_parameters(layer_dims)
    s = {key: np.zeros_like(value) for key, value in parameters.items()}
    m = X.shape[1]
    for i in range(num_epochs):
        permutation = np.random.permutation(m)
        for k in range(0, m, mini_batch_size):
            batch = permutation[k:k + mini_batch_size]
            batch_X, batch_Y = X[:, batch], Y[:, batch]
            A3, cache = forward_propagation(batch_X, parameters)
            cost = compute_cost(A3, batch_Y, parameters, lambd)
            grads = backward_propagation(batch_X, batch_Y, cache, parameters, lambd)
            parameters, s = update_parameters(parameters, grads, s, learning_rate)
        print("Cost after epoch %i: %f" % (i, cost))
    return parameters


rng = np.random.RandomState(0)
X = rng.randn(2, 120)
radius = np.sqrt(np.sum(X ** 2, axis=0))
classes = np.digitize(radius, [0.8, 1.5])
Y = np.eye(3)[classes].T
parameters = model(X, Y, [2, 6, 6, 3])
A3, _ = forward_propagation(X, parameters)
print("Accuracy:", np.mean(np.argmax(A3, axis=0) == classes))
