"""Whether printed lines are those a page shows, up to what differs between machines.

Text must be equal, and so must counts, line numbers and names. A *measured* number (one with a
decimal point, an exponent or a percent sign) may differ by one unit of its last digit or by 2 %,
since BLAS rounds differently from processor to processor; so may by 2 a count of digits that agree
("right to 10 digits"). A residual that is zero up to rounding may be another such residual, and a
time any time. A line `...` stands for any lines, a word `...`
for any text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

RELATIVE = 0.02
ROUNDING = 1e-7  # printed with an exponent and below this: zero up to rounding (audits: ≤ 1e-8)
DIGITS = 2  # by which a count of digits that agree may differ
_NUMBER = r"[-−+]?\d+(?:\.\d+)?(?:[eE][-−+]?\d+)?"
_TIME = r"(?= (?:s|ms|min|h)\b)"
_MEASURED = re.compile(
    rf"(?<![\w.])(?:(?P<time>{_NUMBER}{_TIME})|(?P<digits>\d+(?= digits\b))"
    r"|(?P<number>[-−+]?(?:\d+\.\d+(?:[eE][-−+]?\d+)?|\d+[eE][-−+]?\d+|\d+(?= ?%))))(?![\w.]\w)"
)
_ANYTHING = re.compile(r"(?:(?<=\s)|^)\.\.\.(?=\s|$)")


def fits(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether all of `printed` is what the page shows; blank lines at the ends do not count."""
    *front, last = _parts(_trimmed(shown))
    rest = _trimmed(printed)
    if not front:
        return len(last) == len(rest) and _all_fit(last, rest)
    head, *middle = front
    if not _all_fit(head, rest[: len(head)]) or len(rest) < len(head) + len(last):
        return False
    end = len(rest) - len(last)
    if not _all_fit(last, rest[end:]):
        return False
    at = len(head)
    for part in middle:  # the first place that fits leaves most room for those after it
        places = range(at, end - len(part) + 1)
        found = next((i for i in places if _all_fit(part, rest[i : i + len(part)])), None)
        if found is None:
            return False
        at = found + len(part)
    return True


def line_fits(shown: str, printed: str) -> bool:
    """Whether one printed line is the one shown."""
    if shown.rstrip() == printed.rstrip():
        return True
    pattern, numbers = _pattern(shown.rstrip())
    match = re.fullmatch(pattern, printed.rstrip())
    return match is not None and all(
        _near(number, found) for number, found in zip(numbers, match.groups(), strict=True)
    )


def rewritten(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """What the page should show: the printed lines, with the page's `...` where they can stay."""
    rest, parts = _trimmed(printed), _parts(_trimmed(shown))
    if len(parts) == 1 or sum(map(len, parts)) > len(rest):
        return _kept(shown, rest)
    *front, last = parts
    result, at, end = [], 0, len(rest) - len(last)
    for i, part in enumerate(front):
        at = at if i == 0 else _nearest(part, rest[:end], at)
        result += [*_kept(part, rest[at : at + len(part)]), "..."]
        at += len(part)
    return result + _kept(last, rest[end:])


def difference(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Lines of a diff from what is shown to what is printed, without those that fit."""
    lines = difflib.unified_diff(
        _trimmed(shown), rewritten(shown, printed), "shown", "printed", lineterm="", n=1
    )
    return list(lines)


def _trimmed(lines: Sequence[str]) -> list[str]:
    return "\n".join(line.rstrip() for line in lines).strip("\n").splitlines()


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Lines between the lines `...`."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _all_fit(shown: Sequence[str], printed: Sequence[str]) -> bool:
    return len(shown) == len(printed) and all(map(line_fits, shown, printed))


def _pattern(shown: str) -> tuple[str, list[str | None]]:
    """A pattern for the line, and its measured numbers; None for one that may be any."""
    pattern, numbers, at = "", [], 0
    for match in _MEASURED.finditer(shown):
        # A number may take more or less room than the one shown, and shift its neighbours.
        pattern += _text(shown[at : match.start()].rstrip(" ")) + rf" *({_NUMBER}) *"
        numbers.append(match["number"] or (match["digits"] and f"{match['digits']} digits"))
        at = match.end() + len(shown[match.end() :]) - len(shown[match.end() :].lstrip(" "))
    return pattern + _text(shown[at:]), numbers


def _text(shown: str) -> str:
    return ".*".join(re.escape(piece) for piece in _ANYTHING.split(shown))


def _near(shown: str | None, printed: str) -> bool:
    if shown is None:
        return True
    if shown.endswith(" digits"):
        return abs(int(shown.split()[0]) - int(printed)) <= DIGITS
    a, b = _value(shown), _value(printed)
    if "e" in shown.lower() and "e" in printed.lower() and max(abs(a), abs(b)) < ROUNDING:
        return True
    unit = max(_unit(shown), _unit(printed))
    return abs(a - b) <= max(1.001 * unit, RELATIVE * abs(a))


def _value(text: str) -> float:
    return float(text.replace("−", "-"))


def _unit(text: str) -> float:
    """One unit of the last digit: 0.01 for 3.14, 1e-5 for 2e-5."""
    mantissa, _, exponent = text.lower().replace("−", "-").partition("e")
    return float(10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])))


def _kept(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Printed lines, each as the page shows it where that fits."""
    return [next((s for s in shown if line_fits(s, line)), line) for line in printed]


def _nearest(part: Sequence[str], printed: Sequence[str], start: int) -> int:
    """Where, from `start` on, most lines of `part` stand."""
    places = range(start, max(start, len(printed) - len(part)) + 1)
    return max(places, key=lambda i: sum(map(line_fits, part, printed[i:])))
