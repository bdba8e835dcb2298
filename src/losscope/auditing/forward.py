"""Whether what an array holds reaches values that a pass works out before it is updated."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing.leaves import Path, is_list, same, spelled
from losscope.auditing.recorder import Event
from losscope.auditing.step import Outcome

Array = np.ndarray[Any, Any]


def reaches(  # noqa: C901, PLR0917 - one case a line
    path: Path,
    mask: Array,
    carried: set[Path],
    starts: dict[Path, Array],
    base: Outcome,
    moved: Outcome,
) -> bool:
    """Tell whether the move reached anything beyond its own entries before the update."""
    if is_list(path):
        pairs = [(starts[other], base.after[other]) for other in {*carried, path}]
        return _reaches_before(starts[path], pairs, base, moved)
    finals = [
        value
        for other in carried - {path}
        if (value := base.after[other]) is not None
        and not same(value, starts[other])
        and not same(value, moved.after.get(other))
    ]
    own = base.after[path]
    for event in sorted(base.trace.events.values(), key=lambda e: e.order):
        twin = moved.trace.value(event.key)
        if twin is None or twin.shape != event.value.shape or same(twin, event.value):
            continue
        if event.site.kind == "assign" and any(same(event.value, v) for v in finals):
            return False  # the update has begun
        if same(event.value, own) or _is_part(event, path):
            continue
        if mask.size == 1:
            if event.value.size > 1 or _comes_before(event, path, starts, base):
                return True
            continue
        if event.value.shape != mask.shape:
            if event.value.shape == mask.T.shape:
                if np.any((twin != event.value) & (mask.T == 0)):
                    return True
                continue
            return True
        if np.any((twin != event.value) & (mask == 0)):
            return True
    return False


def _is_part(event: Event, path: Path) -> bool:
    """Tell whether a value is a row or an entry of an array, as it was just written there."""
    return event.site.kind == "assign" and event.site.name.startswith(f"{spelled(path)}[")


def _comes_before(event: Event, path: Path, starts: dict[Path, Array], base: Outcome) -> bool:
    """Tell whether a scalar is computed before a carried number is written, and not by that line.

    What a momentum of one number changes comes with its own new value or after it; what a bias of
    one number changes comes before.
    """
    own, start = base.after[path], starts[path]
    if own is None or np.array_equal(event.value.ravel(), start.ravel()):
        return False
    holding = [
        e
        for e in base.trace.events.values()
        if e.value.size == 1 and e.value.ravel()[0] == own.ravel()[0]
    ]
    written = [e for e in holding if e.site.kind == "assign"]
    written = written or holding  # a list that is built anew is assigned as a whole
    if not written:
        return True
    places = {(e.site.line, e.site.name) for e in written}
    again = [e for e in base.trace.events.values() if (e.site.line, e.site.name) in places]
    first = min(again, key=lambda e: e.order)  # of several batches in a pass, that of the first
    itself = event.site.line == first.site.line or event.site.name == first.site.name
    return event.order < first.order and not itself


def _reaches_before(
    start: Array, pairs: list[tuple[Array, Array | None]], base: Outcome, moved: Outcome
) -> bool:
    """Tell whether a move of a list reached something before new numbers were made.

    The numbers of a list are worked out one by one, so that shapes say nothing of them.
    """
    held = np.concatenate([before.ravel() for before, _ in pairs])
    made = np.concatenate([after[after != before] for before, after in pairs if after is not None])
    events = sorted(base.trace.events.values(), key=lambda e: e.order)
    new = [e for e in events if np.isin(e.value, made).all()]
    new = [e for e in new if e.site.kind == "assign" or not np.isin(e.value, held).any()]
    first = min((e.order for e in new), default=float("inf"))
    lines = {e.site.line for e in new if e.site.kind == "assign" or e.order == first}
    return any(
        event.order < first
        and event.site.line not in lines
        and not same(event.value, moved.trace.value(event.key))
        and not np.isin(event.value, start).all()
        for event in events
    )
