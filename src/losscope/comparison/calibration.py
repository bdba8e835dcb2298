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

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = NDArray[np.float64]
Runs: TypeAlias = NDArray[np.intp]
_View: TypeAlias = tuple[Array, Array, Array]
STEPS = 100
HALVINGS = 30
NOTHING = 1e-14  # of the cost: a step that promises less ends the search
NEAR = 1e-3  # and is taken without a look, if it is that short
LEVEL = 1e-6  # the least slope, per standard deviation of the scores; it still tells them apart


Memory: TypeAlias = dict[int, Array]


def log_odds(
    Z_valid: Array,
    Y_valid: Array,
    Z: Array,
    weights: Array | None,
    memory: Memory | None = None,
) -> Array:
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
    memory
        Where fits of the same runs an epoch before began to rest, by column: the search starts
        there, and is three times as short. It is brought up to date.

    Returns
    -------
    array ``(R, N, K)``
        What a sigmoid (or softmax) turns into calibrated probabilities. NaN for runs whose scores
        are not finite.
    """
    w = np.ones(len(Y_valid)) if weights is None else weights
    memory = {} if memory is None else memory
    finite = np.asarray(np.isfinite(Z_valid).all(axis=(1, 2)))
    scores = np.where(finite[:, np.newaxis, np.newaxis], Z_valid, 0.0).astype(np.float64)
    if Y_valid.shape[1] > 1 and (Y_valid.sum(axis=1) == 1).all():
        temperature = _temperature(scores, Y_valid, w, memory)
        turned = Z * temperature[:, np.newaxis, np.newaxis]
    else:
        fits = [
            _platt(scores[:, :, k], Y_valid[:, k], w, memory, k) for k in range(Y_valid.shape[1])
        ]
        slope = np.stack([fit[0] for fit in fits], axis=1)[:, np.newaxis, :]
        shift = np.stack([fit[1] for fit in fits], axis=1)[:, np.newaxis, :]
        turned = Z * slope + shift
    return np.where(finite[:, np.newaxis, np.newaxis], turned, np.nan)


def _platt(z: Array, y: Array, w: Array, memory: Memory, column: int) -> tuple[Array, Array]:
    """Slope and shift, ``(R,)`` each, of least smoothed log-loss."""
    positive, negative = float((w * y).sum()), float((w * (1 - y)).sum())
    target = np.where(y > 0.5, (positive + 1) / (positive + 2), 1 / (negative + 2))
    scale = _scale(z)
    u = z / scale[:, np.newaxis]
    weighted = bool((w != 1).any())

    def look(theta: Array, runs: Runs) -> _View:
        x = u[runs]
        v = theta[0][:, np.newaxis] * x + theta[1][:, np.newaxis]
        e = np.exp(-np.abs(v))
        whole = 1.0 + e
        terms = np.empty((6, *x.shape))  # one array: they are summed in one call
        np.add(np.maximum(v, 0.0), np.log1p(e) - target * v, out=terms[0])
        np.subtract(np.where(v > 0, 1.0, e) / whole, target, out=terms[2])
        np.divide(e, whole * whole, out=terms[5])
        np.multiply(terms[2], x, out=terms[1])
        np.multiply(terms[5], x, out=terms[4])
        np.multiply(terms[4], x, out=terms[3])
        if weighted:
            terms *= w
        cost, ga, gb, haa, hab, hbb = terms.sum(axis=2)
        damping = 1e-12 * (haa + hbb) + 1e-300
        haa, hbb = haa + damping, hbb + damping
        determinant = np.maximum(haa * hbb - hab * hab, 1e-300)
        step = np.stack([hbb * ga - hab * gb, haa * gb - hab * ga]) / determinant
        return cost, step, ga * step[0] + gb * step[1]

    even = np.full(len(z), np.log((positive + 1) / (negative + 1)))
    cold = np.stack([np.zeros(len(z)), even])
    slope, shift = memory[column] = _descended(look, cold, memory.get(column))
    share = float((w * target).sum() / w.sum())
    falling = slope < LEVEL
    shift = np.where(falling, np.log(share / (1 - share)), shift)
    return np.where(falling, LEVEL, slope) / scale, shift


def _temperature(z: Array, Y: Array, w: Array, memory: Memory) -> Array:
    """Inverse temperature, ``(R,)``, of least smoothed log-loss."""
    rows, classes = Y.shape
    smooth = classes / (rows + classes)
    target = (1 - smooth) * Y + smooth / classes
    scale = _scale(z.reshape(len(z), -1))
    u = z / scale[:, np.newaxis, np.newaxis]

    def look(theta: Array, runs: Runs) -> _View:
        x = u[runs]
        v = theta[0][:, np.newaxis, np.newaxis] * x
        top = v.max(axis=2, keepdims=True)
        e = np.exp(v - top)
        total = e.sum(axis=2, keepdims=True)
        p = e / total
        each = (top + np.log(total))[:, :, 0] - (target * v).sum(axis=2)
        mean = (p * x).sum(axis=2)
        slope = (w * (mean - (target * x).sum(axis=2))).sum(axis=1)
        curve = (w * ((p * x * x).sum(axis=2) - mean * mean)).sum(axis=1)
        step = slope / np.maximum(curve, 1e-12 * w.sum())
        return (w * each).sum(axis=1), step[np.newaxis], slope * step

    memory[0] = _descended(look, np.zeros((1, len(z))), memory.get(0))
    inverse = memory[0][0]
    return np.asarray(np.maximum(inverse, LEVEL) / scale)


def _scale(z: Array) -> Array:
    spread = z.std(axis=1)
    return np.where(spread > 0, spread, 1.0)


def _descended(
    look: Callable[[Array, Runs], _View], cold: Array, warm: Array | None = None
) -> Array:
    """The least of a convex cost in parameters ``(P, R)``, sought from `warm` if there is one.

    A search that begins where the cost is all but straight may be stuck; it begins anew at `cold`.
    """
    every = np.arange(cold.shape[1])
    if warm is None:
        return _searched(look, cold, every)[0]
    found, stuck = _searched(look, warm, every)
    if stuck.any():
        found[:, stuck] = _searched(look, cold, every[stuck])[0][:, stuck]
    return found


def _searched(
    look: Callable[[Array, Runs], _View], start: Array, going: Runs
) -> tuple[Array, NDArray[np.bool_]]:
    """Newton steps of some runs, halved till they help, and which runs no halving helped.

    `look` tells of some runs, at parameters ``(P, r)``, their cost, their Newton step, and twice
    what that step promises. Each run stops by itself, where less is promised than rounding hides:
    its result does not depend on the others.
    """
    theta = start.copy()
    stuck = np.zeros(theta.shape[1], dtype=bool)
    cost, step, promised = look(theta[:, going], going)
    for _ in range(STEPS):
        go = ~(promised <= 2 * NOTHING * np.abs(cost))
        near = ~go & (np.abs(step).max(axis=0) < NEAR)
        theta[:, going[near]] -= step[:, near]  # whose gain is too small to be seen
        going, cost, step = going[go], cost[go], step[:, go]
        if not len(going):
            break
        size = np.ones(len(going))
        for _ in range(HALVINGS):
            tried = theta[:, going] - size * step
            after, following, promised = look(tried, going)
            worse = ~(after <= cost)
            if not worse.any():
                break
            size = np.where(worse, size / 2, size)
        stuck[going] |= worse
        theta[:, going] = np.where(worse, theta[:, going], tried)
        cost, step, promised = after, following, np.where(worse, 0.0, promised)
        step[:, worse] = np.inf  # which is not taken any more
    return theta, stuck
