"""The arrays of a program that could be targets, under the names that its author reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing import lists
from losscope.auditing.leaves import Path, same, spelled
from losscope.auditing.probe import Measurement, constants
from losscope.auditing.recorder import ALL, as_numbers
from losscope.auditing.state import Snapshot

Array = np.ndarray[Any, Any]


@dataclass
class Target:
    """An array that the parameters do not move: data, labels, or made from them."""

    name: str
    values: list[Array]  # one for each captured state
    path: Path | None  # None: computed within the pass
    line: int = 0
    known_as: tuple[str, ...] = ()
    stacked: bool = False  # what one place held in turn: the targets of one example after another


def targets(
    measured: Measurement,
    snapshots: list[Snapshot],
    words: Mapping[str, int],
    largest: int = 2_000_000,
) -> list[Target]:
    """List candidate targets; `words` counts how often the pass mentions each name."""
    found = _held(measured, snapshots, words, largest)
    order = {"assign": 0, "argument": 1, "return": 2, "inner": 3, "print": 4}
    fixed = sorted(
        constants(measured).items(), key=lambda kv: (order[kv[1].site.kind], kv[1].order)
    )
    for key, event in fixed:
        values = [base.trace.value(key) for base in measured.bases]
        if event.value.size > largest or any(v is None for v in values):
            continue
        held = [v for v in values if v is not None]
        found.append(Target(event.site.name, held, None, key[0], stacked=key[2] == ALL))
    return _distinct(found)


def _held(
    measured: Measurement, snapshots: list[Snapshot], words: Mapping[str, int], largest: int
) -> list[Target]:
    trained = {p.path for p in measured.parameters}
    written = {
        e.site.name
        for e in measured.bases[0].trace.events.values()
        if e.site.kind == "assign"
        or (e.site.kind == "argument" and e.value.size == 1)  # which the loop took from its data
    }
    names = _aliases(snapshots[0])
    everything = [s.arrays(kinds="fiub") for s in snapshots]
    rewritten = {
        path
        for path, start in measured.starts[0].items()
        if not same(start, measured.bases[0].after.get(path))
    }
    found = []
    for path, value in everything[0].items():
        if (
            path in trained
            or path in rewritten
            or np.size(value) > largest
            or spelled(path) in written
        ):
            continue
        values = [as_numbers(_plain(items.get(path))) for items in everything]
        if any(v is None for v in values):
            continue
        known = names.get(id(value), (spelled(path),))
        best = max(known, key=lambda n: words.get(n, 0))
        found.append(Target(best, [v for v in values if v is not None], path, 0, known))
    return found + _lists(snapshots)


def _lists(snapshots: list[Snapshot]) -> list[Target]:
    """List the plain lists of numbers that a program keeps, as labels often are."""
    held = [_numbers_by_name(snapshot) for snapshot in snapshots]
    return [
        Target(name, [items[name] for items in held], None)
        for name in held[0]
        if all(name in items and items[name].size == held[0][name].size for items in held)
    ]


def _numbers_by_name(snapshot: Snapshot) -> dict[str, Array]:
    found = {}
    for group in ("local", "global"):
        for name, value in snapshot.values[group].items():
            parts = vars(value) if hasattr(value, "__dict__") else {}
            every = {name: value, **{f"{name}.{key}": part for key, part in parts.items()}}
            for text, one in every.items():
                numbers = lists.numbers_in(one) if isinstance(one, list | tuple) else None
                if numbers is not None and numbers.size > 1:
                    found[text] = numbers
    return found


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _aliases(snapshot: Snapshot) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for group in ("local", "global"):
        for name, value in snapshot.values[group].items():
            if isinstance(value, np.ndarray):
                names[id(value)] = (*names.get(id(value), ()), name)
    return names


def _distinct(found: list[Target]) -> list[Target]:
    """Drop arrays that equal an earlier one in every state, and those that say nothing."""
    out: dict[tuple[tuple[tuple[int, ...], bytes], ...], Target] = {}
    for target in found:
        first = target.values[0]
        if not all(np.all(np.isfinite(v)) for v in target.values):
            continue
        if first.size > 1 and all(np.ptp(v) == 0 for v in target.values):
            continue
        mark = tuple((v.shape, (v + 0.0).tobytes()) for v in target.values)  # −0 is 0
        out.setdefault(mark, target)
    return list(out.values())
