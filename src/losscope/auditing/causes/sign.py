"""A plus where a minus was meant, or a minus too many."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes import penalty
from losscope.auditing.causes.edit import Edit, Slot, replace
from losscope.auditing.causes.places import Place, Scene

CODE = "LS011"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the other sign wherever two things are added or subtracted."""
    names = penalty.parameter_names(scene)
    for place in scene.places:
        if isinstance(place.statement, ast.AugAssign):
            yield from _augmented(scene, place, place.statement, names)
        yield from _turned(scene, place)
        for slot in place.slots():
            node = slot.get()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
                other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                code = _code(scene, place, slot, node, names)
                new = ast.BinOp(node.left, other, node.right)
                written = bool(scene.writes(place))
                step = written and _is_whole(place, slot)  # W = W + step is rare
                rare = step and isinstance(other, ast.Add)
                yield replace(code, place.statement, slot, new, cost=2 if rare else 1)
                if not written:
                    minus = ast.UnaryOp(ast.USub(), node.left)
                    turned = ast.BinOp(minus, node.op, node.right)
                    yield replace(CODE, place.statement, slot, turned, cost=2)
                if isinstance(node.op, ast.Sub) and not step:
                    turned = ast.BinOp(node.right, ast.Sub(), node.left)
                    yield replace(CODE, place.statement, slot, turned)
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                yield replace(CODE, place.statement, slot, node.operand)


def _is_whole(place: Place, slot: Slot) -> bool:
    """Tell whether a statement writes what stands here: as it is, by `setattr`, for each weight."""
    if slot.name == "elt":  # [p - rate * g for p, g in zip(params, grads)]
        return True
    return slot.parent is place.statement or slot.parent is getattr(place.statement, "value", None)


def _code(scene: Scene, place: Place, slot: Slot, node: ast.BinOp, names: set[str]) -> str:
    """Name the fault that another sign before the right side would mend."""
    if penalty.is_shrinking(place, slot, node, names):
        return penalty.CODE
    if penalty.is_term(scene, place, node.right, names, strict=True):
        return penalty.CODE
    return CODE


def _turned(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer the whole of what a statement works out with the other sign."""
    if isinstance(place.statement, ast.Assign | ast.Return) and not scene.writes(place):
        bare = isinstance(place.value, ast.Name | ast.Attribute | ast.Subscript)
        if place.value is not None and place.shapes and not bare:
            new = ast.UnaryOp(ast.USub(), place.value)
            yield replace(CODE, place.statement, place.slot, new, cost=2)


def _augmented(
    scene: Scene, place: Place, statement: ast.AugAssign, names: set[str]
) -> Iterator[Edit]:
    if not isinstance(statement.op, ast.Add | ast.Sub):
        return
    old: ast.operator = statement.op
    new: ast.operator = ast.Sub() if isinstance(old, ast.Add) else ast.Add()
    unusual = isinstance(new, ast.Add) and bool(scene.writes(place))  # W += step is rare
    term = penalty.is_term(scene, place, statement.value, names, strict=True)
    yield Edit(
        penalty.CODE if term else CODE,
        statement.lineno,
        lambda: setattr(statement, "op", new),
        lambda: setattr(statement, "op", old),
        place.statement,
        cost=2 if unusual else 1,
    )
