"""Plain lists of numbers, read and written as arrays: weights that were written without NumPy.

A list keeps its identity: numbers are put into it in place, and only where they differ, so that
what a program reads through another name is what was put there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_MOST = 20_000  # numbers in a list that is read as an array
_LONGEST = 4096  # numbers in a list that a pass makes and that is kept like an array


def table(value: Any) -> Array | None:
    """Give a list of numbers, or of equally long lists of them, as an array; None for any other.

    One number at least must be a float: lists of whole numbers are sizes, places and labels.
    """
    if type(value) is not list or not value:
        return None
    rows = value if type(value[0]) is list else [value]
    width = len(rows[0])
    if not width or width * len(rows) > _MOST:
        return None
    if any(type(row) is not list or len(row) != width for row in rows):
        return None
    if not all(_is_number(item) for row in rows for item in row):
        return None
    if not any(isinstance(item, float | np.floating) for row in rows for item in row):
        return None
    return np.array(value, dtype=np.float64)


def _is_number(item: Any) -> bool:
    return isinstance(item, float | np.floating) or type(item) is int


def numbers_in(value: list[Any] | tuple[Any, ...]) -> Array | None:
    """Give what a list or tuple holds as an array, whole numbers too; None for anything else."""
    if all(type(item) in (int, float) for item in value) and 0 < len(value) <= _LONGEST:
        return np.array(value, dtype=np.float64)
    found = table(value)
    return found if found is not None and found.size <= _LONGEST else None


def fill(held: list[Any], numbers: Array) -> None:
    """Put numbers into a list, or into the lists that it holds; what is equal stays as it is."""
    for place, (item, number) in enumerate(zip(held, numbers, strict=True)):
        if type(item) is list:
            fill(item, number)
        elif item != number:
            held[place] = float(number)


def stack(values: list[Any]) -> Array | None:
    """Lay arrays, or numbers, of one shape on top of each other; None where they are not."""
    if not values or any(value is None for value in values):
        return None
    if any(np.shape(value) != np.shape(values[0]) for value in values):
        return None
    return np.array(values, dtype=np.float64)


@dataclass(frozen=True)
class Part:
    """A stretch of one axis of a list: its weights without the bias that stands last."""

    axis: int
    first: int
    end: int
    text: str  # as the program would write it

    @property
    def index(self) -> tuple[slice | int, ...]:
        """The index of the stretch in an array; one entry leaves no axis behind."""
        one = self.end == self.first + 1
        return (
            *[slice(None)] * self.axis,
            self.first if one else slice(self.first, self.end),
        )


def parts(lines: Array, rows: int) -> list[Part]:
    """Cut an array where another line writes it; `lines` holds each entry's (0: nobody does).

    The first `rows` axes are those of several lists that were laid on top of each other: they are
    not cut.  Gives nothing where one line writes all, or where no axis parts what the lines write.
    """
    for axis in range(rows, lines.ndim):
        across = tuple(n for n in range(lines.ndim) if n != axis)
        most = lines.max(axis=across)
        if np.all((lines == 0) | (lines == np.expand_dims(most, across))):
            made = _stretches(most, axis, rows)
            if len(made) > 1:
                return made
    return []


def _stretches(lines: Array, axis: int, rows: int) -> list[Part]:
    """Part one axis into runs of one line.

    What nobody writes stands apart at an end, where a bias is; else it goes with what is before it.
    """
    known = lines.tolist()
    written = [place for place, line in enumerate(known) if line]
    for place in range(written[0], written[-1]):
        known[place] = known[place] or known[place - 1]
    starts = [0, *(n for n in range(1, len(known)) if known[n] != known[n - 1])]
    ends = [*starts[1:], len(known)]
    before = ":, " * (axis - rows)
    names = [
        _spelled(first, end, starts, len(known)) for first, end in zip(starts, ends, strict=True)
    ]
    return [
        Part(axis, first, end, f"[{before}{name}]")
        for first, end, name in zip(starts, ends, names, strict=True)
    ]


def _spelled(first: int, end: int, starts: list[int], size: int) -> str:
    """Write a stretch as a program would: 0, 1:, :-1 and -1."""
    from_behind = starts == [0, size - 1] and size > 2
    if end == first + 1:
        return "-1" if from_behind else str(first)
    last = "" if end == size else "-1" if from_behind else str(end)
    return f"{first or ''}:{last}"
