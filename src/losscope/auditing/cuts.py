"""Lists that several lines write are cut there: weights, and the bias that stands last among them.

Each part is then a parameter of its own, so that a fault of one line is found at that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from losscope.auditing import lists
from losscope.auditing.leaves import Path, is_list
from losscope.auditing.recorder import Trace
from losscope.auditing.step import LoopSubject, Outcome

Array = np.ndarray[Any, Any]
_MOST_PARTS = 6


def cut(subject: LoopSubject, starts: list[dict[Path, Any]], bases: Sequence[Outcome]) -> bool:
    """Cut the lists of every captured state, and tell whether there was one to cut."""
    written = [_written(base.trace) for base in bases]
    found: dict[Path, list[lists.Part]] = {}
    for path, before in starts[0].items():
        if not is_list(path) or before.ndim == 0:
            continue
        lines = np.zeros(before.shape, dtype=int)
        for start, base, lines_of in zip(starts, bases, written, strict=True):
            after, held = base.after.get(path), start.get(path)
            if after is not None and held is not None and after.shape == held.shape == lines.shape:
                lines = np.where(lines, lines, _lines(held, after, lines_of))
        rows = sum(kind == "each" for kind, _ in path[2:])
        made = lists.parts(lines, rows) if lines.any() else []
        if 1 < len(made) <= _MOST_PARTS:
            found[path] = made
    for snapshot in subject.snapshots:
        snapshot.cuts = found
    subject.watched = list(subject.snapshots[0].arrays())
    return bool(found)


def _written(trace: Trace) -> dict[float, int]:
    """Map each number that a pass assigns to the line that does so, the last one if several do."""
    found: dict[float, int] = {}
    for event in sorted(trace.events.values(), key=lambda e: e.order):
        if event.site.kind == "assign":
            found.update(dict.fromkeys(event.value.ravel().tolist(), event.key[0]))
    return found


def _lines(before: Array, after: Array, written: dict[float, int]) -> Array:
    """Give the line that wrote each entry, be it the number that was there; 0: it was not seen."""
    found = [written.get(number, 0) for number in after.ravel().tolist()]
    lines = np.reshape(found, after.shape)
    writers = np.unique(lines[before != after])
    return np.where(np.isin(lines, writers), lines, 0)
