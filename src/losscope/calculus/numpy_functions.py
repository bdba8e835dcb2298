"""The functions of `functions.py` in NumPy: what generated programs print, and what runs.

Each is right to a few ulps at any finite argument, takes arrays of any shape, keeps the dtype, and
takes classes on the last axis. Their source is printed into generated programs as it stands here.
"""

# ruff: noqa: D103  (each is documented where it is declared, in functions.py)
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

import numpy as np


def sigmoid(z):
    with np.errstate(over="ignore"):  # e^1000 is inf, and 1 / inf is the right answer
        return 1.0 / (1.0 + np.exp(-z))


def softplus(z):
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def relu(z):
    return np.maximum(z, 0.0)


def step(z):
    return np.heaviside(z, 0.0)


def logcosh(z):
    small = np.minimum(np.abs(z), 1.0)
    near = np.log1p(2.0 * np.sinh(0.5 * small) ** 2)
    far = np.abs(z) + np.log1p(np.exp(-2.0 * np.abs(z))) - np.log(2.0)
    return np.where(np.abs(z) < 1.0, near, far)


def sqrt1pm1(x):
    return x / (np.sqrt(1.0 + x) + 1.0)


def ndtr(z):
    from scipy.special import ndtr as normal_cdf  # NumPy has no error function

    return normal_cdf(z)


def xlogy(x, y):
    return np.where(x == 0.0, 0.0, x * np.log(np.where(x == 0.0, 1.0, y)))


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(z):
    top = np.expand_dims(np.argmax(z, axis=-1), -1)
    shifted = z - np.take_along_axis(z, top, axis=-1)
    e = np.exp(shifted)
    np.put_along_axis(e, top, 0.0, axis=-1)  # log1p of the rest: right where p is all but 1
    return shifted - np.log1p(np.sum(e, axis=-1, keepdims=True))


def log_cosoftmax(z):
    top = np.expand_dims(np.argmax(z, axis=-1), -1)
    rest = np.array(z)
    np.put_along_axis(rest, top, -np.inf, axis=-1)
    peak = np.max(rest, axis=-1, keepdims=True)
    log_rest = peak + np.log(np.sum(np.exp(rest - peak), axis=-1, keepdims=True))
    first = np.take_along_axis(z, top, axis=-1)
    norm = np.log1p(np.exp(log_rest - first))
    others = np.log1p(-np.minimum(np.exp(z - first - norm), 0.5))
    np.put_along_axis(others, top, log_rest - first - norm, axis=-1)
    return others


def odds_mix(v, z):
    p, log_p, log_q = softmax(z), log_softmax(z), log_cosoftmax(z)
    top = np.expand_dims(np.argmax(z, axis=-1), -1)
    odds = np.exp(np.minimum(log_p - log_q, 0.0)) * v
    first = np.take_along_axis(v * p, top, axis=-1)
    log_q_first = np.take_along_axis(log_q, top, axis=-1)
    np.put_along_axis(odds, top, 0.0, axis=-1)  # the likeliest class apart: its 1 − p may vanish
    from_first = first * np.exp(np.minimum(log_p - log_q_first, 0.0))
    np.put_along_axis(from_first, top, 0.0, axis=-1)
    return p * Others(odds) + from_first


def Others(x):
    n = np.shape(x)[-1]
    return x @ (1.0 - np.eye(n, dtype=np.asarray(x).dtype))


def Total(x):
    return np.sum(x, axis=-1, keepdims=True)


def Peak(x):
    return np.max(x, axis=-1, keepdims=True)


def at_peak(x):
    hit = np.zeros_like(x)
    np.put_along_axis(hit, np.expand_dims(np.argmax(x, axis=-1), -1), 1.0, axis=-1)
    return hit
