import numpy as np


def make_spirals(n, noise, seed):
    r = np.random.RandomState(seed)
    theta = np.sqrt(r.rand(n)) * 1.5 * np.pi
    a = np.column_stack([np.cos(theta) * theta, np.sin(theta) * theta])
    X = np.vstack([a, -a]) / 4 + noise * r.randn(2 * n, 2)
    y = np.hstack([np.zeros(n), np.ones(n)])
    return X, y[:, None]


def init_params(sizes, seed=0):
    r = np.random.RandomState(seed)
    params = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        params.append(r.randn(fan_in, fan_out) / np.sqrt(fan_in))
        params.append(np.zeros(fan_out))
    return params


def predict(params, X):
    W1, b1, W2, b2, W3, b3 = params
    h1 = np.tanh(X @ W1 + b1)
    h2 = np.tanh(h1 @ W2 + b2)
    logits = h2 @ W3 + b3
    return h1, h2, logits


def bce_with_logits(logits, y):
    # log(1 + e^z) - y z, without overflow
    return np.mean(np.logaddexp(0, logits) - y * logits)


def gradients(params, X, y):
    W1, b1, W2, b2, W3, b3 = params
    h1, h2, logits = predict(params, X)
    p = 1 / (1 + np.exp(-logits))
    d3 = (p - y) / len(X)
    d2 = d3 @ W3.T * (1 - h2 ** 2)
    d1 = d2 @ W2.T * (1 - h1 ** 2)
    return [
        X.T @ d1, d1.sum(0),
        h1.T @ d2, d2.sum(0),
        h2.T @ d3, d3.sum(0),
    ]


def main(lr=0.6, epochs=40, batch_size=40):
    X, y = make_spirals(60, 0.05, seed=1)
    params = init_params([2, 10, 10, 1])
    shuffler = np.random.RandomState(2)
    for epoch in range(epochs):
        order = shuffler.permutation(len(X))
        for batch in np.array_split(order, len(X) // batch_size):
            grads = gradients(params, X[batch], y[batch])
            params = [p - lr * g for p, g in zip(params, grads)]
        if epoch % 10 == 9:
            logits = predict(params, X)[-1]
            loss = bce_with_logits(logits, y)
            acc = ((logits > 0) == y).mean()
            print("epoch %d loss %.4f acc %.2f" % (epoch + 1, loss, acc))


main()
