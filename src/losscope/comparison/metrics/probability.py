"""Metrics of predicted probabilities: log-loss, Brier score, calibration error.

Every function takes a target ``Y (N, K)``, predictions ``P (R, N, K)`` of R stacked runs and
weights ``(N,)`` or None, and gives one value a run, ``(R,)``. K = 1 is binary; a multi-class
target is one-hot. The ``*_labels`` forms take K independent labels and give the mean over labels.
"""

from __future__ import annotations

import numpy as np

from losscope.comparison.metrics._mean import Array, over_rows

BINS = 15


def log_loss(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean negative log-likelihood, as ``sklearn.metrics.log_loss``.

    Probabilities are clipped to [eps, 1 − eps], eps being that of the precision they came in
    (2.2e-16 for float64, 1.2e-7 for float32), so a certain error costs 36.04 or 15.94, not ∞.
    """
    p = _clipped(P)
    if Y.shape[1] == 1:
        return over_rows(_binary_log_loss(Y, p)[:, :, 0], w)
    return over_rows(-(Y * np.log(p)).sum(axis=2), w)


def log_loss_labels(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean over labels of each label's binary log-loss."""
    return over_rows(_binary_log_loss(Y, _clipped(P)).mean(axis=2), w)


def brier(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean squared error of probabilities, as ``sklearn.metrics.brier_score_loss``.

    Binary: (p − y)², from 0 to 1. Multi-class: summed over classes, from 0 to 2.
    """
    return over_rows(((P - Y) ** 2).sum(axis=2), w)


def brier_labels(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean over labels of each label's Brier score."""
    return over_rows(((P - Y) ** 2).mean(axis=2), w)


def calibration_error(Y: Array, P: Array, w: Array | None) -> Array:
    """Expected calibration error over 15 bins of equal width.

    The weighted mean over bins of |mean outcome − mean prediction|. Binary: of the positive
    class's probability. Multi-class: of the largest probability against being right (Guo et al.
    2017, "On Calibration of Modern Neural Networks"). scikit-learn has no such metric.
    """
    if Y.shape[1] == 1:
        return _calibration_error(Y[:, 0], P[:, :, 0], w)
    right = np.take_along_axis(
        np.broadcast_to(Y, P.shape), P.argmax(axis=2)[:, :, np.newaxis], axis=2
    )
    return _calibration_error(right[:, :, 0], P.max(axis=2), w)


def calibration_error_labels(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean over labels of each label's calibration error."""
    each = [_calibration_error(Y[:, k], P[:, :, k], w) for k in range(Y.shape[1])]
    return np.asarray(np.stack(each, axis=1).mean(axis=1))


def _clipped(P: Array) -> Array:
    eps = np.finfo(P.dtype).eps
    return np.asarray(np.clip(P, eps, 1 - eps), dtype=np.float64)


def _binary_log_loss(Y: Array, p: Array) -> Array:
    # 1 − p is taken after clipping, as scikit-learn does.
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))


def _calibration_error(outcome: Array, p: Array, w: Array | None) -> Array:
    runs, rows = p.shape
    weights = np.ones(rows) if w is None else w
    bins = np.clip((p * BINS).astype(np.int64), 0, BINS - 1)
    place = (bins + BINS * np.arange(runs)[:, np.newaxis]).ravel()
    gap = np.bincount(place, weights=((outcome - p) * weights).ravel(), minlength=BINS * runs)
    return np.asarray(np.abs(gap.reshape(runs, BINS)).sum(axis=1) / weights.sum())
