"""Small words that sentences are made of: numbers, p values, lists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.outcomes import Pair


def figure(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, a real minus sign and commas at thousands."""
    if value is None or not math.isfinite(value):
        return "undefined"
    size = abs(value)
    if value == 0:
        return "0"
    if 1e-4 <= size < 1e7:
        places = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{places}f}"
    else:
        text = f"{value:.{digits - 1}e}"
    return text.replace("-", "−")


def setting(value: float) -> str:
    """A number as its author would write it: 0.01, 740, 1e−05."""
    text = figure(value)
    return text.rstrip("0").removesuffix(".") if "." in text and "e" not in text else text


def like(value: float, scale: float, digits: int = 2) -> str:
    """A number with as many decimals as `scale` needs for so many digits; 0.012 beside 0.1."""
    if not math.isfinite(value):
        return "undefined"
    if scale <= 0 or not math.isfinite(scale) or not 1e-4 <= scale < 1e7:
        return figure(value)
    places = max(0, digits - 1 - math.floor(math.log10(scale)))
    text = f"{value:,.{places}f}".replace("-", "−")
    return text.removeprefix("−") if float(f"{value:.{places}f}") == 0 else text


def p_value(p: float) -> str:
    """`p = 0.02`, or `p < 0.001`."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.2g}" if p < 0.1 else f"p = {p:.2f}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def count(number: int, thing: str) -> str:
    """`1 seed`, `3 seeds`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def article(thing: str) -> str:
    """`A log-loss`, `An average precision`, `An RMSE`; by sound, for the metrics there are."""
    aloud = thing.startswith(("a", "e", "i", "o", "F1", "RMSE", "MAE", "R²", "RO"))
    return f"{'An' if aloud else 'A'} {thing}"


def settling(pairs: Sequence[Pair]) -> str:
    """How many seeds would settle what is open, or that none would."""
    needed = [pair.enough_seeds for pair in pairs]
    if all(seeds is None for seeds in needed):
        return (
            "More seeds would not settle it, since re-splits share the table's rows; "
            "more rows might."
        )
    found = max(seeds for seeds in needed if seeds is not None)
    some = "" if all(needed) else " for some of them"
    return f"If this persists, about {count(found, 'seed')} would settle it{some}."
