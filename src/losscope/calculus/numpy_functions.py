"""The functions of `functions.py` in NumPy: what generated programs print, and what runs.

Each is right to a few ulps at any finite argument, takes arrays of any shape, keeps the dtype, and
takes classes on the last axis. Their source is printed into generated programs as it stands here.
"""


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


def xexp(x, u):
    return np.where(x == 0.0, 0.0, x * np.exp(u))


def log1p_gap(x):
    r = x / (2.0 + x)  # log1p(x) = 2 artanh(r) = 2 (r + r^3 / 3 + r^5 / 5 + ...)
    s = np.minimum(r * r, 0.06)
    odd = 0.0
    for n in range(29, 1, -2):
        odd = (odd + 1.0 / n) * s
    return np.where(r * r < 0.06, r * (x - 2.0 * odd), x - np.log1p(x))


def log_copower(x, q):
    u = -q * softplus(-x)
    small = np.log(-np.expm1(np.maximum(np.minimum(u, -1e-300), -0.7)))
    near = np.where(x > 30.0, np.log(q) - x, small)
    return np.where(u > -0.7, near, np.log1p(-np.exp(np.minimum(u, -0.7))))


def copower_slope(x, q):
    u = -q * softplus(-np.minimum(x, 40.0))  # beyond 40 the quotient is 1 to the last bit
    return np.where(x > 40.0, 1.0, q * sigmoid(-x) * np.exp(u) / -np.expm1(u))


def sum3(u, v, w):
    first = u + v
    back = first - u
    lost = (u - (first - back)) + (v - back)  # what rounding took from u + v
    return (first + w) + lost


def frozen(x):
    return x


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(shifted)
    below = np.sum(e * (shifted < 0.0), axis=-1, keepdims=True)
    equal = np.sum(e * (shifted >= 0.0), axis=-1, keepdims=True)
    return shifted - np.log1p(below + (equal - 1.0))  # right where p is all but 1


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


def SparsePeak(x):
    p = sparsemax(x)
    top = np.expand_dims(np.argmax(x, axis=-1), -1)
    np.put_along_axis(p, top, 0.0, axis=-1)
    rest = np.sum(p, axis=-1, keepdims=True)  # what the largest does not have
    return np.max(x, axis=-1, keepdims=True) + 0.5 * (Total(p * p) + rest * rest)


def sparsemax(x):
    below = x - np.max(x, axis=-1, keepdims=True)
    falling = -np.sort(-below, axis=-1)
    count = np.cumsum(np.ones_like(x), axis=-1)
    sums = np.cumsum(falling, axis=-1)
    support = np.sum(1.0 + count * falling > sums, axis=-1, keepdims=True)
    level = (np.take_along_axis(sums, support - 1, axis=-1) - 1.0) / support
    return np.maximum(below - level, 0.0)


def length(x):
    peak = np.max(np.abs(x), axis=-1, keepdims=True)
    scale = np.where(peak == 0.0, 1.0, peak)  # squares may overflow or vanish
    return scale, np.sqrt(np.sum((x / scale) ** 2, axis=-1, keepdims=True))


def unit(x):
    scale, norm = length(x)
    return x / scale / np.where(norm == 0.0, 1.0, norm)


def inverse_length(x):
    scale, norm = length(x)
    return np.where(norm == 0.0, 0.0, 1.0 / scale / np.where(norm == 0.0, 1.0, norm))


def MarginPairs(x, y):
    total = np.zeros_like(np.sum(x, axis=-1, keepdims=True))
    for k in range(np.shape(x)[-1]):  # class k as the one that should lead
        room = sum3(1.0, x, -np.take(x, [k], axis=-1))
        lost = np.maximum(room, 0.0) * (1.0 - y) * np.take(y, [k], axis=-1)
        total = total + np.sum(lost, axis=-1, keepdims=True)
    return total


def margin_pulls(x, y):
    pulls = np.zeros_like(x)
    parts = np.split(pulls, np.shape(x)[-1], axis=-1)  # views of single classes
    for k, part in enumerate(parts):
        room = sum3(1.0, x, -np.take(x, [k], axis=-1))
        pull = (room > 0.0) * (1.0 - y) * np.take(y, [k], axis=-1)
        pulls += pull
        part[...] -= np.sum(pull, axis=-1, keepdims=True)
    return pulls


def Head(x, i, heads):
    return np.split(x, heads, axis=-1)[i]


def Place(v, x, i, heads):
    placed = np.zeros_like(x)
    np.split(placed, heads, axis=-1)[i][...] = v  # a view of these columns
    return placed


def per_class(*weights):
    return np.array(weights)


def at_peak(x):
    hit = np.zeros_like(x)
    np.put_along_axis(hit, np.expand_dims(np.argmax(x, axis=-1), -1), 1.0, axis=-1)
    return hit
