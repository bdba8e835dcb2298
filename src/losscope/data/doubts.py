"""What makes one doubt a target: numbers no float64 can square, classes that look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.data.words import quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.data.column import Column, Mask

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
