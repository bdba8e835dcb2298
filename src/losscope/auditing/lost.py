"""Updates that are worked out and then lost: never written back to the array the network uses."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing.arrays import Target
from losscope.auditing.judge import Judgement
from losscope.auditing.parameters import same, scale_of
from losscope.auditing.program import Capture
from losscope.auditing.recorder import Event
from losscope.auditing.source import Source
from losscope.auditing.state import Path, spelled

Array = np.ndarray[Any, Any]


@dataclass
class Lost:
    """An array that the network uses, and the line whose new value for it goes nowhere."""

    name: str
    line: int


def find(
    source: Source, captured: Capture, judgement: Judgement, targets: list[Target]
) -> list[Lost]:
    """List arrays that stay as they are although a new value is computed for them."""
    base = captured.bases[0]
    best = judgement.best
    data = {t.path for t in targets if t.values[0].ndim > 2}
    if best is not None and best.source is not None and any(f.exact for f in judgement.fits):
        data.add(best.source.path)
    found = []
    for path, value in captured.carried.fixed.items():
        held = np.asarray(value, dtype=np.float64)
        if path in data or held.size > 1_000_000:
            continue
        event = _new_value(source, judgement, base.trace.events.values(), path, held)
        if event is not None and _matters(captured, path, held, judgement):
            found.append(Lost(spelled(path), event.key[0]))
    return found


def _new_value(
    source: Source, judgement: Judgement, events: Any, path: Path, held: Array
) -> Event | None:
    """Find a value that is the array plus a small change which the parameters reach."""
    size = float(np.linalg.norm(held)) or 1.0
    for event in events:
        if event.key not in judgement.measured.reached or event.value.shape != held.shape:
            continue
        change = event.value - held
        length = float(np.linalg.norm(change))
        if length == 0 or (length > 0.7 * max(size, 1e-3 * held.size) and np.any(held)):
            continue
        if not _reads_as_update(source, event, spelled(path)):
            continue
        return event  # type: ignore[no-any-return]
    return None


def _reads_as_update(source: Source, event: Event, name: str) -> bool:
    """Tell whether the event's line subtracts from, or adds to, something that holds the array."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Assign | ast.Expr | ast.AugAssign | ast.Return | ast.AnnAssign):
            continue
        if node.lineno != event.key[0] or node.value is None:
            continue
        if isinstance(node, ast.AugAssign):
            return event.site.kind == "assign"
        value = node.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
            left = ast.unparse(value.left)
            tail = name.rsplit(".", maxsplit=1)[-1].split("[", maxsplit=1)[0]
            alike = (
                left == name
                or tail in left
                or (name.split("'")[1] in left if "'" in name else False)
            )
            if event.site.kind == "assign" or isinstance(node, ast.Expr):
                return alike
    return False


def _matters(captured: Capture, path: Path, held: Array, judgement: Judgement) -> bool:
    """Move the array a little: does anything that the parameters reach answer?"""  # noqa: D400 - a question
    move = np.asarray(np.random.default_rng(3).normal(size=held.shape)) * 1e-4 * scale_of(held)
    try:
        moved = captured.subject.run(0, {path: move})
    except Exception:  # noqa: BLE001 - then it cannot be told
        return False
    best = judgement.best
    key = best.key if best is not None else None
    if key is not None:
        return not same(captured.bases[0].trace.value(key), moved.trace.value(key))
    return any(
        not same(e.value, moved.trace.value(e.key)) for e in captured.bases[0].trace.events.values()
    )
