"""A plus where a minus was meant, or a minus too many."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, replace, slots
from losscope.auditing.causes.places import Place, Scene

CODE = "LS011"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the other sign wherever two things are added or subtracted."""
    for place in scene.places:
        if isinstance(place.statement, ast.AugAssign):
            yield from _augmented(scene, place, place.statement)
        for slot in slots(place.statement):
            node = slot.get()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
                other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                yield replace(CODE, place.statement, slot, ast.BinOp(node.left, other, node.right))
                if isinstance(node.op, ast.Sub):
                    turned = ast.BinOp(node.right, ast.Sub(), node.left)
                    yield replace(CODE, place.statement, slot, turned)
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                yield replace(CODE, place.statement, slot, node.operand)


def _augmented(scene: Scene, place: Place, statement: ast.AugAssign) -> Iterator[Edit]:
    if not isinstance(statement.op, ast.Add | ast.Sub):
        return
    old: ast.operator = statement.op
    new: ast.operator = ast.Sub() if isinstance(old, ast.Add) else ast.Add()
    unusual = isinstance(new, ast.Add) and bool(scene.writes(place))  # W += step is rare
    yield Edit(
        CODE,
        statement.lineno,
        lambda: setattr(statement, "op", new),
        lambda: setattr(statement, "op", old),
        place.statement,
        cost=2 if unusual else 1,
    )
