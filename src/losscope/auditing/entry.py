"""The line on which the descended loss enters learning: where its output gradient is worked out."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from losscope.auditing.candidates import Candidate
from losscope.auditing.judge import Judgement
from losscope.auditing.recorder import Event

Array = np.ndarray[Any, Any]
_ALONG = 1e-9  # what rounding may leave of one array beside another


def line_of(judgement: Judgement, skip: set[int], shared: AbstractSet[str] = frozenset()) -> int:
    """Give the first line after the prediction whose value goes as the loss's slope; 0 for none.

    `skip` are the lines that only work out what is printed, `shared` the names that they read: what
    goes into the printed number too is not where another loss enters, unless nothing else is.
    """
    best = judgement.best
    event = judgement.measured.event(best.key) if best is not None and best.key else None
    if best is None or event is None or not any(f.exact for f in judgement.fits):
        return 0
    wanted = _slopes(best, event.value)
    found = [
        other
        for other in sorted(judgement.measured.bases[0].trace.events.values(), key=_order)
        if other.order > event.order and other.key in judgement.measured.reached
        if other.key[0] not in skip and any(_along(other.value, w) for w in wanted)
    ]
    used = {other.key[0] for other in found if other.site.name in shared}
    own = [other.key[0] for other in found if other.key[0] not in used]
    return next(iter([*own, *sorted(used)]), 0)


def _order(event: Event) -> int:
    return event.order


def _slopes(best: Candidate, value: Array) -> list[Array]:
    """Give dℓ/da and, through the usual outputs, dℓ/dz."""
    slope = best.slopes[0]
    out = [slope]
    if np.all((value > 0) & (value < 1)):
        out.append(slope * value * (1 - value))
        out += [_through_softmax(slope, value, axis) for axis in range(value.ndim)]
    if np.all(value > 0):
        out.append(slope * value)
    return [o for o in out if o.size > 2]


def _through_softmax(slope: Array, value: Array, axis: int) -> Array:
    return np.asarray(value * (slope - (slope * value).sum(axis=axis, keepdims=True)))


def _along(value: Array, wanted: Array) -> bool:
    """Tell whether one array is a multiple of another."""
    a, b = value.ravel(), wanted.ravel()
    if a.size != b.size or not (np.any(a) and np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    length = float(b @ b)
    left = a - float(a @ b) / length * b if length > 0 else a
    return bool(np.linalg.norm(left) < _ALONG * np.linalg.norm(a))


def meeting(judgement: Judgement, target: str, skip: set[int], shared: AbstractSet[str]) -> int:
    """Give the first line after the prediction that reads the target for another end; 0 for none.

    That is where a loss enters of which no known one's slope can be seen.
    """
    best = judgement.best
    event = judgement.measured.event(best.key) if best is not None and best.key else None
    events = sorted(judgement.measured.bases[0].trace.events.values(), key=_order)
    read = re.compile(rf"(?<![\w.]){re.escape(target)}(?!\w)")
    inner = [e for e in events if event is not None and e.order > event.order and target]
    kept = {e.key[0] for e in inner if e.site.name in shared}
    for other in inner:
        if other.key in judgement.measured.reached and read.search(other.site.name):  # noqa: SIM102 - two thoughts, two lines
            if other.key[0] not in skip | kept:
                return other.key[0]
    return 0
