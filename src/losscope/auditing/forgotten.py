"""Gradients that are worked out and then used by no update: their parameter was forgotten.

An array that never changes may be meant so, as a frozen layer is. But who works out its gradient
under its own name, and nowhere writes a new value for it, has left a line out.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np

from losscope.auditing import cancelled
from losscope.auditing.candidates import Candidate
from losscope.auditing.instrument import Place
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, is_list, same, spelled
from losscope.auditing.parameters import scale_of
from losscope.auditing.program import Capture
from losscope.auditing.recorder import Event
from losscope.auditing.source import Source

Array = np.ndarray[Any, Any]
_ON_PURPOSE = re.compile(r"froze|freez|fixed|trainable|requires_grad", re.IGNORECASE)
_INPUT = re.compile(r"^(x|xs|inputs?|data|images?|features?|a0)$", re.IGNORECASE)
_MOST = 4  # directions that are tried, in each of some states
_STEP = 1e-5
_FELT = 1e-8  # a slope that is more than rounding


def gradient_of(
    source: Source, captured: Capture, judgement: Judgement, path: Path, held: Array
) -> Event | None:
    """Give the gradient of an array that stays as it is, where the pass works it out in vain."""
    best = judgement.best
    name = _bare(path)
    if best is None or best.key is None or not best.slopes or not name:
        return None
    if is_list(path) or not any(found.exact for found in judgement.fits):
        return None
    if _INPUT.match(name) or _ON_PURPOSE.search(source.text) or _is_written(source.tree, name):
        return None
    in_tables = _in_tables(source.tree, name)
    events = [
        event
        for event in captured.bases[0].trace.events.values()
        if event.value.shape == held.shape
        and np.any(event.value)
        and (
            (event.site.kind == "assign" and _speaks_of_gradient(event.site.name, name))
            or event.key[:2] in in_tables
        )
    ]
    slopes = _slopes(captured, best, path, held) if events else []
    return next((event for event in events if _is_along(captured, event, slopes)), None)


def zero_update_of(
    source: Source, captured: Capture, judgement: Judgement, path: Path, held: Array
) -> tuple[int, int]:
    """Give the line that writes an array back as it was, although the loss answers to it.

    Beside it the line where its gradient is summed to one number that cancels; 0 for none.
    """
    best = judgement.best
    if best is None or best.key is None or not best.slopes or is_list(path):
        return 0, 0
    if held.size < 2 or not any(found.exact for found in judgement.fits):
        return 0, 0
    for event in captured.bases[0].trace.events.values():
        named = np.any(held) or event.site.name == spelled(path)  # other zeros are not it
        written = named and event.site.kind == "assign" and event.key[0] in source.updates
        if written and all(same(base.trace.value(event.key), held) for base in captured.bases):
            slopes = _slopes(captured, best, path, held)
            if max((abs(slope) for _, _, slope in slopes), default=0.0) <= _FELT:
                return 0, 0
            return event.key[0], cancelled.sum_at(source, captured, held, slopes)
    return 0, 0


def _bare(path: Path) -> str:
    """Give the last name in a path: W1, of self.W1 or params['W1']."""
    last = path[-1] if len(path) > 2 else ("name", path[1])
    return str(last[1]) if last[0] in ("name", "attr", "key") else ""


def _speaks_of_gradient(text: str, name: str) -> bool:
    """Tell whether a name is that of an array with something more: db1, grads['b1'], b1_grad."""
    last = re.split(r"[.\[\]'\"]+", text.rstrip("'\"]"))[-1]
    return name in last and (last != name or text != name)


def _in_tables(tree: ast.Module, name: str) -> set[Place]:
    """List what stands under a name, or one made of it, in a dict: {"b1": d1.sum(axis=0)}."""
    return {
        (value.lineno, ast.unparse(value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and name in str(key.value)
    }


def _is_written(tree: ast.Module, name: str) -> bool:
    """Tell whether any line changes what it reads under a name, run in these passes or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and _last(node.target) == name:
            return True
        if isinstance(node, ast.Assign):
            own = any(_last(target) == name for target in _targets(node))
            if own and any(_last(part) == name for part in ast.walk(node.value)):
                return True
    return False


def _targets(node: ast.Assign) -> list[ast.expr]:
    first = node.targets[0]
    return first.elts if isinstance(first, ast.Tuple | ast.List) else [first]


def _last(node: ast.AST) -> str:
    """Give the last name by which something is spoken of."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _slopes(captured: Capture, best: Candidate, path: Path, held: Array) -> list[cancelled.Slope]:
    """Measure how the loss answers to the array: (state, direction, slope)."""
    random, out = np.random.default_rng(23), []
    size = _STEP * scale_of(held)
    for state in range(min(3, len(captured.bases))):
        for _ in range(min(_MOST, held.size)):
            unit = np.asarray(random.normal(size=held.shape))
            try:
                ahead, behind = (
                    captured.subject.run(state, {path: sign * size * unit}) for sign in (1, -1)
                )
            except Exception:  # noqa: BLE001 - a move may leave the domain of the program
                return []
            assert best.key is not None
            a, b = ahead.trace.value(best.key), behind.trace.value(best.key)
            if a is None or b is None or a.shape != best.slopes[state].shape:
                return []
            answer = (a - b) / (2 * size)
            out.append((state, unit, float(np.vdot(best.slopes[state], answer))))
    return out


def _is_along(captured: Capture, event: Event, slopes: list[cancelled.Slope]) -> bool:
    """Tell whether an array is the gradient that was measured, times some positive number."""
    return cancelled.are_along([b.trace.value(event.key) for b in captured.bases], slopes)
