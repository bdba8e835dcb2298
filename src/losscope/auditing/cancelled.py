"""Bias gradients summed to one number that cancels: the errors of a softmax add up to nothing.

The bias then stays as it is to the bit, so that no repair is tried for it.  But the same array,
summed along one axis, is the gradient that the loss asks for.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.program import Capture
from losscope.auditing.source import Source

Array = np.ndarray[Any, Any]
Slope = tuple[int, Array, float]  # state, direction, how the loss answers there
_SUMS = ("sum", "mean")
_ALIKE = 1e-5


def are_along(values: Sequence[Array | None], slopes: Sequence[Slope]) -> bool:
    """Tell whether arrays, one for each state, are the gradient measured, times some number > 0."""
    rows = []
    for state, unit, slope in slopes:
        value = values[state]
        if value is None or value.shape != unit.shape:
            return False
        rows.append((float(np.vdot(value, unit)), slope))
    if len(rows) < 3:
        return False
    made, wanted = np.array(rows).T
    found = fit.plain(made, wanted)
    return found.residual < _ALIKE and found.factor > 0


def sum_at(source: Source, captured: Capture, held: Array, slopes: Sequence[Slope]) -> int:
    """Give the line that sums to one number what should be summed along an axis; 0 if none does."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or (summed := _summed_whole(node)) is None:
            continue
        for axis in (0, 1):
            values = _along(captured, node.lineno, summed, axis, held.shape)
            if values and are_along(values, slopes):
                return node.lineno
    return 0


def _summed_whole(node: ast.Call) -> str | None:
    """Write what a call sums without naming an axis; None for any other call."""
    if not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr not in _SUMS or any(k.arg == "axis" for k in node.keywords):
        return None
    if ast.unparse(node.func.value) in ("np", "numpy"):
        return ast.unparse(node.args[0]) if len(node.args) == 1 else None
    return None if node.args else ast.unparse(node.func.value)


def _along(
    captured: Capture, line: int, name: str, axis: int, shape: tuple[int, ...]
) -> list[Array]:
    """Sum along an axis what stood under a name when a line read it, in each state."""
    found = []
    for base in captured.bases:
        events = [
            e for e in base.trace.events.values() if e.site.name == name and e.value.ndim == 2
        ]
        here = [e for e in events if e.key[0] == line] or events
        if not here or here[-1].value.shape[1 - axis] != np.prod(shape):
            return []
        found.append(here[-1].value.sum(axis=axis).reshape(shape))
    return found
