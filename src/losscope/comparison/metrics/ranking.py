"""Metrics of ranking: area under the ROC curve, average precision.

Shapes are those of `losscope.comparison.metrics.probability`. Several classes: each against the
rest, then the mean; several labels: the mean over labels. A class that is absent (or, for ROC, the
only one present) has no value: it is left out of the mean, NaN where nothing is left. There
scikit-learn warns or raises.
"""

from __future__ import annotations

import numpy as np

from losscope.comparison.metrics._mean import Array, over_defined


def roc_auc(Y: Array, P: Array, w: Array | None) -> Array:
    """Area under the ROC curve: the chance that a positive outranks a negative, ties a half."""
    return over_defined(np.stack([_roc_auc(*_curve(Y, P, w, k)) for k in _columns(Y)], axis=1))


def average_precision(Y: Array, P: Array, w: Array | None) -> Array:
    """Precision averaged over the recall gained at each distinct threshold, no interpolation."""
    return over_defined(
        np.stack([_average_precision(*_curve(Y, P, w, k)) for k in _columns(Y)], axis=1)
    )


def _columns(Y: Array) -> range:
    return range(Y.shape[1])


def _curve(Y: Array, P: Array, w: Array | None, k: int) -> tuple[Array, Array]:
    """Weights of true and of false positives (R, N), taking rows from the highest score down.

    Rows of equal score enter together: each place within a tie holds the counts of its end, so
    that the steps inside a tie have width zero and drop out of any sum over steps.
    """
    weights = np.ones(len(Y)) if w is None else w
    order = np.argsort(-P[:, :, k], axis=1, kind="stable")
    score = np.take_along_axis(P[:, :, k], order, axis=1)
    true = np.cumsum((Y[:, k] * weights)[order], axis=1)
    false = np.cumsum(((1 - Y[:, k]) * weights)[order], axis=1)
    rows = score.shape[1]
    ends = np.ones(score.shape, dtype=bool)
    ends[:, :-1] = score[:, 1:] != score[:, :-1]
    place = np.where(ends, np.arange(rows), rows - 1)
    place = np.minimum.accumulate(place[:, ::-1], axis=1)[:, ::-1]
    return np.take_along_axis(true, place, axis=1), np.take_along_axis(false, place, axis=1)


def _roc_auc(true: Array, false: Array) -> Array:
    if true[0, -1] == 0 or false[0, -1] == 0:
        return np.full(len(true), np.nan)
    before = np.zeros((len(true), 1))
    width = np.diff(false, axis=1, prepend=before)
    height = true + np.hstack([before, true[:, :-1]])
    return np.asarray((width * height).sum(axis=1) / (2 * true[:, -1] * false[:, -1]))


def _average_precision(true: Array, false: Array) -> Array:
    if true[0, -1] == 0:
        return np.full(len(true), np.nan)
    gained = np.diff(true, axis=1, prepend=np.zeros((len(true), 1)))
    chosen = true + false
    precision = np.where(chosen > 0, true / np.where(chosen > 0, chosen, 1.0), 0.0)
    return np.asarray((gained * precision).sum(axis=1) / true[:, -1])
