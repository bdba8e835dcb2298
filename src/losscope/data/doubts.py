"""What makes one doubt a target: numbers no float64 can square, classes that look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.data.words import quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.data.column import Column, Mask

EXACT = 1e-12  # short of a perfect correlation, for rounding
LARGEST = 1e140  # sums of squares of targets, and of predictions near them, stay finite


def refuse_extreme(column: Column, where: Callable[[Mask], str]) -> None:
    """Refuse finite numbers whose squared differences, which errors are made of, leave float64.

    Raises
    ------
    LosscopeError
        For numbers beyond ±1e140, and for numbers that differ by less than 1e-140.
    """
    beyond = np.abs(column.values) > LARGEST
    if beyond.any():
        raise LosscopeError(
            f"target '{column.name}' holds numbers beyond ±{LARGEST:g} in {where(beyond)}, too "
            "large to be squared in float64; express it in a larger unit"
        )
    spread = float(np.ptp(column.values))
    if 0 < spread < 1 / LARGEST:
        raise LosscopeError(
            f"target '{column.name}' holds numbers that differ by {spread:.2g} at most, too little "
            "to be squared in float64; express it in a smaller unit"
        )


def equal(column: Column, target: Column) -> bool:
    """Whether a feature is the target under another name."""
    return column.kind == target.kind and bool((column.values == target.values).all())


def determines(column: Column, target: Column) -> bool:
    """Whether a feature is the target in other words or another unit.

    Its values stand one to one for the target's, each of which comes more than once on average; or
    both are numbers on one straight line.
    """
    if column.missing.any() or target.missing.any():
        return False
    (values, codes), (theirs, others) = column.coded(), target.coded()
    pairs = len(np.unique(codes * len(theirs) + others))
    if len(values) == len(theirs) == pairs and 1 < 2 * pairs <= len(codes):
        return True
    if not column.kind == target.kind == "number" or len(values) < 3 or len(theirs) < 3:
        return False
    with np.errstate(all="ignore"):
        centred = [c.values / np.abs(c.values).max() for c in (column, target)]
        straight = np.corrcoef(*centred)[0, 1]
    return bool(abs(straight) > 1 - EXACT)


def alike(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Warn of classes that differ only in case or spaces: likely one class, spelled twice."""
    by_plain: dict[str, list[str]] = {}
    for label in labels:
        by_plain.setdefault("".join(label.casefold().split()), []).append(label)
    return tuple(
        f"classes {quoted(group)} differ only in case or spaces and are kept apart; if they are "
        "one class, spell it one way"
        for group in by_plain.values()
        if len(group) > 1
    )
