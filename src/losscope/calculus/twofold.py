"""Numbers of two doubles, about 32 digits, in the place of arrays.

NumPy hands its functions to the arrays it is given (`__array_ufunc__`, `__array_function__`), so
those of `numpy_functions.py` run on these as they stand. Sums and products keep what rounding takes
from them: Dekker, A Floating-Point Technique for Extending the Available Precision, 1971.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

_SPLITTER = 134217729.0  # 2^27 + 1
_HALVINGS = 6


class OneDoubleOnlyError(TypeError):
    """A function that is not known here; one double computes it."""


class Twofold:
    """hi + lo, elementwise, with hi the nearest double; classes on the last axis."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, hi: Any, lo: Any = 0.0) -> None:
        self.hi = np.asarray(hi, np.float64)
        self.lo = np.broadcast_to(np.asarray(lo, np.float64), self.hi.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return self.hi.shape

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.hi, dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        known = _UFUNCS.get(ufunc)
        if method != "__call__" or known is None or named:
            raise OneDoubleOnlyError(ufunc.__name__)
        return known(*inputs)

    def __array_function__(self, function: Any, _types: Any, args: Any, named: Any) -> Any:
        known = _FUNCTIONS.get(function)
        if known is None:
            raise OneDoubleOnlyError(function.__name__)
        return known(*args, **named)

    def __getitem__(self, place: Any) -> Twofold:
        return Twofold(self.hi[place], self.lo[place])

    def __setitem__(self, place: Any, value: Any) -> None:
        value = _two(value)
        self.hi[place], self.lo[place] = value.hi, value.lo

    def __add__(self, other: Any) -> Any:
        return _add(self, other)

    def __radd__(self, other: Any) -> Any:
        return _add(other, self)

    def __iadd__(self, other: Any) -> Any:
        _writable(self)[...] = _add(self, other)
        return self

    def __sub__(self, other: Any) -> Any:
        return _add(self, -_two(other))

    def __rsub__(self, other: Any) -> Any:
        return _add(other, -self)

    def __mul__(self, other: Any) -> Any:
        return _multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        return _multiply(other, self)

    def __truediv__(self, other: Any) -> Any:
        return _divide(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _divide(other, self)

    def __pow__(self, other: Any) -> Any:
        return _power(self, other)

    def __neg__(self) -> Twofold:
        return _pair(-self.hi, -self.lo)

    def __gt__(self, other: Any) -> Any:
        a, b = _two(self), _two(other)
        return (a.hi > b.hi) | ((a.hi == b.hi) & (a.lo > b.lo))

    def __lt__(self, other: Any) -> Any:
        return _two(other) > self

    def __ge__(self, other: Any) -> Any:
        a, b = _two(self), _two(other)
        return (a.hi > b.hi) | ((a.hi == b.hi) & (a.lo >= b.lo))

    def __le__(self, other: Any) -> Any:
        return _two(other) >= self

    def __eq__(self, other: object) -> Any:
        a, b = _two(self), _two(other)
        return (a.hi == b.hi) & (a.lo == b.lo)

    def __matmul__(self, other: Any) -> Any:
        """What `Others` asks for: the sum of all other columns, as sums from either side."""
        n = self.shape[-1]
        if not np.array_equal(other, 1.0 - np.eye(n)):
            raise OneDoubleOnlyError("matmul")
        return _add(_before(self), _before(self[..., ::-1])[..., ::-1])


def _two(x: Any) -> Twofold:
    return x if isinstance(x, Twofold) else Twofold(x)


def _rounded(hi: Any, lo: Any) -> Twofold:
    """hi + lo for |lo| below |hi|; what overflow left of lo is dropped."""
    if not math.isfinite(lo.sum()):
        lo = np.where(np.isfinite(lo), lo, 0.0)
    total = hi + lo
    left = lo - (total - hi)
    if not math.isfinite(left.sum()):
        left = np.where(np.isfinite(left), left, 0.0)
    return _pair(total, left)


def _pair(hi: Any, lo: Any) -> Twofold:
    """Two arrays of one shape as they are, without a look at them."""
    made = Twofold.__new__(Twofold)
    made.hi, made.lo = hi, lo
    return made


def _sum(a: Any, b: Any) -> Any:
    """A sum and what rounding took from it. Knuth, 1969."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def _product(a: Any, b: Any) -> Any:
    """A product and what rounding took from it. Dekker, 1971."""
    whole = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return whole, ((a1 * b1 - whole) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: Any) -> Any:
    wide = _SPLITTER * a
    high = wide - (wide - a)
    return high, a - high


def _add(a: Any, b: Any) -> Any:
    a, b = _two(a), _two(b)
    total, lost = _sum(a.hi, b.hi)
    below, further = _sum(a.lo, b.lo)
    first = _rounded(total, lost + below)
    return _rounded(first.hi, first.lo + further)


def _multiply(a: Any, b: Any) -> Any:
    a, b = _two(a), _two(b)
    whole, lost = _product(a.hi, b.hi)
    return _rounded(whole, lost + (a.hi * b.lo + a.lo * b.hi))


def _divide(a: Any, b: Any) -> Any:
    a, b = _two(a), _two(b)
    first = a.hi / b.hi
    rest = _add(a, -_multiply(b, first))
    return _rounded(first, rest.hi / b.hi)


def _power(a: Any, power: Any) -> Any:
    a = _two(a)
    if not isinstance(power, Twofold) and np.ndim(power) == 0:
        whole = int(power)
        if whole == power and abs(whole) <= 64:
            return 1.0 / _repeated(a, -whole) if whole < 0 else _repeated(a, whole)
    found = _exp(_multiply(power, _log(a)))
    return _where(a.hi == 0.0, np.power(a.hi, _two(power).hi), found)


def _repeated(a: Any, times: Any) -> Any:
    found = Twofold(np.ones_like(a.hi))
    while times:
        if times & 1:
            found = _multiply(found, a)
        times >>= 1
        a = _multiply(a, a) if times else a
    return found


def constant(value: Any) -> Twofold:
    """A number known to many digits (an mpmath number) as two doubles."""
    first = float(value)
    return Twofold(first, float(value - first) if math.isfinite(first) else 0.0)


_LN2 = Twofold(0.6931471805599453, 2.3190468138462996e-17)
_INVERSE_FACTORIALS = [_divide(1.0, float(math.factorial(n))) for n in range(1, 6)]


def _parts(x: Twofold) -> tuple[Any, Twofold]:
    """x as k log 2 + r: k, and e^r − 1 by its series at r / 64, doubled six times."""
    within = np.clip(np.where(np.isnan(x.hi), 0.0, x.hi), -760.0, 720.0)
    k = np.rint(within / _LN2.hi)
    lo = np.where(within == x.hi, x.lo, 0.0)
    r = _times_power_of_two(_add(Twofold(within, lo), -_multiply(_LN2, k)), 0.5**_HALVINGS)
    tail: Any = 0.0
    for n in range(12, 5, -1):  # the last terms matter by their leading digits
        tail = (tail + 1.0 / math.factorial(n)) * r.hi
    grown = _add(tail, _INVERSE_FACTORIALS[-1])
    for term in reversed(_INVERSE_FACTORIALS[:-1]):
        grown = grown * r + term
    grown = grown * r
    for _ in range(_HALVINGS):
        grown = _times_power_of_two(grown, 2.0) + grown * grown
    return k.astype(np.int32), grown


def _times_power_of_two(x: Twofold, factor: float) -> Twofold:
    return _pair(x.hi * factor, x.lo * factor)


def _scaled(x: Twofold, k: Any) -> Twofold:
    return _pair(np.ldexp(x.hi, k), np.ldexp(x.lo, k))


def _exp(x: Any) -> Any:
    x = _two(x)
    k, grown = _parts(x)
    return _where(np.isnan(x.hi), x, _scaled(grown + 1.0, k))


def _expm1(x: Any) -> Any:
    x = _two(x)
    k, grown = _parts(x)
    far = _where(np.isnan(x.hi), x, _scaled(grown + 1.0, k)) - 1.0
    return _where((k == 0) & ~np.isnan(x.hi), grown, far)


def _corrected(start: Any, correction: Any) -> Any:
    """A double and a correction of it, where there is one."""
    hi = np.where(np.isfinite(correction.hi), correction.hi, 0.0)
    return _add(start, Twofold(hi, np.where(np.isfinite(correction.hi), correction.lo, 0.0)))


def _log(x: Any) -> Any:
    x = _two(x)
    start = np.log(x.hi)
    return _corrected(start, x * _exp(-start) - 1.0)  # one step of Newton's


def _log1p(x: Any) -> Any:
    x = _two(x)
    start = np.log1p(x.hi)
    grown = _expm1(start)
    return _corrected(start, (x - grown) / (grown + 1.0))


def _sqrt(x: Any) -> Any:
    x = _two(x)
    start = np.sqrt(x.hi)
    return _corrected(start, (x - _multiply(start, start)) / (2.0 * start))


def _tanh(x: Any) -> Any:
    size = _absolute(x)
    grown = _expm1(_minimum(size, 50.0) * 2.0)
    return _multiply(grown / (grown + 2.0), np.sign(_two(x).hi))


def _sinh(x: Any) -> Any:
    grown = _expm1(_absolute(x))
    return _multiply((grown + grown / (grown + 1.0)) * 0.5, np.sign(_two(x).hi))


def _cosh(x: Any) -> Any:
    grown = _exp(_absolute(x))
    return (grown + 1.0 / grown) * 0.5


def _absolute(x: Any) -> Any:
    x = _two(x)
    return _where(x.hi < 0.0, -x, x)


def _maximum(a: Any, b: Any) -> Any:
    a, b = _two(a), _two(b)
    return _where((a > b) | np.isnan(a.hi), a, b)


def _minimum(a: Any, b: Any) -> Any:
    return -_maximum(-_two(a), -_two(b))


def _where(condition: Any, then: Any, otherwise: Any) -> Any:
    then, otherwise = _two(then), _two(otherwise)
    lo = np.where(condition, then.lo, otherwise.lo)
    return _pair(np.where(condition, then.hi, otherwise.hi), lo)


# -- functions of a row ----------------------------------------------------------------------------


def _before(x: Twofold) -> Twofold:
    """The sum of the columns before each: doubled distances, no column subtracted."""
    hi, lo = np.zeros_like(x.hi), np.zeros_like(x.hi)
    hi[..., 1:], lo[..., 1:] = x.hi[..., :-1], x.lo[..., :-1]
    found, distance = Twofold(hi, lo), 1
    while distance < x.shape[-1]:
        more = _add(found[..., distance:], found[..., :-distance])
        found = _concatenated(found[..., :distance], more)
        distance *= 2
    return found


def _concatenated(a: Twofold, b: Twofold) -> Twofold:
    return Twofold(np.concatenate([a.hi, b.hi], -1), np.concatenate([a.lo, b.lo], -1))


def _row_sum(x: Any, axis: int = -1, *, keepdims: bool = False) -> Any:
    return _folded(_add, x, axis, keepdims)


def _row_max(x: Any, axis: int = -1, *, keepdims: bool = False) -> Any:
    return _folded(_maximum, x, axis, keepdims)


def _folded(function: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    if axis != -1 or not keepdims:
        raise OneDoubleOnlyError("reduction along another axis")
    while x.shape[-1] > 1:
        half = x.shape[-1] // 2
        joined = function(x[..., :half], x[..., half : 2 * half])
        x = _concatenated(joined, x[..., 2 * half :]) if x.shape[-1] % 2 else joined
    return x


def _argmax(x: Any, axis: int = -1) -> Any:
    leading = x.hi == np.max(x.hi, axis=axis, keepdims=True)
    return np.argmax(np.where(leading, x.lo, -np.inf), axis=axis)


def _sort(x: Any, axis: int = -1) -> Any:
    order = np.lexsort((x.lo, x.hi), axis=axis)
    return _take_along(x, order, axis)


def _take_along(x: Any, places: Any, axis: int = -1) -> Any:
    return Twofold(np.take_along_axis(x.hi, places, axis), np.take_along_axis(x.lo, places, axis))


def _put_along(x: Any, places: Any, values: Any, axis: int = -1) -> None:
    values = _two(values)
    x = _writable(x)
    np.put_along_axis(x.hi, places, values.hi, axis)
    np.put_along_axis(x.lo, places, values.lo, axis)


def _writable(x: Twofold) -> Twofold:
    if not x.lo.flags.writeable:
        x.lo = np.array(x.lo)
    if not x.hi.flags.writeable:
        x.hi = np.array(x.hi)
    return x


def _split(x: Any, parts: Any, axis: int = -1) -> Any:
    x = _writable(x)
    pieces = zip(np.split(x.hi, parts, axis=axis), np.split(x.lo, parts, axis=axis), strict=True)
    return [_pair(hi, lo) for hi, lo in pieces]


def per_class(*weights: Any) -> Twofold:
    """A given number for each class, as `numpy_functions.per_class`."""
    numbers = [_two(weight) for weight in weights]
    return Twofold(np.array([w.hi for w in numbers]), np.array([w.lo for w in numbers]))


def _each(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that moves numbers about, for both doubles."""
    return lambda x, *args, **named: Twofold(
        function(x.hi, *args, **named), function(x.lo, *args, **named)
    )


_UFUNCS: dict[Any, Callable[..., Any]] = {
    np.add: _add,
    np.subtract: lambda a, b: _add(a, -_two(b)),
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.negative: lambda x: -x,
    np.exp: _exp,
    np.expm1: _expm1,
    np.log: _log,
    np.log1p: _log1p,
    np.sqrt: _sqrt,
    np.tanh: _tanh,
    np.sinh: _sinh,
    np.cosh: _cosh,
    np.absolute: _absolute,
    np.sign: lambda x: np.sign(x.hi),
    np.heaviside: lambda x, at: np.heaviside(x.hi, at),
    np.maximum: _maximum,
    np.minimum: _minimum,
    np.greater: lambda a, b: _two(a) > b,
    np.greater_equal: lambda a, b: _two(a) >= b,
    np.less: lambda a, b: _two(b) > a,
    np.less_equal: lambda a, b: _two(b) >= a,
    np.equal: lambda a, b: _two(a) == b,
}
_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.sum: _row_sum,
    np.max: _row_max,
    np.argmax: _argmax,
    np.sort: _sort,
    np.cumsum: lambda x, axis=-1: _add(_before(x), x),  # noqa: ARG005  (classes are the last axis)
    np.take_along_axis: _take_along,
    np.put_along_axis: _put_along,
    np.expand_dims: _each(np.expand_dims),
    np.take: _each(np.take),
    np.split: _split,
    np.shape: lambda x: x.shape,
    np.zeros_like: lambda x: Twofold(np.zeros_like(x.hi), np.zeros_like(x.hi)),
    np.ones_like: lambda x: Twofold(np.ones_like(x.hi)),
}

__all__ = ["OneDoubleOnlyError", "Twofold", "constant", "per_class"]
