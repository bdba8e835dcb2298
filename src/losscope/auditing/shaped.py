"""The arrays of a pass with a parameter's shape, or that fill it: one may be its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing.parameters import Parameter
from losscope.auditing.probe import Measurement
from losscope.auditing.recorder import ALL, Event, Key

Array = np.ndarray[Any, Any]


def shaped_like(measured: Measurement, parameter: Parameter, avoid: set[Key]) -> list[Event]:
    """List arrays of the pass that have the parameter's shape and could be its gradient."""
    found = []
    for key in measured.reached - avoid:
        event = measured.event(key)
        if event is None or key[2] == ALL or event.value.shape != parameter.shape:
            continue
        if all(b.trace.value(key) is not None for b in measured.bases):
            found.append(event)
    return sorted(found, key=lambda e: e.order)


def unmoved(measured: Measurement, parameter: Parameter) -> list[Event]:
    """List arrays of the parameter's shape that answer to no small move of any parameter."""
    events = measured.bases[0].trace.events.values()
    found = [
        e for e in events if e.key not in measured.reached and e.value.shape == parameter.shape
    ]
    return sorted((e for e in found if e.key[2] != ALL), key=lambda e: e.order)


def narrower(measured: Measurement, parameter: Parameter) -> list[Event]:
    """List smaller arrays that fill the parameter's shape by broadcasting: sums over too much."""
    shape = parameter.shape
    found = [e for k in measured.reached if k[2] != ALL and (e := measured.event(k)) is not None]
    found = [e for e in found if e.value.shape != shape and spreads(e.value, shape)]
    return sorted(found, key=lambda e: e.order)


def spreads(value: Array, shape: tuple[int, ...]) -> bool:
    """Tell whether an array has a shape, or fills it by broadcasting."""
    try:
        return np.broadcast_shapes(value.shape, shape) == shape
    except ValueError:
        return False


def spread(value: Array, shape: tuple[int, ...]) -> Array:
    """Give an array the shape that it fills."""
    return value if value.shape == shape else np.broadcast_to(value, shape)
