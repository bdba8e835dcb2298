"""Which task a target asks for: told by its values, said aloud, overruled by ``task``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from losscope.data.split import MEMBERS
from losscope.data.words import how_many

if TYPE_CHECKING:
    from losscope.data.column import Column, Floats, Integers

Task: TypeAlias = Literal["binary", "multiclass", "multilabel", "regression", "counts"]
TASKS: tuple[str, ...] = get_args(Task)

CODES = 20  # at most so many whole numbers are taken for codes of classes
FEW = 4  # so few whole numbers are codes even where a class has too few rows to be trained on
MEAN_COUNT = 10  # counts larger than this on average are told by their name only

_COUNT_NAME = re.compile(
    r"(^|[^a-z])(counts?|cnt|number[ _]of|claims|visits|events|arrivals|occurrences)([^a-z]|$)",
    re.IGNORECASE,
)

_PAIRS = (
    ("0", "1"),
    ("-1", "1"),
    ("false", "true"),
    ("f", "t"),
    ("no", "yes"),
    ("n", "y"),
    ("off", "on"),
    ("neg", "pos"),
    ("negative", "positive"),
    ("absent", "present"),
)


def truthy(classes: tuple[str, ...]) -> int | None:
    """Return which of two labels says yes (0/1, no/yes, −1/+1 …), None if neither does."""
    lowered = [label.casefold() for label in classes]
    if len(lowered) == 1:
        lone = [pair.index(lowered[0]) for pair in _PAIRS if lowered[0] in pair]
        return None if not lone else (0 if lone[0] == 1 else -1)
    for no, yes in _PAIRS:
        if sorted(lowered) == sorted((no, yes)):
            return lowered.index(yes)
    return None


def recognise(column: Column) -> tuple[Task, str]:
    """Return the task of one target column without missing values, and the reason as a clause.

    Words and truth values are classes. Two values are classes. Whole numbers are codes of
    classes if they are few (at most 20, five rows or more for each on average, and either three
    rows at least for every one, or at most four values from 0 or 1 up); counts only if they look
    it beyond doubt; else they are measured.
    """
    values, codes = column.coded()
    n = len(values)
    if column.kind != "number":
        kind = "words" if column.kind == "text" else "truth values"
        return ("binary" if n == 2 else "multiclass"), f"{n} different {kind}"
    if n == 2:
        return "binary", "2 different numbers"
    distinct = np.asarray(values, dtype=float)
    if (distinct == np.floor(distinct)).all():
        return _whole(column.name, column.values, distinct, np.bincount(codes))
    return "regression", how_many(n, "different number")


def _whole(name: str, held: Floats, distinct: Floats, members: Integers) -> tuple[Task, str]:
    n = len(distinct)
    if distinct[0] >= 0 and _COUNT_NAME.search(name):
        return "counts", "whole numbers, none negative, under a name that says counts"
    in_a_row = distinct[0] in (0, 1) and distinct[-1] - distinct[0] == n - 1
    codes = members.min() >= MEMBERS or (n <= FEW and in_a_row)
    if n <= CODES and n * 5 <= len(held) and codes:
        return "multiclass", f"{n} different whole numbers"
    if _looks_like_counts(held, distinct) and _thins_out(held, distinct, members):
        few = int((members < MEMBERS).sum())
        why = f", the largest in {MEMBERS - 1} rows or fewer" if few and n <= CODES else ""
        return "counts", f"{n} small whole numbers from 0 up, skewed to the right{why}"
    return "regression", how_many(n, "different whole number")


def _thins_out(held: Floats, distinct: Floats, members: Integers) -> bool:
    """Whether the values in few rows are all large ones, as in the tail of counts."""
    return bool((distinct[members < MEMBERS] > float(np.quantile(held, 0.75))).all())


def _looks_like_counts(held: Floats, distinct: Floats) -> bool:
    """Whether whole numbers look like counts of rare events beyond doubt.

    They begin at 0, leave no gap below the upper quartile, are few on average, and lean right.
    Ages, years, prices and scores fail at one of these.
    """
    if distinct[0] != 0 or distinct[-1] > 2**31:
        return False
    mean = float(held.mean())
    quartile = float(np.quantile(held, 0.75))
    dense = np.count_nonzero(distinct <= quartile) >= quartile + 1
    leans_right = float(((held - mean) ** 3).sum()) > 0
    return bool(dense and quartile >= 1 and mean <= MEAN_COUNT and leans_right)
