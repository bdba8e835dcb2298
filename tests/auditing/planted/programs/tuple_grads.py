"""Functional: parameters and gradients are tuples, a leaky hidden layer, one-hot rows by np.eye."""
import numpy as np

SLOPE = 0.05


def leaky(z):
    return np.where(z > 0, z, SLOPE * z)


def softmax(z):
    shifted = np.exp(z - z.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)


def init(key, n_in, n_hidden, n_out):
    rng = np.random.default_rng(key)
    W1 = rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_hidden))
    W2 = rng.normal(0, 1 / np.sqrt(n_hidden), (n_hidden, n_hidden))
    W3 = rng.normal(0, 1 / np.sqrt(n_hidden), (n_hidden, n_out))
    return W1, np.zeros(n_hidden), W2, np.zeros(n_hidden), W3, np.zeros(n_out)


def forward(params, x):
    W1, b1, W2, b2, W3, b3 = params
    z1 = x @ W1 + b1
    h1 = leaky(z1)
    z2 = h1 @ W2 + b2
    h2 = np.tanh(z2)
    probs = softmax(h2 @ W3 + b3)
    return probs, (x, z1, h1, h2)


def cross_entropy(probs, targets):
    return -(targets * np.log(probs)).sum(1).mean()


def backward(params, cache, probs, targets):
    _, _, W2, _, W3, _ = params
    x, z1, h1, h2 = cache
    d3 = (probs - targets) / len(targets)
    d2 = (d3 @ W3.T) * (1 - h2 * h2)
    d1 = (d2 @ W2.T) * np.where(z1 > 0, 1.0, SLOPE)
    return (x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0))


def sgd(params, grads, lr):
    return tuple(p - lr * g for p, g in zip(params, grads))


def main():
    rng = np.random.default_rng(21)
    labels = rng.integers(0, 4, 84)
    x = rng.normal(size=(84, 3)) + np.array([[1, 1, 0], [-1, 1, 1], [0, -1, 1], [1, -1, -1]])[labels]
    targets = np.eye(4)[labels]
    params = init(3, 3, 6, 4)
    for epoch in range(25):
        for xb, tb in zip(np.array_split(x, 4), np.array_split(targets, 4)):
            probs, cache = forward(params, xb)
            loss = cross_entropy(probs, tb)
            grads = backward(params, cache, probs, tb)
            params = sgd(params, grads, lr=0.2)
        if epoch % 5 == 0:
            print(f"epoch {epoch:2d}  loss {loss:.4f}")


if __name__ == "__main__":
    main()
