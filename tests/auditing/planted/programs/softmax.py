"""A training function: relu and softmax, integer labels, momentum, an L2 penalty, minibatches."""
import numpy as np


def make_data(n=120, seed=4):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, size=n)
    centers = np.array([[1.5, 0.0, -0.5], [-1.0, 1.2, 0.4], [0.0, -1.3, 1.0]])
    return centers[labels] + rng.normal(size=(n, 3)), labels


def softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=1, keepdims=True)


def train(X, labels, hidden=7, epochs=20, batch=24, lr=0.1, mu=0.9, reg=0.01):
    rng = np.random.default_rng(0)
    W1 = 0.5 * rng.normal(size=(X.shape[1], hidden))
    b1 = np.zeros(hidden) + 0.05
    W2 = 0.5 * rng.normal(size=(hidden, 3))
    b2 = np.zeros(3)
    vW1, vb1, vW2, vb2 = (np.zeros_like(p) for p in (W1, b1, W2, b2))
    Y = np.eye(3)[labels]
    for epoch in range(epochs):
        for i in range(0, len(X), batch):
            xb, yb = X[i : i + batch], Y[i : i + batch]
            m = len(xb)
            hidden_raw = xb @ W1 + b1
            hidden_out = np.maximum(hidden_raw, 0)
            probs = softmax(hidden_out @ W2 + b2)
            data_loss = -np.sum(yb * np.log(probs)) / m
            loss = data_loss + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

            dscores = (probs - yb) / m
            dW2 = hidden_out.T @ dscores + reg * W2
            db2 = dscores.sum(axis=0)
            dhidden = dscores @ W2.T
            dhidden[hidden_raw <= 0] = 0
            dW1 = xb.T @ dhidden + reg * W1
            db1 = dhidden.sum(axis=0)

            vW1 = mu * vW1 - lr * dW1
            W1 += vW1
            vb1 = mu * vb1 - lr * db1
            b1 += vb1
            vW2 = mu * vW2 - lr * dW2
            W2 += vW2
            vb2 = mu * vb2 - lr * db2
            b2 += vb2
        if epoch % 5 == 0:
            print("epoch {} loss {:.4f}".format(epoch, loss))
    return W1, b1, W2, b2


X, labels = make_data()
train(X, labels)
