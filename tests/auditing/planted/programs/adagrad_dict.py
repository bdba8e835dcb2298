"""A dict params["W1"] and Adagrad: tanh and softmax in columns, minibatches of 8, 8 units."""
import numpy as np


def train(X, Y, hidden=8, epochs=20, batch=8, step=0.1):
    rng = np.random.default_rng(5)
    params = {
        "W1": rng.normal(size=(hidden, X.shape[0])) * 0.5,
        "b1": np.zeros((hidden, 1)),
        "W2": rng.normal(size=(Y.shape[0], hidden)) * 0.5,
        "b2": np.zeros((Y.shape[0], 1)),
    }
    memory = {name: np.zeros_like(value) for name, value in params.items()}
    for epoch in range(epochs):
        for k in range(0, X.shape[1], batch):
            x, y = X[:, k:k + batch], Y[:, k:k + batch]
            m = x.shape[1]
            z = params["W1"] @ x + params["b1"]
            h = np.tanh(z)
            s = params["W2"] @ h + params["b2"]
            e = np.exp(s - s.max(axis=0))
            p = e / e.sum(axis=0)
            loss = -np.sum(y * np.log(p)) / m

            grads = {}
            ds = (p - y) / m
            grads["W2"] = ds @ h.T
            grads["b2"] = ds.sum(axis=1, keepdims=True)
            dh = params["W2"].T @ ds
            dz = dh * (1 - h ** 2)
            grads["W1"] = dz @ x.T
            grads["b1"] = dz.sum(axis=1, keepdims=True)

            for name in params:
                memory[name] += grads[name] ** 2
                params[name] -= step * grads[name] / np.sqrt(memory[name] + 1e-8)
        if epoch % 5 == 0:
            print(f"epoch {epoch:3d}   loss {loss:.4f}")
    return params


generator = np.random.default_rng(3)
classes = generator.integers(0, 3, size=64)
points = generator.normal(size=(4, 64)) + 1.5 * np.eye(4)[:, :3][:, classes]
train(points, np.eye(3)[:, classes])
