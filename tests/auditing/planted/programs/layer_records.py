"""A network described by a list of records, one for each layer; full batch, mean squared error."""
import numpy as np

np.random.seed(23)

ARCHITECTURE = [
    {"input_dim": 2, "output_dim": 6, "activation": "tanh"},
    {"input_dim": 6, "output_dim": 6, "activation": "sigmoid"},
    {"input_dim": 6, "output_dim": 1, "activation": "linear"},
]


def init_layers():
    layers = []
    for spec in ARCHITECTURE:
        layers.append({
            "W": np.random.randn(spec["output_dim"], spec["input_dim"]) / np.sqrt(spec["input_dim"]),
            "b": np.zeros((spec["output_dim"], 1)),
            "activation": spec["activation"],
        })
    return layers


def activate(name, Z):
    if name == "tanh":
        return np.tanh(Z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-Z))
    return Z


def activate_backward(name, dA, Z):
    if name == "tanh":
        return dA * (1 - np.tanh(Z) ** 2)
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-Z))
        return dA * s * (1 - s)
    return dA


def full_forward(X, layers):
    A = X
    for layer in layers:
        layer["A_prev"] = A
        layer["Z"] = layer["W"] @ A + layer["b"]
        A = activate(layer["activation"], layer["Z"])
    return A


def full_backward(Y_hat, Y, layers):
    m = Y.shape[1]
    dA = 2 * (Y_hat - Y) / m
    for layer in reversed(layers):
        dZ = activate_backward(layer["activation"], dA, layer["Z"])
        layer["dW"] = dZ @ layer["A_prev"].T
        layer["db"] = np.sum(dZ, axis=1, keepdims=True)
        dA = layer["W"].T @ dZ


def update(layers, learning_rate):
    for layer in layers:
        layer["W"] -= learning_rate * layer["dW"]
        layer["b"] -= learning_rate * layer["db"]


X = np.random.uniform(-2, 2, (2, 60))
Y = (X[0] * X[1] / 2 + 0.1 * np.random.randn(60)).reshape(1, 60)

layers = init_layers()
for epoch in range(60):
    Y_hat = full_forward(X, layers)
    cost = np.mean((Y_hat - Y) ** 2)
    full_backward(Y_hat, Y, layers)
    update(layers, 0.1)
    if epoch % 20 == 0:
        print("Epoch %d, cost %.5f" % (epoch, cost))
