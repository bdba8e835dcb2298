"""An autoencoder: the input is the target, rightly; sigmoid code, linear output, in place."""
import numpy as np

rng = np.random.default_rng(14)
X = rng.normal(size=(80, 2)) @ rng.normal(size=(2, 5)) + 0.05 * rng.normal(size=(80, 5))
n = len(X)
W_enc = rng.normal(size=(5, 3)) * 0.5
b_enc = np.zeros(3)
W_dec = rng.normal(size=(3, 5)) * 0.5
b_dec = np.zeros(5)
lr = 0.1
losses = []

for epoch in range(150):
    code = 1 / (1 + np.exp(-(X @ W_enc + b_enc)))
    X_hat = code @ W_dec + b_dec
    loss = ((X_hat - X) ** 2).sum(axis=1).mean()
    losses.append(loss)

    g_out = 2 * (X_hat - X) / n
    g_W_dec = code.T @ g_out
    g_b_dec = g_out.sum(axis=0)
    g_code = g_out @ W_dec.T
    g_pre = g_code * code * (1 - code)
    g_W_enc = X.T @ g_pre
    g_b_enc = g_pre.sum(axis=0)

    W_dec -= lr * g_W_dec
    b_dec -= lr * g_b_dec
    W_enc -= lr * g_W_enc
    b_enc -= lr * g_b_enc
print("reconstruction error", losses[0], "->", losses[-1])
