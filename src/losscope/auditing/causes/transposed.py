"""A matrix that should have been transposed, or should not; only a square one hides it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, replace
from losscope.auditing.causes.places import Place, Scene

CODE = "LS015"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer each square matrix transposed, and each of a stack of them."""
    for place in scene.early():
        for slot in place.slots():
            node = slot.get()
            product = _is_product(node)
            inner = _untransposed(node)
            if inner is not None:
                yield replace(CODE, place.statement, slot, inner, ast.unparse(node))
            elif product or isinstance(getattr(node, "ctx", None), ast.Load):
                new = _transposed(place, node)
                if new is not None:
                    cost = 2 if scene.writes(place) and not product else 1  # where it was made
                    yield replace(CODE, place.statement, slot, new, ast.unparse(node), cost)


def _is_product(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("dot", "matmul")
    return called or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))


def _untransposed(node: ast.expr) -> ast.expr | None:
    """Give a of a.T, of a.transpose(…) and of np.swapaxes(a, …)."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr not in ("transpose", "swapaxes"):
        return None
    module = ast.unparse(node.func.value) in ("np", "numpy")
    return node.args[0] if module and node.args else node.func.value


def _transposed(place: Place, node: ast.expr) -> ast.expr | None:
    """Write a matrix, or a stack of them, transposed; None where it is not square."""
    named = place.names.get(ast.unparse(node))
    shapes = named.shapes if named is not None else set()
    square = {len(s) for s in shapes if len(s) in (2, 3) and s[-1] == s[-2] > 1}
    if 2 in square:
        return ast.Attribute(node, "T", ast.Load())
    if 3 in square:
        axes: list[ast.expr] = [ast.Constant(n) for n in (0, 2, 1)]
        return ast.Call(ast.Attribute(node, "transpose", ast.Load()), axes, [])
    return None
