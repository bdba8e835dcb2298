"""The slope of another loss stands where the prediction meets the target."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from losscope.auditing.causes.edit import Edit, Slot, expression, replace
from losscope.auditing.causes.places import Named, Place, Scene

CODE = "LS019"
_SLOPES = (  # of {a} - {t}, which is written {d}
    "({d}) / ({a} * (1 - {a}))",  # cross-entropy, of the probability
    "np.sign({d})",  # absolute error
    "np.tanh({d})",  # log-cosh
    "np.clip({d}, -1, 1)",  # Huber's
)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the slopes of other usual losses for a difference of prediction and target.

    Only where all parameters descend some loss: else no other one's slope is what is at fault.
    """
    if not all(fit.exact for fit in scene.judgement.fits):
        return
    for place in scene.early():
        if scene.writes(place):
            continue
        own = [form for n in scene.numbers(place) for form in (f"np.clip({{d}}, -{n}, {n})",)]
        for slot in place.slots():
            node = slot.get()
            difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
            prediction = _prediction(place, node) if isinstance(node, ast.BinOp) else ""
            if not (difference and prediction) and not _is_difference(scene, place, slot):
                continue
            for form in (*_SLOPES, *own):
                if prediction or "{a}" not in form:
                    text = form.format(d=ast.unparse(node), a=prediction)
                    yield replace(CODE, place.statement, slot, expression(text), text, cost=2)


def _is_difference(scene: Scene, place: Place, slot: Slot) -> bool:
    """Tell whether a name is read that holds the difference of prediction and target."""
    node, best = slot.get(), scene.judgement.best
    named = place.names.get(ast.unparse(node))
    event = scene.judgement.measured.event(best.key) if best is not None and best.key else None
    if event is None or named is None or not isinstance(getattr(node, "ctx", None), ast.Load):
        return False
    data = [n.value for n in place.names.values() if not n.reached]
    alike = [v for v in data if v.shape == event.value.shape == named.value.shape]
    return any(
        np.allclose(event.value - v, sign * named.value, rtol=1e-12)
        for v in alike
        for sign in (1, -1)
    )


def _prediction(place: Place, node: ast.BinOp) -> str:
    """Name the side that the parameters move, where the other one is data of its shape."""
    sides = [place.names.get(ast.unparse(side)) for side in (node.left, node.right)]
    known: list[Named] = [side for side in sides if side is not None]
    moved = [side for side in known if side.reached]
    meet = len(known) == 2 and len(moved) == 1 and bool(known[0].shapes & known[1].shapes)
    return moved[0].text if meet else ""
