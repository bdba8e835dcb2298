"""Large collections of data that no pass changes: they are shared, neither copied nor watched.

A program that keeps its examples one by one, in a list of pairs, holds thousands of small arrays.
To copy them for each of some two hundred passes would take most of the audit's time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing.leaves import Path, lookup, same
from losscope.auditing.state import Snapshot
from losscope.auditing.step import LoopSubject

_MANY = 200  # leaves from which a collection is large
_WHOLE = (np.ndarray, np.generic, str, bytes, int, float, type(None))


def set_aside(subject: LoopSubject, starts: list[dict[Path, Any]]) -> None:
    """Share what is large and idle in every state, and leave it out of `starts`."""
    large = [_large(snapshot) for snapshot in subject.snapshots]
    if not any(large):
        return
    for snapshot, places, start in zip(subject.snapshots, large, starts, strict=True):
        with snapshot.open() as live:
            subject.once(snapshot, live)
            idle = {
                place: value
                for place, value in places.items()
                if _alike(value, lookup(live.values, place))
            }
        for value in idle.values():
            snapshot.constant[id(value)] = value
        snapshot.idle = {id(value) for value in idle.values()}
        for path in [p for p in start if any(p[: len(place)] == place for place in idle)]:
            del start[path]
    subject.watched = list(subject.snapshots[0].arrays())


def _large(snapshot: Snapshot) -> dict[Path, Any]:
    """Find lists, tuples and dicts of nothing but many arrays and numbers."""
    found: dict[Path, Any] = {}
    for group in ("local", "global"):
        for name, value in snapshot.values[group].items():
            inside = vars(value) if hasattr(value, "__dict__") else {}
            places: dict[Path, Any] = {(group, name): value}
            places.update({(group, name, ("attr", k)): v for k, v in inside.items()})
            found.update({p: v for p, v in places.items() if _leaves(v) >= _MANY})
    return found


def _leaves(value: Any) -> float:
    """Count the arrays and numbers of a collection; minus infinity if it holds anything else."""
    if isinstance(value, _WHOLE):
        return 1
    if type(value) in (list, tuple):
        return sum(map(_leaves, value))
    return sum(map(_leaves, value.values())) if type(value) is dict else -np.inf


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two collections hold the same, to the bit."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and same(one, other)
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(v, other[k]) for k, v in one.items())
    return bool(one == other or one != one)  # noqa: PLR0124 - NaN is like NaN
