"""A matrix that should have been transposed, or should not; only a square one hides it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, replace, slots
from losscope.auditing.causes.places import Place, Scene

CODE = "LS015"


def _is_square_product(place: Place, node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("dot", "matmul")
    if not called and not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)):
        return False
    named = place.names.get(ast.unparse(node))
    return named is not None and any(len(s) == 2 and s[0] == s[1] > 1 for s in named.shapes)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer each square matrix transposed."""
    for place in scene.early():
        for slot in slots(place.statement):
            node = slot.get()
            if _is_square_product(place, node):
                new = ast.Attribute(node, "T", ast.Load())
                yield replace(CODE, place.statement, slot, new, ast.unparse(node))
            if isinstance(node, ast.Attribute) and node.attr == "T":
                yield replace(CODE, place.statement, slot, node.value, ast.unparse(node))
            elif isinstance(getattr(node, "ctx", None), ast.Load):
                named = place.names.get(ast.unparse(node))
                square = named is not None and any(
                    len(s) == 2 and s[0] == s[1] > 1 for s in named.shapes
                )
                if square:
                    new = ast.Attribute(node, "T", ast.Load())
                    cost = 2 if scene.writes(place) else 1  # rather where it was worked out
                    yield replace(CODE, place.statement, slot, new, ast.unparse(node), cost)
