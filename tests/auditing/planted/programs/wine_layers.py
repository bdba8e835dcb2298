# Three-layer neural network from scratch on a small wine table (numpy only)
import numpy as np

np.random.seed(3)

# 60 bottles, 5 measurements, 3 cultivars
N = 60
labels = np.random.randint(0, 3, N)
shift = np.array([0.8, -0.5, 0.3, 0.0, 0.6])
X = np.random.randn(N, 5) + labels.reshape(-1, 1) * shift
X = (X - X.mean(axis=0)) / X.std(axis=0)
Y = np.zeros((N, 3))
Y[np.arange(N), labels] = 1


def initialize_parameters(sizes):
    params = {}
    for i in range(1, len(sizes)):
        params["W" + str(i)] = np.random.randn(sizes[i - 1], sizes[i]) / np.sqrt(sizes[i - 1])
        params["b" + str(i)] = np.zeros((1, sizes[i]))
    return params


def relu(z):
    return np.maximum(0, z)


def relu_grad(z):
    return (z > 0).astype(float)


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def forward(X, params):
    Z1 = np.dot(X, params["W1"]) + params["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(A1, params["W2"]) + params["b2"]
    A2 = relu(Z2)
    Z3 = np.dot(A2, params["W3"]) + params["b3"]
    A3 = softmax(Z3)
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3}
    return A3, cache


def cross_entropy(A3, Y):
    m = Y.shape[0]
    return -np.sum(Y * np.log(A3 + 1e-8)) / m


def backward(X, Y, params, cache):
    m = X.shape[0]
    Z1, A1 = cache["Z1"], cache["A1"]
    Z2, A2 = cache["Z2"], cache["A2"]
    dZ3 = cache["A3"] - Y
    dW3 = np.dot(A2.T, dZ3) / m
    db3 = np.sum(dZ3, axis=0, keepdims=True) / m
    dA2 = np.dot(dZ3, params["W3"].T)
    dZ2 = dA2 * relu_grad(Z2)
    dW2 = np.dot(A1.T, dZ2) / m
    db2 = np.sum(dZ2, axis=0, keepdims=True) / m
    dA1 = np.dot(dZ2, params["W2"].T)
    dZ1 = dA1 * (1 - A1 ** 2)
    dW1 = np.dot(X.T, dZ1) / m
    db1 = np.sum(dZ1, axis=0, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3}


def update(params, grads, lr):
    for key in params:
        params[key] = params[key] - lr * grads["d" + key]
    return params


params = initialize_parameters([5, 6, 6, 3])
losses = []
for epoch in range(60):
    A3, cache = forward(X, params)
    loss = cross_entropy(A3, Y)
    losses.append(loss)
    grads = backward(X, Y, params, cache)
    params = update(params, grads, lr=0.3)
    if epoch % 20 == 0:
        accuracy = np.mean(np.argmax(A3, axis=1) == labels)
        print(f"epoch {epoch}  loss {loss:.4f}  accuracy {accuracy:.2f}")
