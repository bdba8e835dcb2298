"""Fit a sine wave with a small MLP and Adam, written from scratch."""
import numpy as np

rng = np.random.RandomState(7)
x = np.linspace(-np.pi, np.pi, 50).reshape(-1, 1)
y = np.sin(x) + 0.05 * rng.randn(50, 1)

layer_sizes = [1, 10, 10, 1]


def init(sizes):
    weights = [rng.randn(a, b) * np.sqrt(1.0 / a) for a, b in zip(sizes[:-1], sizes[1:])]
    biases = [np.zeros(b) for b in sizes[1:]]
    return weights, biases


def forward(x, weights, biases):
    activations = [x]
    for i, (w, b) in enumerate(zip(weights, biases)):
        z = activations[-1] @ w + b
        activations.append(z if i == len(weights) - 1 else np.tanh(z))
    return activations


def mse(pred, target):
    return np.mean((pred - target) ** 2)


def backward(activations, weights, target):
    grad_w, grad_b = [], []
    delta = 2 * (activations[-1] - target) / len(target)
    for i in range(len(weights) - 1, -1, -1):
        grad_w.insert(0, activations[i].T @ delta)
        grad_b.insert(0, delta.sum(axis=0))
        if i > 0:
            delta = delta @ weights[i].T * (1 - activations[i] ** 2)
    return grad_w, grad_b


def adam_step(params, grads, m, v, t, lr=0.02, beta1=0.9, beta2=0.999, eps=1e-8):
    for i in range(len(params)):
        m[i] = beta1 * m[i] + (1 - beta1) * grads[i]
        v[i] = beta2 * v[i] + (1 - beta2) * grads[i] ** 2
        m_hat = m[i] / (1 - beta1 ** t)
        v_hat = v[i] / (1 - beta2 ** t)
        params[i] -= lr * m_hat / (np.sqrt(v_hat) + eps)


def train(steps=80):
    weights, biases = init(layer_sizes)
    mw, vw = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    mb, vb = [np.zeros_like(b) for b in biases], [np.zeros_like(b) for b in biases]
    for t in range(1, steps + 1):
        activations = forward(x, weights, biases)
        loss = mse(activations[-1], y)
        grad_w, grad_b = backward(activations, weights, y)
        adam_step(weights, grad_w, mw, vw, t)
        adam_step(biases, grad_b, mb, vb, t)
        if t % 20 == 0:
            print(f"step {t:4d}  mse {loss:.5f}")
    return weights, biases


if __name__ == "__main__":
    train()
