"""Metrics of predicted values: RMSE, MAE, R², pinball, Poisson and gamma deviance.

Target ``Y (N, K)`` and predictions ``P (R, N, K)`` are in the target's own units. With several
targets (K > 1) each is measured by itself and the mean is taken, as scikit-learn does by default.
"""

from __future__ import annotations

import numpy as np

from losscope.comparison.metrics._mean import Array, over_rows


def rmse(Y: Array, P: Array, w: Array | None) -> Array:
    """Root mean squared error, as ``sklearn.metrics.root_mean_squared_error``."""
    with np.errstate(over="ignore"):  # a run that is about to fail may be 1e200 away: infinite
        return np.asarray(np.sqrt(over_rows((P - Y) ** 2, w)).mean(axis=1))


def mae(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean absolute error."""
    return np.asarray(over_rows(np.abs(P - Y), w).mean(axis=1))


def r2(Y: Array, P: Array, w: Array | None) -> Array:
    """Share of the variance explained, 1 − Σ(y − a)² / Σ(y − ȳ)².

    A constant target: 1 if it is met exactly, else 0 (scikit-learn's convention). NaN for one row.
    """
    if len(Y) < 2:
        return np.full(len(P), np.nan)
    weights = np.ones(len(Y)) if w is None else w
    center = (Y * weights[:, np.newaxis]).sum(axis=0) / weights.sum()
    spread = (weights[:, np.newaxis] * (Y - center) ** 2).sum(axis=0)
    with np.errstate(over="ignore"):
        error = (weights[np.newaxis, :, np.newaxis] * (P - Y) ** 2).sum(axis=1)
    constant = np.where(error == 0, 1.0, 0.0)
    explained = np.where(spread > 0, 1 - error / np.where(spread > 0, spread, 1.0), constant)
    return np.asarray(explained.mean(axis=1))


def pinball(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean pinball loss at the median, half the mean absolute error."""
    return 0.5 * mae(Y, P, w)


def poisson_deviance(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean Poisson deviance, 2 (y log(y/a) − y + a); NaN unless every y ≥ 0 and a > 0."""
    with np.errstate(all="ignore"):
        surprise = Y * np.log(np.where(Y > 0, Y / P, 1.0))
        each = 2 * (surprise - Y + P)
    return _where_valid((Y >= 0) & (P > 0), each, w)


def gamma_deviance(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean gamma deviance, 2 (log(a/y) + y/a − 1); NaN unless every y > 0 and a > 0."""
    with np.errstate(all="ignore"):
        each = 2 * (np.log(P / Y) + Y / P - 1)
    return _where_valid((Y > 0) & (P > 0), each, w)


def _where_valid(valid: np.ndarray, each: Array, w: Array | None) -> Array:
    valid = np.broadcast_to(valid, each.shape)
    mean = over_rows(np.where(valid, each, 0.0), w).mean(axis=1)
    return np.where(valid.all(axis=(1, 2)), mean, np.nan)
