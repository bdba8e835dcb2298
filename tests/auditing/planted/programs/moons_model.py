"""Classify two half moons (and a blob) with a small network and plain gradient descent."""
import numpy as np


def make_data(n=72, seed=4):
    rng = np.random.RandomState(seed)
    t = np.pi * rng.rand(n // 3)
    upper = np.c_[np.cos(t), np.sin(t)]
    lower = np.c_[1 - np.cos(t), 0.5 - np.sin(t)]
    blob = np.c_[0.3 * rng.randn(n // 3) + 2.5, 0.3 * rng.randn(n // 3) + 1]
    X = np.vstack([upper, lower, blob]) + 0.15 * rng.randn(n, 2)
    y = np.repeat([0, 1, 2], n // 3)
    return X, y


def train(X, y, hidden=6, steps=60, step_size=0.6, reg=0.02, seed=0):
    rng = np.random.RandomState(seed)
    N = len(X)
    params = {
        "W1": rng.randn(2, hidden) / np.sqrt(2),
        "b1": np.zeros(hidden),
        "W2": rng.randn(hidden, 3) / np.sqrt(hidden),
        "b2": np.zeros(3),
    }
    for step in range(steps):
        W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]

        # scores and class probabilities
        z1 = X.dot(W1) + b1
        a1 = np.tanh(z1)
        scores = a1.dot(W2) + b2
        exp_scores = np.exp(scores)
        probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)

        # average negative log likelihood plus weight decay
        data_loss = -np.log(probs[range(N), y]).mean()
        reg_loss = 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        if step % 15 == 0:
            print("step %3d: loss %.5f" % (step, data_loss + reg_loss))

        # backpropagation
        dscores = probs.copy()
        dscores[range(N), y] -= 1
        dscores /= N
        grads = {}
        grads["W2"] = a1.T.dot(dscores) + reg * W2
        grads["b2"] = dscores.sum(axis=0)
        da1 = dscores.dot(W2.T)
        dz1 = da1 * (1 - a1 ** 2)
        grads["W1"] = X.T.dot(dz1) + reg * W1
        grads["b1"] = dz1.sum(axis=0)

        for name in params:
            params[name] -= step_size * grads[name]
    return params


X, y = make_data()
model = train(X, y)
hidden_layer = np.tanh(X.dot(model["W1"]) + model["b1"])
predicted = np.argmax(hidden_layer.dot(model["W2"]) + model["b2"], axis=1)
print("accuracy:", (predicted == y).mean())
