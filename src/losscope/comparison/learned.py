"""Did the loss change the learning? From first gradients and curves, in sentences."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison.saying import figure, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from losscope.comparison.metrics import Metric

    # Label -> one validation curve a seed (epoch 0 first), None where every run failed.
    Curves = Mapping[str, Sequence[Sequence[float] | None]]


@dataclass(frozen=True)
class Start:
    """The first gradient of one loss beside the reference's: medians over seeds."""

    label: str
    times_as_long: float
    degrees: float | None


@dataclass(frozen=True)
class Learning:
    """Whether the losses learned differently, and the sentences that say how."""

    changed: bool
    sentences: tuple[str, ...]


def judge(curves: Curves, starts: Sequence[Start], reference: str, metric: Metric) -> Learning:
    """Say whether and how learning differed between the losses.

    Parameters
    ----------
    curves
        The primary metric on validation rows, of each loss's and seed's chosen run.
    starts
        First gradients of the losses other than the reference.
    reference
        The first loss.
    metric
        The primary metric.

    Returns
    -------
    Learning
        `changed` unless all curves are the same to the bit.
    """
    if len(curves) < 2:
        return Learning(changed=False, sentences=("Only one loss was trained.",))
    silent = [label for label, each in curves.items() if all(curve is None for curve in each)]
    if len(curves) - len(silent) < 2:
        none = f"Nothing can be said of the learning: no run under {listed(silent)} gave a result."
        return Learning(changed=False, sentences=(none,))
    changed = len({repr([_exact(c) for c in each]) for each in curves.values()}) > 1
    if not changed:
        same = (
            f"The loss did not change the learning: the curves of {listed(list(curves))} are the "
            "same, bit for bit."
        )
        return Learning(changed=False, sentences=(same,))
    said = [
        sentence
        for sentence in (_first_step(starts, reference), _speed(curves, metric))
        if sentence
    ]
    return Learning(changed=True, sentences=tuple(said) or (_ends(curves, metric),))


def _exact(curve: Sequence[float] | None) -> list[str] | None:
    return None if curve is None else [float(value).hex() for value in curve]


def _first_step(starts: Sequence[Start], reference: str) -> str:
    """How long each first gradient is beside the reference's, and by what angle it is turned."""
    parts = []
    for start in starts:
        if start.degrees is None:
            parts.append(f"under {start.label} it is 0")
            continue
        times = f"{figure(start.times_as_long)} times as long"
        turned = f"turned by {start.degrees:.0f}°" if start.degrees >= 0.5 else "not turned"
        if not parts:
            times += f" as under {reference}"
        parts.append(f"under {start.label} it is {times} and {turned}")
    if not parts:
        return ""
    return f"The first gradient, from the same start: {'; '.join(parts)} (median over seeds)."


def _speed(curves: Curves, metric: Metric) -> str:
    """Epochs until the level that even the slowest loss reaches (its median over seeds)."""
    sign = metric.sign()
    bests = {
        label: [
            sign * max(_qualities(c, sign)) for c in each if c is not None and _qualities(c, sign)
        ]
        for label, each in curves.items()
    }
    usable = {label: best for label, best in bests.items() if best}
    if len(usable) < 2:
        return ""
    level = sign * min(sign * statistics.median(best) for best in usable.values())
    needed = {label: _median_epochs(curves[label], level, sign) for label in usable}
    if len(set(needed.values())) == 1:
        return ""
    ordered = sorted(needed.items(), key=lambda item: (item[1], item[0]))
    first_label, first_epochs = ordered[0]
    others = [f"{label} {_epochs(epochs)}" for label, epochs in ordered[1:]]
    unit = "epoch" if first_epochs == 1 else "epochs"
    return (
        f"To a validation {metric.title} of {figure(level)}, {first_label} needs "
        f"{_epochs(first_epochs)} {unit}, {listed(others)} (median over seeds)."
    )


def _median_epochs(each: Sequence[Sequence[float] | None], level: float, sign: float) -> float:
    """Median over seeds of the first epoch at the level; runs that never get there count as ∞."""
    found = []
    for curve in each:
        if curve is not None:
            reached = [e for e, v in enumerate(curve) if sign * v >= sign * level]
            found.append(reached[0] if reached else math.inf)
    # The lower median: an observed epoch, and ∞ only if more than half never get there.
    return statistics.median_low(found)


def _epochs(number: float) -> str:
    return f"{number:.0f}" if math.isfinite(number) else "more than there were"


def _qualities(curve: Sequence[float], sign: float) -> list[float]:
    return [sign * value for value in curve if math.isfinite(value)]


def _ends(curves: Curves, metric: Metric) -> str:
    ends = {
        label: [c[-1] for c in each if c is not None and math.isfinite(c[-1])]
        for label, each in curves.items()
    }
    said = [f"{figure(float(np.mean(end)))} under {label}" for label, end in ends.items() if end]
    return (
        f"The learning differed: after the last epoch the validation {metric.title} is "
        f"{listed(said)}."
    )
