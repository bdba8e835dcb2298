"""The slope of another loss stands where the prediction meets the target."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, expression, replace, slots
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
        for slot in slots(place.statement):
            node = slot.get()
            if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
                continue
            prediction = _prediction(place, node)
            for form in _SLOPES if prediction else ():
                text = form.format(d=ast.unparse(node), a=prediction)
                yield replace(CODE, place.statement, slot, expression(text), text, cost=2)


def _prediction(place: Place, node: ast.BinOp) -> str:
    """Name the side that the parameters move, where the other one is data of its shape."""
    sides = [place.names.get(ast.unparse(side)) for side in (node.left, node.right)]
    known: list[Named] = [side for side in sides if side is not None]
    moved = [side for side in known if side.reached]
    meet = len(known) == 2 and len(moved) == 1 and bool(known[0].shapes & known[1].shapes)
    return moved[0].text if meet else ""
