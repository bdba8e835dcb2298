"""Affine - batchnorm - relu - affine - softmax; the usual compact batchnorm backward."""
import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    inv_std = 1.0 / np.sqrt(var + eps)
    x_hat = (x - mu) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)


def batchnorm_backward(dout, cache):
    x_hat, inv_std, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    dx = inv_std / N * (N * dx_hat - dx_hat.sum(axis=0) - x_hat * np.sum(dx_hat * x_hat, axis=0))
    return dx, dgamma, dbeta


def softmax_loss(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    N = len(y)
    loss = -log_probs[np.arange(N), y].mean()
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N


np.random.seed(5)
N, D, H, C = 90, 4, 7, 3
y = np.random.randint(C, size=N)
X = np.random.randn(N, D) + 1.5 * np.random.randn(C, D)[y]

params = {
    "W1": 0.5 * np.random.randn(D, H), "gamma": np.ones(H), "beta": np.zeros(H),
    "W2": 0.5 * np.random.randn(H, C), "b2": np.zeros(C),
}

for t in range(100):
    a = X @ params["W1"]
    n, bn_cache = batchnorm_forward(a, params["gamma"], params["beta"])
    h = np.maximum(0, n)
    scores = h @ params["W2"] + params["b2"]
    loss, dscores = softmax_loss(scores, y)

    grads = {}
    grads["W2"] = h.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dh = dscores @ params["W2"].T
    dn = dh * (n > 0)
    da, grads["gamma"], grads["beta"] = batchnorm_backward(dn, bn_cache)
    grads["W1"] = X.T @ da

    for name in params:
        params[name] -= 0.3 * grads[name]
    if t % 25 == 0:
        print("it %d loss %.4f" % (t, loss))
