"""Where a target may lie: what a loss declares, checks and is tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Domain:
    """A set of allowed values of an array; rows are examples."""

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """Elementwise (or by row, shape (m, 1)) membership."""
        raise NotImplementedError

    def describe(self) -> str:
        """What is allowed, in words."""
        raise NotImplementedError

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Draw valid values, extremes among them."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        """What the calculus may assume: "real", "unit" or "simplex"."""
        return "real"


@dataclass(frozen=True)
class Interval(Domain):
    """Numbers from `low` to `high`, each end in or out."""

    low: float = float("-inf")
    high: float = float("inf")
    low_in: bool = True
    high_in: bool = True

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """Finite and between the ends; NaN is nowhere."""
        above = values >= self.low if self.low_in else values > self.low
        below = values <= self.high if self.high_in else values < self.high
        return np.asarray(above & below & np.isfinite(values))

    def describe(self) -> str:
        """As an interval, or "any finite number"."""
        if np.isinf(self.low) and np.isinf(self.high):
            return "any finite number"
        if np.isinf(self.high):
            return f"a number {'≥' if self.low_in else '>'} {self.low:g}"
        if np.isinf(self.low):
            return f"a number {'≤' if self.high_in else '<'} {self.high:g}"
        left, right = "[" if self.low_in else "(", "]" if self.high_in else ")"
        return f"a number in {left}{self.low:g}, {self.high:g}{right}"

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Uniform in a bounded interval, log-normal or normal otherwise, ends included."""
        if np.isfinite(self.low) and np.isfinite(self.high):
            drawn = stream.uniform(self.low, self.high, shape)
            ends = [e for e, ok in ((self.low, self.low_in), (self.high, self.high_in)) if ok]
        elif np.isfinite(self.low):
            drawn, ends = self.low + stream.lognormal(0.0, 1.0, shape), [self.low]
            ends = ends if self.low_in else []
        else:
            drawn, ends = stream.normal(0.0, 2.0, shape), []
        at_end = stream.random(shape) < (0.5 if ends else 0.0)
        return np.where(at_end, stream.choice(ends or [0.0], shape), drawn)

    @property
    def kind(self) -> str:
        """Unit: inside [0, 1]."""
        return "unit" if self.low >= 0 and self.high <= 1 else "real"


@dataclass(frozen=True)
class Counts(Domain):
    """The numbers 0, 1, 2 and so on."""

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """Finite, whole, not negative."""
        return np.asarray((values >= 0) & np.isfinite(values) & (np.floor(values) == values))

    def describe(self) -> str:
        """In words."""
        return "a count 0, 1, 2, …"

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Poisson draws with mean 2."""
        return stream.poisson(2.0, shape).astype(np.float64)


@dataclass(frozen=True)
class Values(Domain):
    """One of a few numbers, such as −1 and 1."""

    allowed: tuple[float, ...]

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """One of the allowed numbers."""
        return np.isin(values, self.allowed)

    def describe(self) -> str:
        """The numbers."""
        return " or ".join(f"{value:g}".replace("-", "−") for value in self.allowed)

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Uniform over the allowed numbers."""
        return stream.choice(np.array(self.allowed, dtype=np.float64), shape)

    @property
    def kind(self) -> str:
        """Unit: when all lie in [0, 1]."""
        return "unit" if set(self.allowed) <= {0.0, 1.0} else "real"


@dataclass(frozen=True)
class Simplex(Domain):
    """A row of class probabilities that sum to 1; one-hot rows are its corners."""

    one_hot: bool = False

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """By row: not negative, sum 1 (to 1e-6), one-hot where only that is allowed."""
        inside = np.all(values >= 0, axis=-1, keepdims=True)
        summing = np.abs(np.sum(values, axis=-1, keepdims=True) - 1.0) <= 1e-6
        corners = np.all((values == 0) | (values == 1), axis=-1, keepdims=True)
        return np.asarray(inside & summing & (corners | (not self.one_hot)))

    def describe(self) -> str:
        """In words."""
        if self.one_hot:
            return "a one-hot row: 1 for the class, 0 for the others"
        return "a row of class probabilities that sum to 1 (one-hot for a label)"

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Half corners, half Dirichlet draws."""
        rows, classes = shape
        corners = np.eye(classes)[stream.integers(classes, size=rows)]
        inner = stream.dirichlet(np.ones(classes), size=rows)
        soft = (stream.random((rows, 1)) < 0.5) & (not self.one_hot)
        return np.where(soft, inner, corners)

    @property
    def kind(self) -> str:
        """Simplex."""
        return "simplex"


@dataclass(frozen=True)
class Nonzero(Domain):
    """Any finite number but 0."""

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """Finite and not 0."""
        return np.asarray((values != 0) & np.isfinite(values))

    def describe(self) -> str:
        """In words."""
        return "a finite number other than 0"

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Log-normal, of either sign."""
        return np.asarray(stream.lognormal(0.0, 1.0, shape) * stream.choice([-1.0, 1.0], shape))


@dataclass(frozen=True)
class Or(Domain):
    """One domain, or a marker from another; with `whole_row`, a row lies in one of them whole."""

    first: Domain
    second: Domain
    whole_row: bool = False

    def contains(self, values: Array) -> NDArray[np.bool_]:
        """In either."""
        second = self.second.contains(values)
        if self.whole_row:
            second = np.all(second, axis=-1, keepdims=True)
        return np.asarray(self.first.contains(values) | second)

    def describe(self) -> str:
        """Both, in words."""
        return f"{self.first.describe()}, or {self.second.describe()}"

    def sample(self, stream: np.random.Generator, shape: tuple[int, int]) -> Array:
        """Mostly from the first."""
        first, second = self.first.sample(stream, shape), self.second.sample(stream, shape)
        rows = (shape[0], 1) if self.whole_row else shape
        return np.where(stream.random(rows) < 0.2, second, first)

    @property
    def kind(self) -> str:
        """That of the first: what the calculus assumes holds wherever the marker is not."""
        return self.first.kind


REAL = Interval()
UNIT = Interval(0.0, 1.0)
COUNTS = Counts()
SIGNS = Values((-1.0, 1.0))
SIMPLEX = Simplex()
ONE_HOT = Simplex(one_hot=True)
POSITIVE = Interval(low=0.0, low_in=False)
NONNEGATIVE = Interval(low=0.0)
NONZERO = Nonzero()
ABOVE_MINUS_ONE = Interval(low=-1.0, low_in=False)
BETWEEN = Interval(0.0, 1.0, low_in=False, high_in=False)
ZERO_ONE = Values((0.0, 1.0))
ZERO_OR_ABOVE_ONE = Or(Values((0.0,)), Interval(low=1.0))
