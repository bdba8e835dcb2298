"""The functions of `calculus.functions` in PyTorch: read and printed into programs, not imported.

As in `calculus.numpy_functions`: right to a few ulps at any finite argument, classes on the last
dimension. No autograd is needed anywhere.
"""


# mypy: ignore-errors

import torch


def sigmoid(z):
    return torch.sigmoid(z)


def softplus(z):
    return torch.clamp(z, min=0.0) + torch.log1p(torch.exp(-torch.abs(z)))


def relu(z):
    return torch.clamp(z, min=0.0)


def step(z):
    return (z > 0.0).to(z.dtype)


def logcosh(z):
    small = torch.clamp(torch.abs(z), max=1.0)
    near = torch.log1p(2.0 * torch.sinh(0.5 * small) ** 2)
    size = torch.abs(z)
    far = size + torch.log1p(torch.exp(-2.0 * size)) - 0.6931471805599453
    return torch.where(torch.abs(z) < 1.0, near, far)


def sqrt1pm1(x):
    return x / (torch.sqrt(1.0 + x) + 1.0)


def ndtr(z):
    return torch.special.ndtr(z)


def xlogy(x, y):
    return torch.where(x == 0.0, 0.0, x * torch.log(torch.where(x == 0.0, 1.0, y)))


def xexp(x, u):
    return torch.where(x == 0.0, 0.0, x * torch.exp(u))


def log1p_gap(x):
    r = x / (2.0 + x)  # log1p(x) = 2 artanh(r) = 2 (r + r^3 / 3 + r^5 / 5 + ...)
    s = torch.clamp(r * r, max=0.16)
    odd = 0.0
    for n in range(25, 1, -2):
        odd = (odd + 1.0 / n) * s
    return torch.where(r * r < 0.16, r * (x - 2.0 * odd), x - torch.log1p(x))


def log_copower(x, q):
    u = -q * softplus(-x)
    small = torch.log(-torch.expm1(torch.clamp(u, min=-0.7, max=-1e-300)))
    near = torch.where(x > 30.0, torch.log(torch.as_tensor(q, dtype=x.dtype)) - x, small)
    return torch.where(u > -0.7, near, torch.log1p(-torch.exp(torch.clamp(u, max=-0.7))))


def copower_slope(x, q):
    u = -q * softplus(-torch.clamp(x, max=40.0))  # beyond 40 the quotient is 1 to the last bit
    return torch.where(x > 40.0, 1.0, q * sigmoid(-x) * torch.exp(u) / -torch.expm1(u))


def sum3(u, v, w):
    first = u + v
    back = first - u
    lost = (u - (first - back)) + (v - back)  # what rounding took from u + v
    return (first + w) + lost


def frozen(x):
    return x


def softmax(z):
    return torch.softmax(z, dim=-1)


def first_largest(x):
    hit = torch.zeros_like(x, dtype=torch.bool)
    return hit.scatter(dim=-1, index=torch.argmax(x, dim=-1, keepdim=True), value=True)


def log_softmax(z):
    top = first_largest(z)
    shifted = z - torch.amax(z, dim=-1, keepdim=True)
    rest = torch.where(top, 0.0, torch.exp(shifted))
    return shifted - torch.log1p(torch.sum(rest, dim=-1, keepdim=True))


def log_cosoftmax(z):
    top = first_largest(z)
    rest = torch.where(top, -torch.inf, z)
    log_rest = torch.logsumexp(rest, dim=-1, keepdim=True)
    first = torch.amax(z, dim=-1, keepdim=True)
    norm = torch.log1p(torch.exp(log_rest - first))
    others = torch.log1p(-torch.clamp(torch.exp(z - first - norm), max=0.5))
    return torch.where(top, log_rest - first - norm, others)


def odds_mix(v, z):
    p, log_p, log_q = softmax(z), log_softmax(z), log_cosoftmax(z)
    top = first_largest(z)
    odds = torch.where(top, 0.0, torch.exp(torch.clamp(log_p - log_q, max=0.0)) * v)
    first = Total(torch.where(top, v * p, 0.0))
    log_q_first = Total(torch.where(top, log_q, 0.0))
    from_first = first * torch.exp(torch.clamp(log_p - log_q_first, max=0.0))
    return p * Others(odds) + torch.where(top, 0.0, from_first)


def Others(x):
    n = x.shape[-1]
    return x @ (1.0 - torch.eye(n, dtype=x.dtype, device=x.device))


def Total(x):
    return torch.sum(x, dim=-1, keepdim=True)


def Peak(x):
    return torch.amax(x, dim=-1, keepdim=True)


def at_peak(x):
    return first_largest(x).to(x.dtype)


def SparsePeak(x):
    p = torch.where(first_largest(x), 0.0, sparsemax(x))
    rest = Total(p)  # what the largest does not have: all terms positive
    return Peak(x) + 0.5 * (Total(p * p) + rest * rest)


def sparsemax(x):
    below = x - Peak(x)
    falling = torch.sort(below, dim=-1, descending=True).values
    count = torch.cumsum(torch.ones_like(x), dim=-1)
    sums = torch.cumsum(falling, dim=-1)
    support = torch.sum(1.0 + count * falling > sums, dim=-1, keepdim=True)
    level = (torch.gather(sums, dim=-1, index=support - 1) - 1.0) / support
    return torch.clamp(below - level, min=0.0)


def length(x):
    peak = Peak(torch.abs(x))
    scale = torch.where(peak == 0.0, 1.0, peak)  # squares may overflow or vanish
    return scale, torch.sqrt(Total((x / scale) ** 2))


def unit(x):
    scale, norm = length(x)
    return x / scale / torch.where(norm == 0.0, 1.0, norm)


def inverse_length(x):
    scale, norm = length(x)
    inverse = 1.0 / scale / torch.where(norm == 0.0, 1.0, norm)
    return torch.where(norm == 0.0, 0.0, inverse)


def MarginPairs(x, y):
    total = 0.0
    for leading, wanted in zip(x.split(1, dim=-1), y.split(1, dim=-1), strict=True):
        room = sum3(1.0, x, -leading)
        total = total + Total(torch.clamp(room, min=0.0) * (1.0 - y) * wanted)
    return total


def margin_pulls(x, y):
    pulls, back = 0.0, []
    for leading, wanted in zip(x.split(1, dim=-1), y.split(1, dim=-1), strict=True):
        pull = (sum3(1.0, x, -leading) > 0.0) * (1.0 - y) * wanted
        pulls = pulls + pull
        back.append(Total(pull))
    return pulls - torch.cat(back, dim=-1)


def Head(x, i, heads):
    return torch.tensor_split(x, heads, dim=-1)[i]


def Place(v, x, i, heads):
    parts = [torch.zeros_like(part) for part in torch.tensor_split(x, heads, dim=-1)]
    parts[i] = parts[i] + v
    return torch.cat(parts, dim=-1)


def per_class(*weights):
    return torch.tensor(weights, dtype=torch.float64)
