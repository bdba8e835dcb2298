"""Predictions counted in bins, for many runs at once, and figures short enough to be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array

RELIABILITY_BINS = 10
DIGITS = 5


def reliability(task: str, Y: Array, P: Array) -> list[list[list[float]]]:
    """Of each run ``P (R, n, K)``, in bins of equal width: how many, Σ prediction, how often right.

    Of a probability against its outcome; of exclusive classes, the largest against being right.
    Test rows; nothing for values.
    """
    if task not in {"binary", "multiclass", "multilabel"}:
        return [[] for _ in P]
    if task == "multiclass":
        outcome = (P.argmax(axis=2) == Y.argmax(axis=1)).astype(np.float64)
        p = P.max(axis=2)
    else:
        p = P.reshape(len(P), -1)
        outcome = np.broadcast_to(Y.ravel(), p.shape)
    place = np.clip((p * RELIABILITY_BINS).astype(int), 0, RELIABILITY_BINS - 1)
    sums = [_binned(place, RELIABILITY_BINS, w) for w in (None, p, outcome)]
    return [[[short(v) for v in row] for row in run] for run in np.stack(sums, axis=2).tolist()]


def counted(values: Array, edges: Array) -> Any:
    """How many of each run's values ``(R, n)`` lie in each bin; outliers in the first or last."""
    place = np.searchsorted(edges, values, side="right") - 1
    return _binned(np.clip(place, 0, len(edges) - 2), len(edges) - 1)


def _binned(place: Any, bins: int, weights: Array | None = None) -> Any:
    """Sums of weights (or counts) in each bin, ``(R, bins)``, of places ``(R, n)``."""
    runs = len(place)
    of_run = place + bins * np.arange(runs)[:, np.newaxis]
    w = None if weights is None else weights.ravel()
    return np.bincount(of_run.ravel(), w, runs * bins).reshape(runs, bins)


def short(value: float) -> float:
    """Round to few significant digits: these are figures to be drawn, not to be computed with."""
    return float(f"{value:.{DIGITS}g}")
