"""Softmax regression at module level: integer labels, an L1 penalty, full batch, rebinding."""
import numpy as np

rng = np.random.default_rng(17)
y = rng.integers(0, 4, size=80)
X = rng.normal(size=(80, 5))
X[np.arange(80), y] += 1.5
N, D = X.shape
W = 0.1 * rng.normal(size=(D, 4))
b = np.zeros(4)
lam, eta = 0.01, 0.4

for it in range(200):
    scores = X.dot(W) + b
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(N), y])) / N + lam * np.sum(np.abs(W))

    dscores = probs.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dW = X.T.dot(dscores) + lam * np.sign(W)
    db = np.sum(dscores, axis=0)

    W = W - eta * dW
    b = b - eta * db
    if it % 50 == 0:
        print("iteration %d: loss %f" % (it, loss))
