"""Centre and scale, fitted on training rows alone, exact far from zero and near the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from losscope.data.column import Floats, Integers, Mask


@dataclass(frozen=True, eq=False)
class Scaling:
    """Per column: ``(x − low − mean) / spread``, computed on x / 2^exponent.

    Dividing by a power of two is exact and keeps squares of 1e300 from overflowing; subtracting
    the lowest value first keeps the digits of a column such as 1e15 + small. ``flat`` marks columns
    that hold one value in all training rows.
    """

    exponent: Integers
    low: Floats
    mean: Floats
    spread: Floats
    flat: Mask

    def apply(self, matrix: Floats) -> Floats:
        """Return the matrix centred and scaled; NaN stays NaN."""
        with np.errstate(over="ignore"):  # a row 1e300 times the training rows
            small = np.ldexp(matrix, -self.exponent)
            return np.asarray((small - self.low - self.mean) / self.spread)

    @property
    def centre(self) -> Floats:
        """Mean of the training rows, in the columns' own units."""
        return np.asarray(np.ldexp(self.low + self.mean, self.exponent))

    @property
    def scale(self) -> Floats:
        """Standard deviation of the training rows (1 where they are flat)."""
        return np.asarray(np.ldexp(self.spread, self.exponent))


def fit_scaling(training: Floats) -> Scaling:
    """Fit on (n, d) training rows, NaN where a number is missing (a column may be all NaN)."""
    held = ~np.isnan(training)
    count = np.maximum(held.sum(axis=0), 1)
    largest = np.where(held, np.abs(training), 0.0).max(axis=0)
    lowest = np.where(held, training, np.inf).min(axis=0)
    highest = np.where(held, training, -np.inf).max(axis=0)
    flat = lowest >= highest
    exponent = np.where(flat, 0, np.frexp(largest)[1]).astype(np.int64)
    low = np.where(np.isfinite(lowest), np.ldexp(lowest, -exponent), 0.0)
    above = np.where(held, np.ldexp(training, -exponent) - low, 0.0)
    mean = above.sum(axis=0) / count
    squares = np.where(held, above - mean, 0.0) ** 2
    spread = np.sqrt(squares.sum(axis=0) / count)
    flat = flat | (spread == 0)
    return Scaling(
        exponent=exponent,
        low=low,
        mean=np.where(flat, 0.0, mean),
        spread=np.where(flat, 1.0, spread),
        flat=flat,
    )
