"""The best constant prediction under a loss: the scale on which its values mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.comparison.calibration import Array
    from losscope.losses import Loss

    Cost = Callable[[Array], float]

FAR = 40.0  # a sigmoid or exp this far out is its limit, for any mean over rows
GRID = 201


def best_constant(loss: Loss, output: str, Y: Array, weights: Array | None) -> float:
    """Least mean loss over rows that one raw prediction for all of them can reach.

    Parameters
    ----------
    loss
        The loss that measures.
    output
        The output activation that raw predictions meet.
    Y
        Targets ``(N, K)`` in the loss's own encoding.
    weights
        ``(N,)`` or None.

    Returns
    -------
    float
        The least value found: exact where the outputs are independent (a search over a grid that
        includes the targets, refined), a local search from several starts for exclusive classes.
    """
    rows, counts = _distinct(Y, weights)

    def cost(z: Array) -> float:
        raw = np.broadcast_to(z, rows.shape)
        with np.errstate(all="ignore"):
            value = loss.value(target=rows, raw_prediction=raw.copy(), output=output)
        return float((value * counts).sum() / counts.sum())

    if loss.vector or activations.get(output).vector:
        return _by_search(cost, rows, counts)
    return _by_output(cost, rows, within_targets=output == "identity" and not loss.score)


def _distinct(Y: Array, weights: Array | None) -> tuple[Array, Array]:
    """Distinct rows with their total weights: classes and counts repeat."""
    w = np.ones(len(Y)) if weights is None else weights
    rows, place = np.unique(Y, axis=0, return_inverse=True)
    totals = np.bincount(place.ravel(), weights=w, minlength=len(rows))
    return rows, totals.astype(np.float64)


def _by_output(cost: Cost, rows: Array, *, within_targets: bool) -> float:
    """Outputs are independent under a mean over outputs: improve one after the other."""
    z = np.zeros(rows.shape[1])
    for k in range(len(z)):
        low, high = (-FAR, FAR)
        if within_targets:
            low, high = float(rows[:, k].min()), float(rows[:, k].max())
        grid = np.linspace(low, high, GRID)
        if within_targets:
            grid = np.union1d(grid, np.quantile(rows[:, k], np.linspace(0, 1, GRID)))

        def along(value: float, k: int = k) -> float:
            return cost(np.where(np.arange(len(z)) == k, value, z))

        values = [along(value) for value in grid]
        best = int(np.argmin(values))
        z[k] = grid[best]
        around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
        if around[0] < around[1]:
            found = minimize_scalar(along, bounds=around, method="bounded", options={"xatol": 1e-9})
            if found.fun < values[best]:
                z[k] = found.x
    return cost(z)


def _by_search(cost: Cost, rows: Array, counts: Array) -> float:
    """Exclusive classes: from the class shares, from evenness, and from the commonest class."""
    share = (rows * counts[:, np.newaxis]).sum(axis=0) / counts.sum()
    commonest = np.where(share == share.max(), FAR / 2, -FAR / 2)
    starts = [np.log(np.maximum(share, 1e-12)), np.zeros(len(share)), commonest]
    best = min(starts, key=cost)
    found = minimize(cost, best, method="L-BFGS-B", bounds=[(-FAR, FAR)] * len(share))
    return min(float(found.fun), cost(best))
