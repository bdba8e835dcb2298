"""Which runs a comparison needs, round by round, and which learning rate each seed takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison import learning_rates as lr
from losscope.comparison import metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from losscope.comparison.runner import Runner


@dataclass(frozen=True)
class Chosen:
    """For each loss, by place in the plan: its grid, what was added to it, and each seed's choice.

    A choice is None where every run of that seed failed.
    """

    grids: tuple[tuple[float, ...], ...]
    added: tuple[tuple[float, ...], ...]
    choices: tuple[tuple[float | None, ...], ...]


def carry_out(runner: Runner) -> Chosen:
    """Run what the plan's way of choosing learning rates asks for.

    The choice rests on the primary metric on validation rows after the last epoch, since that is
    when a run is measured.
    """
    mode = runner.job.plan.learning_rates.mode
    grids = _grids(runner)
    _run(runner, grids)
    if mode in {"same", "equal-step"}:
        return _one_for_all(runner, grids)
    extended = _extended(runner, grids)
    plan = runner.job.plan
    choices = tuple(
        tuple(lr.best(_quality(runner, place, rates), rates, lr.middle_of(grids[place])))
        for place, rates in enumerate(extended)
    )
    added = tuple(
        tuple(rate for rate in rates if rate not in plan.learning_rates.grid) for rates in extended
    )
    return Chosen(tuple(tuple(sorted(rates)) for rates in extended), added, choices)


def _grids(runner: Runner) -> list[list[float]]:
    plan, keys = runner.job.plan, runner.job.keys
    grid = list(plan.learning_rates.grid)
    if plan.learning_rates.mode != "equal-step":
        return [grid for _ in keys]
    runner.extras()
    starts = [runner.extras_of(seed, "start")["lengths"] for seed in plan.seeds]
    lengths = {key: float(np.median([start[key] for start in starts])) for key in keys}
    scaled = lr.equal_steps(grid, lengths)
    return [scaled[key] for key in keys]


def _run(runner: Runner, grids: list[list[float]]) -> None:
    runner.runs(
        (seed, place, rate)
        for seed in runner.job.plan.seeds
        for place, rates in enumerate(grids)
        for rate in rates
    )


def _extended(runner: Runner, grids: list[list[float]]) -> list[list[float]]:
    """Add values at edges where a seed's winner stands, for every seed of that loss, in rounds."""
    plan = runner.job.plan
    extended = [list(rates) for rates in grids]
    while True:
        grew = False
        for place, rates in enumerate(extended):
            more = lr.extended(
                _quality(runner, place, rates),
                rates,
                grids[place],
                plan.learning_rates.extensions,
            )
            if more is not None:
                rates.append(more)
                grew = True
        if not grew:
            return extended
        _run(runner, extended)


def _one_for_all(runner: Runner, grids: list[list[float]]) -> Chosen:
    quality = {
        key: _quality(runner, place, grids[place]) for place, key in enumerate(runner.job.keys)
    }
    index = lr.common(quality)
    choices = []
    for place, key in enumerate(runner.job.keys):
        failed = np.isnan(quality[key][index])
        choices.append(tuple(None if bad else grids[place][index] for bad in failed))
    nothing: tuple[tuple[float, ...], ...] = tuple(() for _ in grids)
    return Chosen(tuple(map(tuple, grids)), nothing, tuple(choices))


def _quality(runner: Runner, place: int, rates: list[float]) -> NDArray[np.float64]:
    """Primary metric on validation rows, ``(rates, seeds)``; greater is better.

    NaN for a run that failed; −inf for one that ended, but without a finite value.
    """
    plan = runner.job.plan
    sign = metrics.of_plan(plan).sign()
    table = np.full((len(rates), len(plan.seeds)), math.nan)
    for i, rate in enumerate(rates):
        for j, seed in enumerate(plan.seeds):
            run = runner.run_of(seed, place, rate)
            if run["status"] == "ok":
                value = run["last"]["valid"][plan.metric]
                table[i, j] = sign * value if math.isfinite(value) else -math.inf
    return table
