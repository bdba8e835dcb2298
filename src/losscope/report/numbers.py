"""How numbers are written for people: few digits, true minus signs, `–` where there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTHING = "–"


def finite(value: Any) -> float | None:
    """Give the value as a float, or None when it is missing, NaN or infinite."""
    if value is None or isinstance(value, str):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def brief(value: Any, digits: int = 4) -> str:
    """Write a number with that many significant digits: 0.9740, 54.32, 1,234, 3.1e−05."""
    number = finite(value)
    if number is None:
        return NOTHING
    size = abs(number)
    if size >= 1e7 or 0 < size < 1e-4:
        text = f"{number:.{digits - 1}e}"
    elif size >= 10**digits:
        text = f"{number:,.0f}"
    else:
        text = fixed(number, decimals([number], digits))
    return text.replace("-", "−")


def plain(value: Any) -> str:
    """Write a setting such as a learning rate as its author would: 0.01, 30, 1e−05."""
    number = finite(value)
    return NOTHING if number is None else f"{number:.3g}".replace("e-0", "e-").replace("-", "−")


def decimals(values: Iterable[Any], digits: int) -> int:
    """Choose decimals so that a typical one of the values shows that many significant digits."""
    sizes = sorted(abs(v) for v in map(finite, values) if v)
    if not sizes:
        return digits - 1
    typical = sizes[len(sizes) // 2]
    return min(max(digits - 1 - math.floor(math.log10(typical)), 0), digits + 3)


def fixed(value: Any, places: int, *, sign: bool = False) -> str:
    """Write a number with so many decimals, so that a column of them lines up."""
    number = finite(value)
    if number is None:
        return NOTHING
    text = f"{number:+,.{places}f}" if sign else f"{number:,.{places}f}"
    if not any(c in "123456789" for c in text):  # no −0.000
        text = text.lstrip("+-")
    return text.replace("-", "−")


def probability(value: Any) -> str:
    """Write a p value: three decimals, and below that only that it is below."""
    number = finite(value)
    if number is None:
        return NOTHING
    return "< 0.001" if number < 0.001 else f"{number:.3f}"


def rounded(value: Any, digits: int = 5) -> float | None:
    """Round to significant digits, so that the data inside a picture stay lean."""
    number = finite(value)
    return None if number is None else float(f"{number:.{digits}g}")


def quantile(values: Sequence[float], share: float) -> float:
    """Give a quantile by linear interpolation, as NumPy does; values must not be empty."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Sequence[float]) -> float:
    """Give the middle value; values must not be empty."""
    return quantile(values, 0.5)


def count(number: int, one: str, many: str | None = None) -> str:
    """Write `1 seed`, `10 seeds`, `1,797 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Write `a`, `a and b`, `a, b and c`."""
    return (
        words[0]
        if len(words) == 1
        else ", ".join(words[:-1]) + " and " + words[-1]
        if words
        else ""
    )
