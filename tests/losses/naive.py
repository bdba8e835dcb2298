"""An independent reading of formulas: mpmath, many digits, no rule of the calculus.

Functions are computed by their definitions (σ is 1 / (1 + e^−x), log (1 − p) is the logarithm of a
difference); precision, not cleverness, makes the result right. Rows are lists of numbers.
"""

from __future__ import annotations

import mpmath as mp
import sympy as sp

from losscope.calculus import functions as f
from losscope.calculus.functions import RAW, K
from losscope.losses import Loss
from losscope.network import activations


def naive_row(loss: Loss, outputs: int) -> sp.Expr:
    """The formula of one example as it was written, over the matched activation."""
    a = activations.get(loss.output).formula(loss.entering(RAW))
    return loss.row(a, loss.target_symbol(), outputs)


def digits(z: list[float]) -> int:
    """Digits that survive naive cancellation at these raw predictions, and differencing."""
    return 150 if max(map(abs, z)) < 100 else 600


def value(loss: Loss, z: list[float], y: list[float]) -> mp.mpf:
    """ℓ at one example."""
    with mp.workdps(digits(z)):
        return evaluate(naive_row(loss, len(z)), z, y)[0]


def slope(loss: Loss, z: list[float], y: list[float], k: int) -> mp.mpf | None:
    """∂ℓ/∂z_k by central differences at many digits; None at a kink."""
    with mp.workdps(digits(z)):
        row, h = naive_row(loss, len(z)), mp.mpf(10) ** (-digits(z) // 6)

        def at(step: mp.mpf) -> mp.mpf:
            moved = [mp.mpf(v) for v in z]
            moved[k] += step
            return evaluate(row, moved, y)[0]

        below, here, above = at(-h), at(mp.mpf(0)), at(h)
        left, right = (here - below) / h, (above - here) / h
        noise = max(abs(here), 1) * mp.mpf(10) ** (10 - digits(z))
        if abs(above - below) <= noise:
            return mp.mpf(0)
        scale = max(abs(left), abs(right))
        if abs(left - right) > scale * mp.mpf(10) ** -6:
            return None
        return (above - below) / (2 * h)


def evaluate(expr: sp.Basic, z: list, y: list, *, size: bool = False) -> list:
    """Every entry of an expression; with `size`, the sum of the sizes of its terms."""
    return _Reading([mp.mpf(v) for v in z], [mp.mpf(v) for v in y], size=size).read(expr)


class _Reading:
    def __init__(self, z: list, y: list, *, size: bool) -> None:
        self.z, self.y, self.size = z, y, size
        self.known: dict[sp.Basic, list] = {}
        self.plain = _Reading(z, y, size=False) if size else self

    def read(self, node: sp.Basic) -> list:
        if node not in self.known:
            self.known[node] = self.work_out(node)
        return self.known[node]

    def work_out(self, node: sp.Basic) -> list:
        method = getattr(self, f"on_{type(node).__name__}", None)
        if method is not None:
            return method(*node.args)
        if node.is_Symbol:
            known = {"z": self.z, "y": self.y, "K": [mp.mpf(len(self.z))]}
            return [self.sized(v) for v in known[node.name]]
        if node.is_Rational:
            return [self.sized(mp.mpf(node.p) / node.q)]
        if node.is_Add:
            return self.add(node)
        if node.is_Mul:
            return _fold(lambda u, v: u * v, [self.read(x) for x in node.args])
        if node.is_Pow:
            below = node.exp.is_number and node.exp.is_negative  # a divisor counts as it is
            base = self.plain.read(node.base) if below else self.read(node.base)
            return [self.sized(v) for v in _each(self.power, base, self.plain.read(node.exp))]
        if isinstance(node, sp.Piecewise):
            return self.piecewise(node)
        if node.is_Relational:
            return _each(_COMPARE[type(node)], self.plain.read(node.lhs), self.plain.read(node.rhs))
        if node == sp.true:
            return [True]
        if node.is_number:
            return [self.sized(mp.mpf(sp.N(node, mp.mp.dps)))]
        function = _ELEMENTWISE[type(node).__name__]
        return [self.sized(v) for v in _each(function, *[self.plain.read(x) for x in node.args])]

    def sized(self, value: mp.mpf) -> mp.mpf:
        return abs(value) if self.size else value

    def add(self, node: sp.Add) -> list:
        terms = [self.read(x) for x in node.args]
        total = _fold(lambda u, v: u + v, terms)
        if not self.size:
            return total
        # One difference of numbers that were given is right to half an ulp: it counts as it is.
        given = all(_is_given(x) for x in node.args) and len(node.args) == 2
        if given:
            return [abs(v) for v in self.plain.read(node)]
        return total

    @staticmethod
    def power(base: mp.mpf, exponent: mp.mpf) -> mp.mpf:
        if base == 0 and exponent <= 0:
            return mp.mpf(1) if exponent == 0 else mp.inf
        return base ** (int(exponent) if exponent == int(exponent) else exponent)

    def piecewise(self, node: sp.Piecewise) -> list:
        cases = [(self.read(e), self.read(c)) for e, c in node.args]
        width = max(len(part) for case in cases for part in case)
        return [next(_at(e, i) for e, c in cases if _at(c, i)) for i in range(width)]

    # -- functions in which the size of terms matters --------------------------------------------

    def on_Gap(self, p, y):
        return self.read(sp.Add(p, -y, evaluate=False))

    def on_relu(self, x):
        plain = self.plain.read(x)
        return [s if v > 0 else mp.mpf(0) for s, v in zip(self.read(x), plain, strict=True)]

    def on_Abs(self, x):
        return [abs(v) for v in self.read(x)]

    def on_frozen(self, x):
        return self.read(x)

    def on_xexp(self, x, u):
        return _each(lambda v, w: v * mp.exp(w), self.read(x), self.plain.read(u))

    def on_xlogy(self, x, y):
        found = _each(lambda v, w: v * mp.log(w) if v else mp.mpf(0), self.read(x), self.read(y))
        return [self.sized(v) for v in found]

    # -- functions of a row ----------------------------------------------------------------------

    def full(self, x) -> list:
        found = self.read(x)
        heads = 1
        width = max(len(self.z) // heads, len(self.y)) if len(found) == 1 else len(found)
        return found if len(found) > 1 else found * width

    def plain_full(self, x) -> list:
        return self.plain.full(x)

    def on_Total(self, x):
        found = self.read(x)
        return [mp.fsum(found if len(found) > 1 else found * len(self.y))]

    def on_Others(self, x):
        found = self.full(x)
        return [mp.fsum(found[:k] + found[k + 1 :]) for k in range(len(found))]

    def on_Peak(self, x):
        found = self.plain_full(x)
        best = max(range(len(found)), key=lambda k: found[k])
        return [self.full(x)[best]]

    def on_at_peak(self, x):
        found = self.plain_full(x)
        first = max(range(len(found)), key=lambda k: (found[k], -k))
        return [mp.mpf(k == first) for k in range(len(found))]

    def on_softmax(self, x):
        e = [mp.exp(v) for v in self.plain_full(x)]
        total = mp.fsum(e)
        return [v / total for v in e]

    def on_log_softmax(self, x):
        return [self.sized(mp.log(v)) for v in self.read(f.softmax(x))]

    def on_log_cosoftmax(self, x):
        return [self.sized(mp.log(1 - v)) for v in self.read(f.softmax(x))]

    def on_sparsemax(self, x):
        u = self.plain_full(x)
        level = _level(u)
        return [max(v - level, mp.mpf(0)) for v in u]

    def on_SparsePeak(self, x):
        u = self.plain_full(x)
        p = self.on_sparsemax(x)
        value = mp.fsum(v * w for v, w in zip(p, u, strict=True))
        return [self.sized(value + (1 - mp.fsum(v * v for v in p)) / 2)]

    def on_unit(self, x):
        u = self.plain_full(x)
        length = mp.sqrt(mp.fsum(v * v for v in u))
        return [self.sized(v / length) if length else mp.mpf(0) for v in u]

    def on_inverse_length(self, x):
        length = mp.sqrt(mp.fsum(v * v for v in self.plain_full(x)))
        return [1 / length if length else mp.mpf(0)]

    def on_MarginPairs(self, x, y):
        u, present = self.plain_full(x), self.plain_full(y)
        pairs = [(i, j) for i in range(len(u)) for j in range(len(u))]
        lost = [(1 - present[i]) * present[j] * max(0, 1 + u[i] - u[j]) for i, j in pairs]
        return [mp.fsum(lost)]

    def on_margin_pulls(self, x, y):
        u, present = self.plain_full(x), self.plain_full(y)
        n = len(u)
        pull = [
            [(1 - present[i]) * present[j] * (1 + u[i] - u[j] > 0) for j in range(n)]
            for i in range(n)
        ]
        return [mp.fsum(pull[k]) - mp.fsum(pull[i][k] for i in range(n)) for k in range(n)]

    def on_Head(self, x, i, heads):
        u = self.read(x)
        width = len(u) // int(heads)
        return [self.sized(v) for v in u[int(i) * width : (int(i) + 1) * width]]

    def on_Place(self, v, x, i, heads):
        width = len(self.z) // int(heads)
        placed = [mp.mpf(0)] * len(self.z)
        found = self.read(v)
        placed[int(i) * width : (int(i) + 1) * width] = found * (width // len(found))
        return placed

    def on_per_class(self, *weights):
        return [self.read(w)[0] for w in weights]


def _is_given(term: sp.Expr) -> bool:
    rest = term.as_coeff_Mul()[1]
    return all(x.is_Symbol or x.is_number or isinstance(x, f.Head) for x in sp.Mul.make_args(rest))


def _level(u: list) -> mp.mpf:
    falling = sorted(u, reverse=True)
    level = mp.mpf(0)
    for n in range(1, len(u) + 1):
        if 1 + n * falling[n - 1] > mp.fsum(falling[:n]):
            level = (mp.fsum(falling[:n]) - 1) / n
    return level


def _at(values: list, i: int):
    return values[0] if len(values) == 1 else values[i]


def _each(function, *rows: list) -> list:
    width = max(len(row) for row in rows)
    return [function(*[_at(row, i) for row in rows]) for i in range(width)]


def _fold(function, rows: list[list]) -> list:
    found = rows[0]
    for row in rows[1:]:
        found = _each(function, found, row)
    return found


_COMPARE = {
    sp.LessThan: lambda u, v: u <= v,
    sp.StrictLessThan: lambda u, v: u < v,
    sp.GreaterThan: lambda u, v: u >= v,
    sp.StrictGreaterThan: lambda u, v: u > v,
    sp.Equality: lambda u, v: u == v,
}
_ELEMENTWISE = {
    "exp": mp.exp,
    "log": mp.log,
    "sign": mp.sign,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "step": lambda x: mp.mpf(x > 0),
    "logcosh": lambda x: mp.log(mp.cosh(x)),
    "log1p": lambda x: mp.log(1 + x),
    "expm1": lambda x: mp.exp(x) - 1,
    "sqrt1pm1": lambda x: mp.sqrt(1 + x) - 1,
    "log1p_gap": lambda x: x - mp.log(1 + x),
    "log_copower": lambda x, q: mp.log(1 - (1 / (1 + mp.exp(-x))) ** q),
    "copower_slope": lambda x, q: (
        -mp.diff(
            lambda t: mp.log(1 - (1 / (1 + mp.exp(-t))) ** q), x, h=mp.mpf(10) ** (-mp.mp.dps // 6)
        )
    ),
    "ndtr": mp.ncdf,
    "sum3": lambda u, v, w: u + v + w,
}
assert K.name == "K"
