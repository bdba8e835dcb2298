"""The best constant prediction under a loss: the scale on which its values mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.comparison.calibration import Array
    from losscope.losses import Loss

    Costs = Callable[[Array], Array]

FAR = 40.0  # a sigmoid or exp this far out is its limit, for any mean over rows
GRID = 201
ZOOMS, ZOOM_GRID = 6, 41
MOST_ROWS = 200_000


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
        The least value found. Where outputs are independent: a search over a grid that includes
        quantiles of the targets, refined where it is least. For exclusive classes: a local search
        from several starts.
    """
    rows, counts = _distinct(Y, weights)

    def costs(candidates: Array) -> Array:
        """Mean loss of each of several raw predictions ``(C, K)``, in blocks of bounded size."""
        size = max(1, MOST_ROWS // len(rows))
        blocks = [candidates[i : i + size] for i in range(0, len(candidates), size)]
        return np.concatenate([_block(loss, output, rows, counts, block) for block in blocks])

    if loss.vector or activations.get(output).vector:
        return _by_search(costs, rows, counts)
    return _by_output(costs, rows, within_targets=output == "identity" and not loss.score)


def _block(loss: Loss, output: str, rows: Array, counts: Array, candidates: Array) -> Array:
    many = len(candidates)
    with np.errstate(all="ignore"):
        value = loss.value(
            target=np.tile(rows, (many, 1)),
            raw_prediction=np.repeat(candidates, len(rows), axis=0),
            output=output,
            exact=False,
        )
    return np.asarray((value.reshape(many, -1) * counts).sum(axis=1) / counts.sum())


def _distinct(Y: Array, weights: Array | None) -> tuple[Array, Array]:
    """Distinct rows with their total weights: classes and counts repeat."""
    w = np.ones(len(Y)) if weights is None else weights
    rows, place = np.unique(Y, axis=0, return_inverse=True)
    totals = np.bincount(place.ravel(), weights=w, minlength=len(rows))
    return rows, totals.astype(np.float64)


def _by_output(costs: Costs, rows: Array, *, within_targets: bool) -> float:
    """Outputs are independent under a mean over outputs: improve one after the other."""
    z = np.zeros((1, rows.shape[1]))
    for k in range(rows.shape[1]):
        low, high = (-FAR, FAR)
        if within_targets:
            low, high = float(rows[:, k].min()), float(rows[:, k].max())
        grid = np.linspace(low, high, GRID)
        if within_targets:  # a median is one of them
            grid = np.union1d(grid, np.quantile(rows[:, k], np.linspace(0, 1, GRID)))
        for _ in range(ZOOMS):
            candidates = np.repeat(z, len(grid), axis=0)
            candidates[:, k] = grid
            best = int(np.argmin(costs(candidates)))
            z[0, k] = grid[best]
            around = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
            grid = np.union1d(np.linspace(*around, ZOOM_GRID), [z[0, k]])
    return float(costs(z)[0])


def _by_search(costs: Costs, rows: Array, counts: Array) -> float:
    """Exclusive classes: from the class shares, from evenness, and from the commonest class."""
    from scipy.optimize import minimize  # a third of a second, when runs are under way

    share = (rows * counts[:, np.newaxis]).sum(axis=0) / counts.sum()
    commonest = np.where(share == share.max(), FAR / 2, -FAR / 2)
    starts = np.stack([np.log(np.maximum(share, 1e-12)), np.zeros(len(share)), commonest])
    at_starts = costs(starts)
    best = starts[int(np.argmin(at_starts))]

    def cost(z: Array) -> float:
        return float(costs(z[np.newaxis])[0])

    found = minimize(cost, best, method="L-BFGS-B", bounds=[(-FAR, FAR)] * len(share))
    return min(float(found.fun), float(at_starts.min()))
