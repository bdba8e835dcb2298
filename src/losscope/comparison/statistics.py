"""Paired statistics for learners compared on re-splits of one table.

Re-splits of one table share rows, so their results are not independent: the plain paired t test
calls two equally good learners different 28 % of the time at 10 seeds. Nadeau and Bengio (2003,
"Inference for the Generalization Error") replace the variance of the mean, s²/n, by
s² (1/n + n_test/n_train); that is what is used here. Several pairs: Holm (1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Array: TypeAlias = NDArray[np.float64]
CONFIDENCE = 0.95
MOST_SEEDS = 1000


@dataclass(frozen=True)
class Paired:
    """The corrected paired test of one pair: a − b over the seeds where both have a value.

    `difference` is the mean, `low` and `high` its 95 % interval, `p` the two-sided p value of no
    difference, `p_equivalent` that of a difference as large as the margin. All NaN where there are
    too few seeds to say: an interval needs two.
    """

    seeds: int
    difference: float
    deviation: float
    low: float
    high: float
    p: float
    p_equivalent: float
    a_higher: int
    b_higher: int


def paired(a: Array, b: Array, *, ratio: float, margin: float = 0.0) -> Paired:
    """Nadeau and Bengio's corrected paired t test of per-seed values.

    Parameters
    ----------
    a, b
        One value a seed, ``(n,)``, in the same order; NaN where a run failed. A seed counts only
        if both are finite.
    ratio
        Test rows divided by training rows.
    margin
        Differences up to this are of no practical weight; 0 for none.

    Notes
    -----
    Where all n differences are equal, s = 0 and t means nothing. If they are all 0 the two are
    tied: p = 1, and equivalent. Otherwise either p is at least that of the sign test, 2^(1 − n),
    the least that n agreeing signs can claim. Differences that vary by no more than rounding
    errors count as equal.
    """
    both = np.isfinite(a) & np.isfinite(b)
    first, second = a[both], b[both]
    d = first - second
    n = len(d)
    higher, lower = int((d > 0).sum()), int((d < 0).sum())
    if n == 0:
        nan = math.nan
        return Paired(0, nan, nan, nan, nan, nan, nan, 0, 0)
    mean = float(d.mean())
    if n == 1:
        nan = math.nan
        return Paired(1, mean, nan, nan, nan, nan, nan, higher, lower)
    deviation = float(d.std(ddof=1))
    rounding = 8 * np.finfo(np.float64).eps * float(max(np.abs(first).max(), np.abs(second).max()))
    if deviation <= rounding:
        tied = abs(mean) <= rounding
        p = 1.0 if tied else 2.0 ** (1 - n)
        inside = 0.0 if tied else p if abs(mean) <= margin else 1.0
        return Paired(n, mean, deviation, mean, mean, p, inside, higher, lower)
    from scipy.special import stdtr, stdtrit  # a third of a second, when runs are under way

    error = deviation * math.sqrt(1 / n + ratio)
    half = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * error
    p = 2 * float(stdtr(n - 1, -abs(mean) / error))
    inside = float(stdtr(n - 1, -(margin - abs(mean)) / error))
    return Paired(n, mean, deviation, mean - half, mean + half, p, inside, higher, lower)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: reject where the adjusted p is at most the level.

    NaN (a pair that could not be tested) stays NaN and is not counted as a test.
    """
    adjusted = [math.nan] * len(p_values)
    tested = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    largest = 0.0
    for rank, (p, i) in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * p))
        adjusted[i] = largest
    return adjusted


def seeds_to_settle(
    test: Paired, *, ratio: float, margin: float, pairs: int = 1, level: float = 0.05
) -> int | None:
    """Fewest seeds at which this difference and spread, if they persist, would be settled.

    Settled is: significant at ``level / pairs``, or the interval at that level within the margin.
    None where no number of seeds up to 1,000 does it: the correction for shared rows,
    s²·n_test/n_train, does not shrink with seeds, so that only more rows could.
    """
    if not math.isfinite(test.deviation) or test.deviation == 0:
        return None
    from scipy.special import stdtrit

    for n in range(test.seeds + 1, MOST_SEEDS + 1):
        error = test.deviation * math.sqrt(1 / n + ratio)
        half = float(stdtrit(n - 1, 1 - level / (2 * pairs))) * error
        if abs(test.difference) > half or abs(test.difference) + half < margin:
            return n
    return None
