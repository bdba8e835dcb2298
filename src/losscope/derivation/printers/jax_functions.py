"""The functions of `calculus.functions` in JAX: read and printed into programs, not imported.

As in `calculus.numpy_functions`: right to a few ulps at any finite argument, classes on the last
axis. Nothing is written in place, and `jax.grad` is needed nowhere.
"""


# mypy: ignore-errors

import jax
import jax.numpy as jnp


def sigmoid(z):
    return 1.0 / (1.0 + jnp.exp(-z))


def softplus(z):
    return jnp.maximum(z, 0.0) + jnp.log1p(jnp.exp(-jnp.abs(z)))


def relu(z):
    return jnp.maximum(z, 0.0)


def step(z):
    return jnp.heaviside(z, 0.0)


def logcosh(z):
    small = jnp.minimum(jnp.abs(z), 1.0)
    near = jnp.log1p(2.0 * jnp.sinh(0.5 * small) ** 2)
    far = jnp.abs(z) + jnp.log1p(jnp.exp(-2.0 * jnp.abs(z))) - jnp.log(2.0)
    return jnp.where(jnp.abs(z) < 1.0, near, far)


def sqrt1pm1(x):
    return x / (jnp.sqrt(1.0 + x) + 1.0)


def ndtr(z):
    return jax.scipy.special.ndtr(z)


def xlogy(x, y):
    return jnp.where(x == 0.0, 0.0, x * jnp.log(jnp.where(x == 0.0, 1.0, y)))


def xexp(x, u):
    return jnp.where(x == 0.0, 0.0, x * jnp.exp(u))


def log1p_gap(x):
    r = x / (2.0 + x)  # log1p(x) = 2 artanh(r) = 2 (r + r^3 / 3 + r^5 / 5 + ...)
    s = jnp.minimum(r * r, 0.16)
    odd = 0.0
    for n in range(25, 1, -2):
        odd = (odd + 1.0 / n) * s
    return jnp.where(r * r < 0.16, r * (x - 2.0 * odd), x - jnp.log1p(x))


def log_copower(x, q):
    u = -q * softplus(-x)
    small = jnp.log(-jnp.expm1(jnp.maximum(jnp.minimum(u, -1e-300), -0.7)))
    near = jnp.where(x > 30.0, jnp.log(q) - x, small)
    return jnp.where(u > -0.7, near, jnp.log1p(-jnp.exp(jnp.minimum(u, -0.7))))


def copower_slope(x, q):
    u = -q * softplus(-jnp.minimum(x, 40.0))  # beyond 40 the quotient is 1 to the last bit
    return jnp.where(x > 40.0, 1.0, q * sigmoid(-x) * jnp.exp(u) / -jnp.expm1(u))


def sum3(u, v, w):
    first = u + v
    back = first - u
    lost = (u - (first - back)) + (v - back)  # what rounding took from u + v
    return (first + w) + lost


def frozen(x):
    return x


def softmax(z):
    e = jnp.exp(z - Peak(z))
    return e / Total(e)


def at_peak(x):
    top = jnp.argmax(x, axis=-1)
    return jax.nn.one_hot(top, x.shape[-1], dtype=x.dtype, axis=-1)


def log_softmax(z):
    shifted = z - Peak(z)
    rest = jnp.where(at_peak(z) == 1.0, 0.0, jnp.exp(shifted))
    return shifted - jnp.log1p(Total(rest))


def log_cosoftmax(z):
    top = at_peak(z) == 1.0
    rest = jnp.where(top, -jnp.inf, z)
    peak = Peak(rest)
    log_rest = peak + jnp.log(Total(jnp.exp(rest - peak)))
    first = Peak(z)
    norm = jnp.log1p(jnp.exp(log_rest - first))
    others = jnp.log1p(-jnp.minimum(jnp.exp(z - first - norm), 0.5))
    return jnp.where(top, log_rest - first - norm, others)


def odds_mix(v, z):
    p, log_p, log_q = softmax(z), log_softmax(z), log_cosoftmax(z)
    top = at_peak(z) == 1.0
    odds = jnp.where(top, 0.0, jnp.exp(jnp.minimum(log_p - log_q, 0.0)) * v)
    first = Total(jnp.where(top, v * p, 0.0))
    log_q_first = Total(jnp.where(top, log_q, 0.0))
    from_first = first * jnp.exp(jnp.minimum(log_p - log_q_first, 0.0))
    return p * Others(odds) + jnp.where(top, 0.0, from_first)


def Others(x):
    n = x.shape[-1]
    return x @ (1.0 - jnp.eye(n, dtype=x.dtype))


def Total(x):
    return jnp.sum(x, axis=-1, keepdims=True)


def Peak(x):
    return jnp.max(x, axis=-1, keepdims=True)


def SparsePeak(x):
    p = jnp.where(at_peak(x) == 1.0, 0.0, sparsemax(x))
    rest = Total(p)  # what the largest does not have: all terms positive
    return Peak(x) + 0.5 * (Total(p * p) + rest * rest)


def sparsemax(x):
    below = x - Peak(x)
    falling = -jnp.sort(-below, axis=-1)
    count = jnp.cumsum(jnp.ones_like(x), axis=-1)
    sums = jnp.cumsum(falling, axis=-1)
    support = jnp.sum(1.0 + count * falling > sums, axis=-1, keepdims=True)
    level = (jnp.take_along_axis(sums, support - 1, axis=-1) - 1.0) / support
    return jnp.maximum(below - level, 0.0)


def length(x):
    peak = Peak(jnp.abs(x))
    scale = jnp.where(peak == 0.0, 1.0, peak)  # squares may overflow or vanish
    return scale, jnp.sqrt(Total((x / scale) ** 2))


def unit(x):
    scale, norm = length(x)
    return x / scale / jnp.where(norm == 0.0, 1.0, norm)


def inverse_length(x):
    scale, norm = length(x)
    return jnp.where(norm == 0.0, 0.0, 1.0 / scale / jnp.where(norm == 0.0, 1.0, norm))


def MarginPairs(x, y):
    total = 0.0
    for k in range(x.shape[-1]):  # class k as the one that should lead
        room = sum3(1.0, x, -jnp.take(x, jnp.array([k]), axis=-1))
        wanted = jnp.take(y, jnp.array([k]), axis=-1)
        total = total + Total(jnp.maximum(room, 0.0) * (1.0 - y) * wanted)
    return total


def margin_pulls(x, y):
    pulls, back = 0.0, []
    for k in range(x.shape[-1]):
        room = sum3(1.0, x, -jnp.take(x, jnp.array([k]), axis=-1))
        pull = (room > 0.0) * (1.0 - y) * jnp.take(y, jnp.array([k]), axis=-1)
        pulls = pulls + pull
        back.append(Total(pull))
    return pulls - jnp.concatenate(back, axis=-1)


def Head(x, i, heads):
    return jnp.split(x, heads, axis=-1)[i]


def Place(v, x, i, heads):
    parts = [jnp.zeros_like(part) for part in jnp.split(x, heads, axis=-1)]
    parts[i] = parts[i] + v
    return jnp.concatenate(parts, axis=-1)


def per_class(*weights):
    return jnp.array(weights)
