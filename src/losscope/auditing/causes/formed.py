"""A gradient formed anew: of each two arrays whose product has its shape, or of the sum of one.

There are many such products.  What was measured already tells which of them are the gradient that
is wanted, before any is tried in the program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.places import Named, Place, Scene

Array = np.ndarray[Any, Any]
SUM, ARRAY, GRADIENT = "LS005", "LS014", "LS016"
_NAMES = ast.Name | ast.Attribute | ast.Subscript
_CLOSE = 1e-4  # what may be left of a gradient in the first state, but for a penalty
_MOST = 24  # arrays that are looked at for one statement


def instead(scene: Scene) -> Iterator[Edit]:
    """Offer the usual forms where a name stands for a gradient: another's, perhaps."""
    yield from _suspects(scene, bare=True)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the usual forms where a gradient of that shape is worked out."""
    yield from _suspects(scene, bare=False)


def _suspects(scene: Scene, *, bare: bool) -> Iterator[Edit]:
    judgement = scene.judgement
    wrong = [
        (i, p.shape)
        for i, (p, f) in enumerate(zip(judgement.measured.parameters, judgement.fits, strict=True))
        if not f.exact and p.size > 1
    ]
    for place in scene.early() if judgement.best is not None and wrong else ():
        value = place.value
        if value is None or isinstance(place.statement, ast.AugAssign) or scene.writes(place):
            continue
        if isinstance(value, _NAMES) != bare:
            continue
        for index in [i for i, shape in wrong if shape in place.shapes]:
            for text in _forms(scene, place, index):
                slot = place.slot
                yield replace(_code(value), place.statement, slot, expression(text), text, cost=3)


def _code(old: ast.expr) -> str:
    """Name the fault by what stands there: another's gradient, another sum, another product."""
    if isinstance(old, _NAMES):
        return GRADIENT
    called = old.func if isinstance(old, ast.Call) else None
    return SUM if getattr(called, "attr", "") in ("sum", "mean") else ARRAY


def _forms(scene: Scene, place: Place, index: int) -> Iterator[str]:
    """Write the products and sums that were measured to be the gradient of a parameter."""
    measured, best = scene.judgement.measured, scene.judgement.best
    assert best is not None
    shape = measured.parameters[index].shape
    units = [d.unit for d in measured.of(index) if d.state == 0]
    along = best.along[index][scene.judgement.parameters[index].states == 0]
    for text, value in _made(place, shape):
        row = np.array([float(np.vdot(value, unit)) for unit in units])
        found = fit.plain(row, along)
        if found.residual < _CLOSE and found.factor > 0:
            yield text
            yield f"{text} / {scene.examples}"


def _made(place: Place, shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    """Form what has a shape of the arrays that a statement can speak of."""
    arrays = [n for n in place.choices if n.value.ndim == 2 and n.kind != "inner"][-_MOST:]
    for one in arrays:
        yield from _sums(one, shape)
        for other in arrays if len(shape) == 2 else ():
            a, d = one.value, other.value
            if other.reached and a.shape[0] == d.shape[0] and (a.shape[1], d.shape[1]) == shape:
                yield f"{one.text}.T @ {other.text}", a.T @ d
            if one.reached and a.shape[1] == d.shape[1] and (a.shape[0], d.shape[0]) == shape:
                yield f"{one.text} @ {other.text}.T", a @ d.T


def _sums(one: Named, shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    for axis in (0, 1):
        whole = one.value.sum(axis=axis, keepdims=True)
        if whole.shape == shape:
            yield f"{one.text}.sum(axis={axis}, keepdims=True)", whole
        elif (whole.size,) == shape:
            yield f"{one.text}.sum(axis={axis})", whole.ravel()
