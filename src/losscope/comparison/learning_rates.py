"""The learning rate as a confound: grids, choices on validation rows, and edges that extend.

- `tuned`: the same grid for each loss; each seed takes the one best on its own validation rows.
- `same`: one learning rate for all losses and seeds, of the best mean rank on validation rows.
- `equal-step`: as `same`, but each loss's rate is scaled so that first steps have equal length.
- `given`: values by the user; several are treated as a grid that is not extended.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from losscope.comparison.plan import MODES, LearningRates, number
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Array = NDArray[np.float64]

GRIDS = {
    "adam": (0.001, 0.003, 0.01, 0.03, 0.1),
    "momentum": (0.003, 0.01, 0.03, 0.1, 0.3),
    "sgd": (0.01, 0.03, 0.1, 0.3, 1.0),
}
EXTENSIONS = 3
RESCUES = 8
"""How far down a grid goes where no value of it led to a finite metric."""


def planned(learning_rates: Any, optimizer: str) -> LearningRates:
    """Read what a user gave: a mode's name, one value or several.

    Raises
    ------
    LosscopeError
        For an unknown mode, or a value that is not a positive number.
    """
    grid = GRIDS.get(optimizer, GRIDS["sgd"])
    if isinstance(learning_rates, str):
        mode = learning_rates.strip().lower().replace("_", "-")
        if mode not in MODES or mode == "given":
            raise LosscopeError(
                f"learning_rates: expected tuned, same, equal-step or numbers such as (0.01, 0.03),"
                f" got {learning_rates!r}"
            )
        return LearningRates(mode, grid, EXTENSIONS if mode == "tuned" else 0)
    try:
        values = list(learning_rates)
    except TypeError:
        values = [learning_rates]
    if not values:
        raise LosscopeError("learning_rates: expected at least one number, got an empty list")
    rates = {number("a learning rate", value, above=True) for value in values}
    return LearningRates("given", tuple(sorted(rates)), 0)


def next_rate(rate: float, up: bool) -> float:
    """The next value on the ladder … 0.001, 0.003, 0.01, 0.03 …, as a decimal to the bit."""
    power = math.floor(math.log10(rate))
    ladder = [float(f"{digit}e{power + i}") for i in (-2, -1, 0, 1, 2) for digit in (1, 3)]
    if up:
        return next(step for step in ladder if step > rate * (1 + 1e-9))
    return next(step for step in reversed(ladder) if step < rate * (1 - 1e-9))


def best(quality: Array, rates: Sequence[float], middle: float) -> list[float | None]:
    """The rate of greatest quality for each seed; None where every run of the seed failed.

    Parameters
    ----------
    quality
        ``(len(rates), seeds)``, greater is better; NaN for failed runs, and −inf for those that
        ended but gave the metric no finite value.
    rates
        The learning rates of the rows.
    middle
        Ties go to the rate nearest to this one (on a logarithmic scale), then to the smaller.
    """
    distance = [(abs(math.log(rate / middle)), rate) for rate in rates]
    order = sorted(range(len(rates)), key=distance.__getitem__)
    found: list[float | None] = []
    for column in quality.T:
        usable = [i for i in order if not math.isnan(column[i])]
        found.append(rates[max(usable, key=column.__getitem__)] if usable else None)
    return found


def middle_of(grid: Sequence[float]) -> float:
    """The middle value of a grid; the lower of two."""
    return sorted(grid)[(len(grid) - 1) // 2]


def extended(
    quality: Array, rates: Sequence[float], grid: Sequence[float], extensions: int
) -> float | None:
    """The rate to add to a loss's grid because some seed's winner stands at its edge, if any.

    An upper edge is asked first. At most `extensions` values are added at each end of `grid`; and
    up to `RESCUES` smaller ones while none of them served some seed, since training that fails at
    all of them takes steps too long for this loss's unit.
    """
    if len(rates) < 2:
        return None
    reached = np.where(np.isfinite(quality), quality, np.nan)
    winners = {rate for rate in best(reached, rates, middle_of(grid)) if rate is not None}
    above = sum(rate > max(grid) for rate in rates)
    below = sum(rate < min(grid) for rate in rates)
    if max(rates) in winners and above < extensions:
        return next_rate(max(rates), up=True)
    lost = bool(np.isnan(reached).all(axis=0).any())
    if (lost and below < RESCUES * (extensions > 0)) or (
        min(rates) in winners and below < extensions
    ):
        return next_rate(min(rates), up=False)
    return None


def common(quality: Mapping[str, Array]) -> int:
    """The place in the grid of best mean rank over losses and seeds.

    Parameters
    ----------
    quality
        Loss -> ``(len(grid), seeds)``, greater is better, NaN for failed runs, which rank last.

    Returns
    -------
    int
        Index into the grid; the place nearest the middle on ties.
    """
    from scipy.stats import rankdata

    columns = np.hstack(list(quality.values()))
    ranks = rankdata(-np.where(np.isnan(columns), -np.inf, columns), axis=0)
    mean = ranks.mean(axis=1)
    middle = (len(mean) - 1) // 2
    return min(range(len(mean)), key=lambda i: (mean[i], abs(i - middle), i))


def equal_steps(grid: Sequence[float], lengths: Mapping[str, float]) -> dict[str, list[float]]:
    """Each loss's grid, scaled so that rate times gradient length is the first loss's.

    `lengths` holds the length of the first gradient, by loss. A loss without a first gradient
    keeps the grid as it is.
    """
    reference = next(iter(lengths.values()))
    scaled = {}
    for loss, length in lengths.items():
        usable = length > 0 and reference > 0
        scaled[loss] = [rate * (reference / length) if usable else rate for rate in grid]
    return scaled
