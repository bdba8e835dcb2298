"""Weighted means over rows whose bits do not depend on how many runs are stacked."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def over_rows(values: Array, weights: Array | None) -> Array:
    """Mean over axis 1 of ``(R, N, …)``, weighted by ``(N,)``.

    A product by BLAS would be quicker, and its bits would depend on R: summed by NumPy instead.
    """
    if weights is None:
        return np.asarray(values.mean(axis=1))
    shaped = weights.reshape((1, -1) + (1,) * (values.ndim - 2))
    return np.asarray((values * shaped).sum(axis=1) / weights.sum())


def over_defined(values: Array) -> Array:
    """Mean over the last axis of what is defined (not NaN); NaN where nothing is."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=-1)
    total = np.where(defined, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
