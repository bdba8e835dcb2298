"""Small words for messages: lists, row numbers, near misses."""

from __future__ import annotations

import difflib
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.data.column import Integers

SHOWN = 5  # rows or names that a sentence lists before it says how many more there are


def listed(items: Iterable[object], shown: int = SHOWN) -> str:
    """Return ``a, b, c`` or ``a, b, c and 7 more``."""
    words = [str(item) for item in items]
    if len(words) <= shown + 1:  # "and 1 more" is longer than the name it hides
        return ", ".join(words)
    return f"{', '.join(words[:shown])} and {len(words) - shown} more"


def quoted(items: Iterable[object], shown: int = SHOWN) -> str:
    """Return the items listed, each in quotes."""
    return listed((f"'{item}'" for item in items), shown)


def rows_phrase(numbers: Integers) -> str:
    """Return ``row 3`` or ``rows 3, 7 and 9``, by the numbers the user knows the rows by."""
    return f"{'row' if len(numbers) == 1 else 'rows'} {listed(numbers)}"


def how_many(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 row`` or ``1,200 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for a near miss, else the empty string."""
    by_plain = {plain(option): option for option in options}
    near = difflib.get_close_matches(plain(word), by_plain, n=1, cutoff=0.6)
    return f" (did you mean '{by_plain[near[0]]}'?)" if near else ""


def plain(word: str) -> str:
    """Return a name without case and punctuation, so that spellings of one name meet."""
    return "".join(letter for letter in word.casefold() if letter.isalnum()) or word


def spelled(value: object) -> str:
    """Return a label as a person writes it: ``1.0`` is ``1``, ``True`` is ``True``."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | float | np.integer | np.floating):
        number = float(value)
        if number.is_integer() and abs(number) < 2**53:
            return str(int(number))
        return repr(number)
    return str(value).strip()


def flattened(shape: tuple[int, ...]) -> str:
    """Say that images were flattened, and what a network would have made of them otherwise."""
    inner, last, size = " × ".join(map(str, shape[1:])), shape[-1], math.prod(shape[1:])
    return (
        f"X has shape {shape}: each example of {inner} was flattened to {size:,} columns, since a "
        "dense layer reads rows. Unflattened, X @ W1 would multiply the last axis alone: weights "
        f"for {last} columns, shared by all {size // last:,} lines of an example, and as many "
        "predictions for each target, which a loss would broadcast without a word"
    )
