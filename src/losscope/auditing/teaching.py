"""What teaches the network: is the target its own input, and which labels teach nothing?"""  # noqa: D400 - a question

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing import entry, rules
from losscope.auditing.arrays import Target
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, lookup, same
from losscope.auditing.program import Capture
from losscope.auditing.recorder import Key
from losscope.auditing.state import Snapshot
from losscope.auditing.step import Outcome
from losscope.auditing.told import Told

Array = np.ndarray[Any, Any]
_LABELS = ("y", "label", "target", "t_train", "truth", "class", "output", "expected")

_MOVABLE = "fiu"


@dataclass
class Teaching:
    """How the target relates to the network's input, and arrays of labels that train nothing."""

    target_is_input: bool
    idle_labels: list[str]


def look(
    captured: Capture,
    judgement: Judgement,
    targets: Iterable[Target],
    words: set[str],
    costs: Iterable[Told] = (),
) -> Teaching:
    """Find out by moving the target, and by reversing what looks like labels.

    What printed costs compare with are labels, whatever their name.
    """
    best = judgement.best
    if best is None or best.source is None or not any(f.exact for f in judgement.fits):
        return Teaching(False, [])
    compared = {cost.identity.target: cost for cost in costs if cost.identity is not None}
    others = [cost for target, cost in compared.items() if target != best.target]
    if any(_is_followed(judgement, cost) for cost in others):
        return Teaching(False, [])  # where all errors have one sign, many a loss is descended
    targets = list(targets)
    path = best.source.path or _behind(captured, best.source, best.key, targets)
    if path is None:
        return Teaching(False, [])
    held = np.asarray(lookup(captured.subject.snapshots[0].values, path))
    if held.dtype.kind not in _MOVABLE or best.key is None:
        return Teaching(False, [])
    move = _move(held)
    try:
        moved = captured.subject.run(0, {path: move})
    except Exception:  # noqa: BLE001 - then it cannot be told
        return Teaching(False, [])
    if not _feeds(captured, moved, best.key):
        return Teaching(False, [])
    idle = []
    for target in targets:
        if target.path is None or target.path == path:
            continue
        told = target.name in compared
        read = any(w in words for w in (*target.known_as, target.name))
        if (told or (read and _like_labels(target, held))) and _idle(captured, target.path):
            idle.append(target.name)
    return Teaching(True, idle)


def _is_followed(judgement: Judgement, cost: Told) -> bool:
    """Tell whether every update goes down a printed number."""
    moving = [j.index for j in judgement.parameters if not j.still]
    if cost.scalar is None or not moving:
        return False
    fits = [rules.follows(judgement, cost.scalar, index) for index in moving]
    return all(fit.exact and fit.factor > 0 for fit in fits)


def _move(held: Array) -> Array:
    """Choose a small move of an array; whole numbers move by one."""
    random = np.random.default_rng(5)
    if held.dtype.kind == "f":
        return np.asarray(1e-3 * random.normal(size=held.shape))
    return np.asarray(random.choice([-1.0, 1.0], size=held.shape))


def _behind(
    captured: Capture, source: Target, key: Key | None, targets: list[Target]
) -> Path | None:
    """Find the array that a target computed in the pass was cut out of, if it feeds the network."""
    snapshot = captured.subject.snapshots[0]
    wanted = source.values[0]
    for target in targets:
        if target.path is None or target.values[0].size < wanted.size:
            continue
        held = np.asarray(lookup(snapshot.values, target.path))
        if held.dtype.kind not in _MOVABLE or not np.isin(wanted, held).all():
            continue
        # a table may hold the input in its other columns
        move = _move(held) * np.isin(held, wanted)
        try:
            moved = captured.subject.run(0, {target.path: move})
        except Exception:  # noqa: BLE001, S112 - then it cannot be told
            continue
        base = captured.bases[0].trace
        fed = key is not None and _feeds(captured, moved, key)
        twins = [
            e for e in base.events.values() if same(e.value, wanted) and e.site.name == source.name
        ]
        if fed and any(not same(e.value, moved.trace.value(e.key)) for e in twins):
            return target.path
    return None


def _feeds(captured: Capture, moved: Outcome, key: Key) -> bool:
    """Tell whether a prediction answers to a moved array, the first time that a pass works it out.

    Later in the pass it may follow weights that were taught in between, and labels move them.
    """
    line, name, _ = key
    first = (line, name, 0)
    return not same(captured.bases[0].trace.value(first), moved.trace.value(first))


def used_at(captured: Capture, judgement: Judgement, name: str, skip: set[int]) -> int:
    """Give the first line after the prediction that reads the target for an update."""
    best = judgement.best
    event = judgement.measured.event(best.key) if best is not None and best.key else None
    if best is None or event is None:
        return 0
    for other in sorted(captured.bases[0].trace.events.values(), key=lambda e: e.order):
        if (  # noqa: SIM102 - two thoughts, two lines
            other.order > event.order
            and other.key in judgement.measured.reached
            and name in other.site.name
        ):
            if other.key[0] not in skip and other.value.size > 1:
                return other.key[0]
    return entry.line_of(judgement, skip) or best.line


def _like_labels(target: Target, data: Array) -> bool:
    name = target.name.lower()
    shares = any(n in data.shape and n > 1 for n in target.values[0].shape)
    return shares and any(name.startswith(w) or w in name for w in _LABELS)


def _idle(captured: Capture, path: Path) -> bool:
    """Reverse an array in every captured state; tell whether any parameter notices."""
    snapshot = captured.subject.snapshots[0]
    held = lookup(snapshot.values, path)
    if not isinstance(held, np.ndarray) or held.size < 2:
        return False
    old = held.copy()
    try:
        _turn(snapshot, path, np.ascontiguousarray(old.ravel()[::-1]).reshape(old.shape))
        turned = captured.subject.run(0)
    except Exception:  # noqa: BLE001 - then it cannot be told
        return False
    finally:
        _turn(snapshot, path, old)
    return all(
        same(captured.bases[0].after.get(p.path), turned.after.get(p.path))
        for p in captured.carried.parameters
    )


def _turn(snapshot: Snapshot, path: Path, value: Array) -> None:
    held = lookup(snapshot.values, path)
    writeable = held.flags.writeable
    held.flags.writeable = True
    held[...] = value
    held.flags.writeable = writeable
