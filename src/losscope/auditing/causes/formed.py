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
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.places import Named, Place, Scene
from losscope.auditing.judge import Judged, Judgement

Array = np.ndarray[Any, Any]
SUM, ARRAY, GRADIENT = "LS005", "LS014", "LS016"
_NAMES = ast.Name | ast.Attribute | ast.Subscript
_CLOSE = 1e-4  # what may be left of a gradient in the first state, but for a penalty
_FEW = 4  # numbers of the program that may be its cost
_MOST = 24  # arrays that are looked at for one statement


def instead(scene: Scene) -> Iterator[Edit]:
    """Offer the usual forms where a name stands for a gradient: another's, perhaps."""
    yield from _suspects(scene, bare=True)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the usual forms where a gradient of that shape is worked out."""
    yield from _suspects(scene, bare=False)


def _suspects(scene: Scene, *, bare: bool) -> Iterator[Edit]:
    aims = _aims(scene.judgement)
    wrong = [j for j in scene.judgement.parameters if _is_wrong(scene.judgement, j.index)]
    for place in scene.early() if aims and wrong else ():
        value = place.value
        if value is None or isinstance(place.statement, ast.AugAssign) or scene.writes(place):
            continue
        if isinstance(value, _NAMES) != bare:
            continue
        for judged in [j for j in wrong if _makes(scene, place, value, j)]:
            code = _code(scene, place, judged.index)
            for aim in aims:
                for text, cost in _forms(scene, place, judged.index, aim):
                    new = expression(text)
                    yield replace(code, place.statement, place.slot, new, text, cost=cost)


def _aims(judgement: Judgement) -> list[Candidate]:
    """List what may be descended: the loss that fits best, and the program's own numbers."""
    return [*([judgement.best] if judgement.best is not None else []), *judgement.scalars][:_FEW]


def _is_wrong(judgement: Judgement, index: int) -> bool:
    """Tell whether an array of weights follows neither the loss nor any number of the program."""
    rows = [judgement.fits, *judgement.scalar_fits]
    size = judgement.measured.parameters[index].size
    return size > 1 and not any(fits[index].exact for fits in rows)


def _makes(scene: Scene, place: Place, value: ast.expr, judged: Judged) -> bool:
    """Tell whether a parameter's gradient stands here: by its shape, or as it was seen there.

    A bias's gradient may be another's, and be spread over its entries.
    """
    key = judged.view.key
    seen = key is not None and key[:2] == (value.lineno, ast.unparse(value))
    return seen or scene.judgement.measured.parameters[judged.index].shape in place.shapes


def _code(scene: Scene, place: Place, index: int) -> str:
    """Name the fault by what stands there: another's gradient, another sum, another product."""
    shapes = [p.shape for p in scene.judgement.measured.parameters]
    if isinstance(place.value, _NAMES) or shapes[index] not in place.shapes:
        return GRADIENT
    called = place.value.func if isinstance(place.value, ast.Call) else None
    return SUM if getattr(called, "attr", "") in ("sum", "mean") else ARRAY


def _forms(scene: Scene, place: Place, index: int, aim: Candidate) -> Iterator[tuple[str, int]]:
    """Write the products and sums that were measured to be the gradient of a parameter."""
    measured = scene.judgement.measured
    shape = measured.parameters[index].shape
    units = [d.unit for d in measured.of(index) if d.state == 0]
    along = aim.along[index][scene.judgement.parameters[index].states == 0]
    for text, value in _made(place, shape):
        row = np.array([float(np.vdot(value, unit)) for unit in units])
        found = fit.plain(row, along)
        if found.residual < _CLOSE and found.factor > 0:
            yield text, 3
            yield f"{text} / {scene.examples}", 4


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
