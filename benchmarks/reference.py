"""What no trainer can do without: its matrix products, and one pass of Adam, nothing between."""

from __future__ import annotations

import numpy as np
from numba import njit

F = np.float32


@njit(error_model="numpy", cache=True)
def adam(theta, g, first, second):
    """One fused pass."""
    for j in range(theta.size):
        m = first[j] * F(0.9) + g[j] * F(0.1)
        v = second[j] * F(0.999) + g[j] * g[j] * F(0.001)
        first[j], second[j] = m, v
        theta[j] -= m / (np.sqrt(v) / F(0.03) + F(1e-8)) * F(1e-6)


@njit(error_model="numpy", cache=True)
def epoch(theta, first, second, X, layers, batch):  # noqa: PLR0917
    """All products of all batches for each network in turn; their values mean nothing."""
    depth = len(layers) - 1
    widest = layers.max()
    Z = [np.full(batch * layers[k + 1], F(0.01)) for k in range(depth)]
    dZ = [np.full(batch * layers[k + 1], F(0.01)) for k in range(depth)]
    g = np.full(theta.shape[1], F(0.001))
    spare = np.empty(batch * widest, F)
    for r in range(len(theta)):
        for start in range(0, len(X), batch):
            A = X[start : start + batch]
            at = 0
            for k in range(depth):
                n_in, n_out = layers[k], layers[k + 1]
                W = theta[r, at : at + n_in * n_out].reshape(n_in, n_out)
                out = spare[: batch * n_out].reshape(batch, n_out)
                np.dot(A, W, out)
                A = Z[k].reshape(batch, n_out)
                at += (n_in + 1) * n_out
            for k in range(depth - 1, -1, -1):
                n_in, n_out = layers[k], layers[k + 1]
                at -= (n_in + 1) * n_out
                D = dZ[k].reshape(batch, n_out)
                dW = g[at : at + n_in * n_out].reshape(n_in, n_out)
                if k > 0:
                    below = Z[k - 1].reshape(batch, n_in)
                    np.dot(below.T, D, dW)
                    W = theta[r, at : at + n_in * n_out].reshape(n_in, n_out)
                    np.dot(D, W.T, spare[: batch * n_in].reshape(batch, n_in))
                else:
                    np.dot(X[start : start + batch].T, D, dW)
            adam(theta[r], g, first[r], second[r])
