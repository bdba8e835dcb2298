"""Scores made into log-odds on validation rows, where a loss's output is no probability.

A margin loss such as hinge trains scores. Before a metric of probabilities meets them they are
calibrated on validation rows: one target column by Platt's sigmoid (1999; z' = a z + b, with his
smoothed targets), exclusive classes by a temperature (Guo et al. 2017; z' = t z). Neither may turn
scores round: where a falling fit would be best (an untrained network), the fit is all but level, so
that probabilities are the base rate while ranks and the foremost class stay those of the scores.
All stacked runs are fitted at once, each stopping by itself, so that a fit does not depend on its
neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = NDArray[np.float64]
STEPS = 100
HALVINGS = 30
LEVEL = 1e-6  # the least slope, per standard deviation of the scores; it still tells them apart


def log_odds(Z_valid: Array, Y_valid: Array, Z: Array, weights: Array | None) -> Array:
    """Scores `Z (R, N, K)` as log-odds, by a fit on validation rows.

    Parameters
    ----------
    Z_valid, Y_valid
        Validation scores ``(R, n, K)`` and targets ``(n, K)``; one-hot rows if classes are
        exclusive, which is so when every row sums to 1 and K > 1.
    Z
        The scores to turn, ``(R, N, K)``.
    weights
        Weights of the validation rows, ``(n,)`` or None.

    Returns
    -------
    array ``(R, N, K)``
        What a sigmoid (or softmax) turns into calibrated probabilities. NaN for runs whose scores
        are not finite.
    """
    w = np.ones(len(Y_valid)) if weights is None else weights
    finite = np.asarray(np.isfinite(Z_valid).all(axis=(1, 2)))
    scores = np.where(finite[:, np.newaxis, np.newaxis], Z_valid, 0.0).astype(np.float64)
    if Y_valid.shape[1] > 1 and (Y_valid.sum(axis=1) == 1).all():
        temperature = _temperature(scores, Y_valid, w)
        turned = Z * temperature[:, np.newaxis, np.newaxis]
    else:
        fits = [_platt(scores[:, :, k], Y_valid[:, k], w) for k in range(Y_valid.shape[1])]
        slope = np.stack([fit[0] for fit in fits], axis=1)[:, np.newaxis, :]
        shift = np.stack([fit[1] for fit in fits], axis=1)[:, np.newaxis, :]
        turned = Z * slope + shift
    return np.where(finite[:, np.newaxis, np.newaxis], turned, np.nan)


def _platt(z: Array, y: Array, w: Array) -> tuple[Array, Array]:
    """Slope and shift, ``(R,)`` each, of least smoothed log-loss."""
    positive, negative = float((w * y).sum()), float((w * (1 - y)).sum())
    target = np.where(y > 0.5, (positive + 1) / (positive + 2), 1 / (negative + 2))
    scale = _scale(z)
    u = z / scale[:, np.newaxis]

    def cost(theta: Array) -> Array:
        v = theta[0][:, np.newaxis] * u + theta[1][:, np.newaxis]
        return np.asarray((w * (np.logaddexp(0.0, v) - target * v)).sum(axis=1))

    def newton(theta: Array) -> Array:
        p = expit(theta[0][:, np.newaxis] * u + theta[1][:, np.newaxis])
        off, curve = w * (p - target), w * p * (1 - p)
        ga, gb = (off * u).sum(axis=1), off.sum(axis=1)
        haa, hab, hbb = (curve * u * u).sum(axis=1), (curve * u).sum(axis=1), curve.sum(axis=1)
        damping = 1e-12 * (haa + hbb) + 1e-300
        haa, hbb = haa + damping, hbb + damping
        determinant = np.maximum(haa * hbb - hab * hab, 1e-300)
        return np.stack([(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant])

    even = np.full(len(z), np.log((positive + 1) / (negative + 1)))
    slope, shift = _descended(cost, newton, np.stack([np.zeros(len(z)), even]))
    share = float((w * target).sum() / w.sum())
    falling = slope < LEVEL
    shift = np.where(falling, np.log(share / (1 - share)), shift)
    return np.where(falling, LEVEL, slope) / scale, shift


def _temperature(z: Array, Y: Array, w: Array) -> Array:
    """Inverse temperature, ``(R,)``, of least smoothed log-loss."""
    rows, classes = Y.shape
    smooth = classes / (rows + classes)
    target = (1 - smooth) * Y + smooth / classes
    scale = _scale(z.reshape(len(z), -1))
    u = z / scale[:, np.newaxis, np.newaxis]

    def cost(theta: Array) -> Array:
        v = theta[0][:, np.newaxis, np.newaxis] * u
        each = logsumexp(v, axis=2) - (target * v).sum(axis=2)
        return np.asarray((w * each).sum(axis=1))

    def newton(theta: Array) -> Array:
        p = softmax(theta[0][:, np.newaxis, np.newaxis] * u, axis=2)
        mean = (p * u).sum(axis=2)
        slope = (w * (mean - (target * u).sum(axis=2))).sum(axis=1)
        curve = (w * ((p * u * u).sum(axis=2) - mean * mean)).sum(axis=1)
        return np.asarray(slope / np.maximum(curve, 1e-12 * w.sum()))[np.newaxis]

    inverse = _descended(cost, newton, np.zeros((1, len(z))))[0]
    return np.asarray(np.maximum(inverse, LEVEL) / scale)


def _scale(z: Array) -> Array:
    spread = z.std(axis=1)
    return np.where(spread > 0, spread, 1.0)


def _descended(
    cost: Callable[[Array], Array], newton: Callable[[Array], Array], theta: Array
) -> Array:
    """Descend a convex cost ``(R,)`` in parameters ``(P, R)``: Newton steps, halved till they help.

    Each run stops by itself, so that its result does not depend on the others.
    """
    now = cost(theta)
    going = np.ones(len(now), dtype=bool)
    for _ in range(STEPS):
        step = newton(theta)
        size = np.where(going, 1.0, 0.0)
        tried = theta - size * step
        after = cost(tried)
        worse = going & ~(after <= now)
        for _ in range(HALVINGS):
            if not worse.any():
                break
            size = np.where(worse, size / 2, size)
            tried = theta - size * step
            after = cost(tried)
            worse &= ~(after <= now)
        theta = np.where(worse, theta, tried)
        going &= ~worse & (now - after > 1e-14 * np.abs(now))
        now = np.where(worse, now, after)
        if not going.any():
            break
    return theta
