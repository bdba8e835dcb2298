"""Where a picture's axis begins and ends, and where the names of its lines stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LOG_FROM = 10  # a span of more than one power of ten is unreadable on a linear axis


@dataclass(frozen=True)
class Span:
    """The domain of one axis, linear or logarithmic."""

    low: float
    high: float
    log: bool

    @classmethod
    def over(cls, values: Iterable[float], *, log: bool | None = None, room: float = 0.04) -> Span:
        """Fit a span around the values, with a little room on both sides."""
        known = sorted(values)
        if not known:
            return cls(0.0, 1.0, log=False)
        low, high = known[0], known[-1]
        if log is None:
            log = low > 0 and high / low >= _LOG_FROM
        if log:
            stretch = max(high / low, 1.2) ** room
            return cls(low / stretch, high * stretch, log=True)
        stretch = (high - low or abs(high) or 1.0) * room
        return cls(low - stretch, high + stretch, log=False)

    def share(self, value: float) -> float:
        """Say how far along the axis a value lies, from 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """Give the value that lies so far along the axis."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def vega(self) -> dict[str, Any]:
        """Give the arguments of a Vega-Lite scale."""
        made = {
            "type": "log" if self.log else "linear",
            "domain": [self.low, self.high],
            "nice": False,
        }
        return made if self.log else {**made, "zero": False}

    def ticks(self) -> dict[str, Any]:
        """Give the arguments of a Vega-Lite axis: 1, 2, 5, 10 … on a logarithmic one."""
        far = max(abs(self.low), abs(self.high))
        usual = 1e-4 <= far < 1e7 and not (self.log and self.low < 1e-6)
        if not self.log:
            return {"tickCount": 6} if usual else {"tickCount": 6, "format": ".3~g"}
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)))
        steps = (1, 2, 5) if len(powers) <= 3 else (1,)
        marks = [float(f"{step}e{power}") for power in powers for step in steps]
        shown = [m for m in marks if self.low <= m <= self.high]
        return {"values": shown or [self.low, self.high], "format": ",.3~r" if usual else ".3~g"}

    @property
    def note(self) -> str:
        """Give what an axis title adds when its axis is logarithmic."""
        return ", log scale" if self.log else ""


def spread_out(places: Sequence[float], gap: float) -> list[float]:
    """Move places in [0, 1] apart until neighbours are at least a gap from each other.

    Neighbours that collide are merged into a block around their mean, and blocks that then collide
    are merged in turn, so that each name stays as near to its line as the others allow.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    blocks: list[list[int]] = []
    for i in order:
        blocks.append([i])
        while (
            len(blocks) > 1
            and _start(blocks[-1], places, gap) < _end(blocks[-2], places, gap) + gap
        ):
            last = blocks.pop()
            blocks[-1] += last
    moved = list(places)
    for block in blocks:
        first = _start(block, places, gap)
        for k, i in enumerate(block):
            moved[i] = first + k * gap
    return moved


def _start(block: Sequence[int], places: Sequence[float], gap: float) -> float:
    middle = sum(places[i] for i in block) / len(block)
    height = gap * (len(block) - 1)
    return min(max(middle - height / 2, 0.0), max(1.0 - height, 0.0))


def _end(block: Sequence[int], places: Sequence[float], gap: float) -> float:
    return _start(block, places, gap) + gap * (len(block) - 1)
