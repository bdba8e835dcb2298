"""Velocities that the forward pass reads: Nesterov's gradient is taken where they would lead.

In look = W + 0.9 * v, what v holds reaches the prediction as W does; but W is what is trained, and
v what it is moved by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.leaves import Path
from losscope.auditing.recorder import Key
from losscope.auditing.step import Outcome

if TYPE_CHECKING:
    from losscope.auditing.parameters import Carried, Parameter

Array = np.ndarray[Any, Any]
_EXACT = 1e-9  # what rounding may leave of a sum


def set_apart(out: Carried, bases: Sequence[Outcome], masks: Mapping[Path, Array]) -> None:
    """Put among the buffers what moves a parameter, and is added to it before the prediction."""
    pairs = list(zip(out.parameters, out.moves, strict=True))
    for one, moved in pairs:
        if not any(_leads(one, other, bases) for other, _ in pairs if other is not one):
            continue
        place = out.parameters.index(one)
        del out.parameters[place], out.moves[place]
        out.buffers[one.path] = one.starts
        out.from_buffers[one.path] = _entry_by_entry(bases[0], moved, masks[one.path])


def _leads(one: Parameter, other: Parameter, bases: Sequence[Outcome]) -> bool:
    """Tell whether an array is what another is moved by, and where that is looked at ahead."""
    if one.shape != other.shape or one.size < 2:
        return False
    held = _joined(one.starts)
    after = [(base.after.get(one.path), base.after.get(other.path)) for base in bases]
    if any(a is None or b is None for a, b in after) or not np.any(held):
        return False
    new = _joined([a for a, _ in after if a is not None])
    steps = _joined([b - s for (_, b), s in zip(after, other.starts, strict=True) if b is not None])
    if fit.plain(steps, new).residual > _EXACT:
        return False
    start = _joined(other.starts)
    for event in bases[0].trace.events.values():
        seen = [base.trace.value(event.key) for base in bases]
        values = [v for v in seen if v is not None and v.shape == one.shape]
        if event.value.shape == one.shape and len(values) == len(bases):
            beside = _joined(values) - start
            if np.any(beside) and fit.plain(beside, held).residual < _EXACT:
                return True
    return False


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.ravel(a) for a in arrays])


def _entry_by_entry(base: Outcome, moved: Outcome, mask: Array) -> set[Key]:
    """List the values in which nothing changed but the entries that were moved."""
    found = set()
    for key, event in base.trace.events.items():
        twin = moved.trace.value(key)
        if twin is not None and twin.shape == event.value.shape == mask.shape:
            changed = twin != event.value
            if np.any(changed) and not np.any(changed & (mask == 0)):
                found.add(key)
    return found
