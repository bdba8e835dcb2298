"""What an instrumented program talks to: it keeps copies of values while a step is probed."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from losscope.auditing import lists
from losscope.auditing.instrument import Site
from losscope.auditing.sets import Ordered
from losscope.auditing.trouble import Stop

Key = tuple[int, str, int]  # line, name, how many times before in this pass
ALL = -1  # in a key: all the values that a place took in one pass, one on top of the other
LARGEST = 4_000_000  # numbers in one array; beyond that nothing is copied
MOST_EVENTS = 20_000

_APPLY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "matmul": operator.matmul,
    "pow": operator.pow,
}


@dataclass(frozen=True)
class Meeting:
    """Two arrays that an operator brought together, and that spread to something larger."""

    operator: str
    sides: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


@dataclass
class Event:
    """One recorded value."""

    key: Key
    site: Site
    value: np.ndarray[Any, Any]
    order: int
    names: list[str] = field(default_factory=list)
    met: Meeting | None = None  # of what spread in an operator


@dataclass
class Trace:
    """All recorded values of one pass, in order."""

    events: dict[Key, Event] = field(default_factory=dict)
    spreads: list[Event] = field(default_factory=list)
    cut: bool = False  # more was computed than is kept

    def value(self, key: Key) -> np.ndarray[Any, Any] | None:
        """Give the value recorded under `key`, if that place was reached."""
        event = self.events.get(key)
        if event is None and key[2] == ALL and not self.cut:
            return self._stacked(key)
        return None if event is None else event.value

    def _stacked(self, key: Key) -> np.ndarray[Any, Any] | None:
        """Lay the values that one place took in turn on top of each other."""
        values: list[np.ndarray[Any, Any]] = []
        while (event := self.events.get((key[0], key[1], len(values)))) is not None:
            values.append(event.value)
        return stacked(values)


def stacked(values: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any] | None:
    """Stack arrays of one shape, one an example; dimensions of size 1 are dropped."""
    if len(values) < 2 or any(v.shape != values[0].shape for v in values):
        return None
    rest = tuple(n for n in values[0].shape if n > 1)
    return np.stack(values).reshape(len(values), *rest)


class Recorder:
    """The object behind `__ls__`."""

    ordered = Ordered  # what the program makes for a set

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.trace: Trace | None = None
        self.keep: set[Key] | None = None  # None: keep everything
        self.on_head: Callable[[int, FrameType], None] | None = None
        self.talkative = False
        self.fault: Exception | None = None
        self._counts: dict[tuple[int, str], int] = {}
        self._order = 0
        self._turns = 0

    def begin(self, keep: set[Key] | None = None) -> Trace:
        """Start a fresh trace and return it."""
        self.keep = keep
        self.trace, self._counts, self._order = Trace(), {}, 0
        self.talkative = True
        return self.trace

    def end(self) -> None:
        """Stop recording."""
        self.trace, self.talkative = None, False

    # -- called by the program ----------------------------------------------------------------

    def head(self, loop: int) -> None:
        """Mark the beginning of a pass of a loop."""
        if self.on_head is None:
            return
        try:
            self.on_head(loop, sys._getframe(1))  # noqa: SLF001 - the frame is the point
        except Exception as error:
            self.fault = error  # ours, not the program's
            raise Stop from error

    def turn(self, sign: float) -> float:
        """Stand in for a printed cost that was taken out: rising or falling at each call."""
        self._turns += 1
        return sign * self._turns

    def talk(self, test: Any) -> Any:
        """Give the branch's own test, or True in a probed pass."""
        return True if self.talkative else test

    def rec(self, number: int, value: Any) -> Any:
        """Keep a copy of `value` if a pass is being probed; give it back as it is."""
        if self.trace is not None:
            self._keep(self.sites[number], value)
        return value

    def item(self, number: int, value: Any) -> None:
        """Keep a copy of what a loop took from its data; a label may be a plain int."""
        if self.trace is not None:
            self._keep(self.sites[number], float(value) if type(value) is int else value)

    def part(self, number: int, value: Any) -> Any:
        """Keep a copy of what is taken out of something; a label may be a plain int."""
        self.item(number, value)
        return value

    def entry(self, number: int, value: Any) -> Any:
        """Keep a copy of a number that a dict holds; of its arrays, the assignments tell."""
        if self.trace is not None and isinstance(value, float):
            self._keep(self.sites[number], value)
        return value

    def bin(self, number: int, name: str, left: Any, right: Any) -> Any:
        """Apply an operator and keep the result."""
        value = _APPLY[name](left, right)
        if self.trace is None:
            return value
        event = self._keep(self.sites[number], value)
        if event is not None and isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
            largest = max(left.size, right.size)
            if name != "matmul" and event.value.size > largest:
                event.met = Meeting(name, (left, right))
                if self.trace is not None:
                    self.trace.spreads.append(event)
        return value

    # -- keeping ------------------------------------------------------------------------------

    def _keep(self, site: Site, value: Any) -> Event | None:
        if isinstance(value, tuple | list):
            if len(site.parts) == len(value):
                for name, part in zip(site.parts, value, strict=True):
                    self._keep(Site(site.line, name, site.kind, site.function), part)
                return None
            value = lists.numbers_in(value)
        if self.trace is None or not _is_numbers(value):
            return None
        short = (site.line, site.name)
        count = self._counts.get(short, 0)
        self._counts[short] = count + 1
        key = (site.line, site.name, count)
        self._order += 1
        if self._order > MOST_EVENTS:
            self.trace.cut = True
            return None
        if (
            self.keep is not None
            and key not in self.keep
            and (site.line, site.name, ALL) not in self.keep
        ):
            return None
        event = Event(key, site, np.array(value, dtype=np.float64), self._order)
        self.trace.events[key] = event
        return event


def as_numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """Give a float copy of a number or numeric array of bearable size, else None."""
    return np.array(value, dtype=np.float64) if _is_numbers(value) else None


def _is_numbers(value: Any) -> bool:
    """Tell whether a value is a number, or a numeric array of bearable size; quick, as often asked."""  # noqa: E501 - one sentence
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiub" and 0 < value.size <= LARGEST
    if isinstance(value, float):
        return True
    return isinstance(value, np.generic) and value.dtype.kind in "fiu"
