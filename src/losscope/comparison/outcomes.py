"""From per-seed values to one of three outcomes a pair: better, equivalent, cannot tell."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from losscope.comparison.statistics import Array, Paired, holm, paired, seeds_to_settle

if TYPE_CHECKING:
    from collections.abc import Mapping

Outcome = Literal["better", "equivalent", "cannot tell"]
LEVEL = 0.05


ROUNDING = 1e-9  # of the margin: a difference that small is the machine's, not the loss's


@dataclass(frozen=True)
class Pair:
    """Two losses, the test between them and what it allows to be said.

    `better` names the better one where the outcome is "better". `enough_seeds` says, where it is
    "cannot tell", how many seeds would settle it if what was seen persists; None if none would.
    """

    a: str
    b: str
    test: Paired
    p_holm: float
    outcome: Outcome
    better: str | None
    enough_seeds: int | None

    def alike(self, margin: float) -> bool:
        """Whether nothing but rounding tells the two apart."""
        return max(abs(self.test.low), abs(self.test.high)) <= ROUNDING * margin


def judge(
    values: Mapping[str, Array],
    *,
    greater_is_better: bool,
    ratio: float,
    margin: float,
) -> tuple[Pair, ...]:
    """Judge every pair of losses.

    Parameters
    ----------
    values
        Label -> primary metric on test rows, one a seed, ``(n,)``; NaN where a run failed.
    greater_is_better
        Direction of the metric.
    ratio
        Test rows divided by training rows.
    margin
        The region of practical equivalence is ±margin.

    Returns
    -------
    One `Pair` for each two labels, in the order given. *Equivalent*: the 95 % interval lies within
    ±margin and the Holm-adjusted test of equivalence (two one-sided tests) is below 5 %; this
    is asked first, since a difference can be certain and yet too small to matter. *Better*: the
    Holm-adjusted p is below 5 %. *Cannot tell*: neither.
    """
    names = list(itertools.combinations(values, 2))
    tests = [paired(values[a], values[b], ratio=ratio, margin=margin) for a, b in names]
    different = holm([test.p for test in tests])
    alike = holm([test.p_equivalent for test in tests])
    result = []
    for (a, b), test, p_holm, p_alike in zip(names, tests, different, alike, strict=True):
        outcome = _outcome(test, margin, p_holm, p_alike)
        a_is_better = (test.difference > 0) == greater_is_better
        better = (a if a_is_better else b) if outcome == "better" else None
        enough = None
        if outcome == "cannot tell":
            enough = seeds_to_settle(
                test, ratio=ratio, margin=margin, pairs=len(names), level=LEVEL
            )
        result.append(Pair(a, b, test, p_holm, outcome, better, enough))
    return tuple(result)


def _outcome(test: Paired, margin: float, p_holm: float, p_alike: float) -> Outcome:
    inside = -margin <= test.low and test.high <= margin
    tied = test.low == test.high and p_holm == 1.0
    if (inside or tied) and p_alike < LEVEL:
        return "equivalent"
    if p_holm < LEVEL:  # NaN, from fewer than two seeds, is not below anything
        return "better"
    return "cannot tell"
