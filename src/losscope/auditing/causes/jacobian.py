"""Softmax: its derivative is a whole matrix for each example, not its diagonal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.places import Named, Place, Scene

CODE = "LS006"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer the whole Jacobian wherever a statement multiplies by p (1 − p) of a softmax p."""
    for place in scene.early():
        if place.value is None or isinstance(place.statement, ast.AugAssign):
            continue
        for named in _probabilities(place):
            axis = _axis(named)
            for rest in _rests(place.value, named.text):
                p = named.text
                full = f"{p} * ({rest} - ({p} * ({rest})).sum(axis={axis}, keepdims=True))"
                slot = place.slot
                yield replace(CODE, place.statement, slot, expression(full), p)
                yield replace(CODE, place.statement, slot, expression(rest), p)


def _probabilities(place: Place) -> list[Named]:
    return [
        n
        for n in place.names.values()
        if ((n.reached and n.kind in ("assign", "argument")) or n.kind == "held")
        and n.value.ndim > 1
        and _axis(n) is not None
    ]


def _axis(named: Named) -> int | None:
    value = named.value
    if np.any(value < 0):
        return None
    for axis in (1, 0) if value.ndim == 2 else (-1,):
        if value.shape[axis] > 1 and np.allclose(value.sum(axis=axis), 1.0):
            return axis
    return None


def _rests(value: ast.expr, p: str) -> Iterator[str]:
    """Give what remains of a product once p and 1 − p are taken out; 1/m may stay."""
    over, factors = _flat(value)
    texts = [ast.unparse(f) for f in factors]
    own = {p, f"1 - {p}", f"1.0 - {p}"}
    complements = [t for t in texts if t in own and t != p]
    if not complements or p not in texts:
        return
    texts.remove(p)
    texts.remove(complements[0])
    rest = " * ".join(f"({t})" for t in texts) if texts else "1"
    yield f"({rest}){over}"


def _flat(node: ast.expr) -> tuple[str, list[ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        over1, left = _flat(node.left)
        over2, right = _flat(node.right)
        return over1 + over2, [*left, *right]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        over, left = _flat(node.left)
        if _plain(node.right):
            return f"{over} / {ast.unparse(node.right)}", left
        return over, [node]
    return "", [node]


def _plain(node: ast.expr) -> bool:
    kinds = ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.Call
    return isinstance(node, kinds) and len(ast.unparse(node)) < 30
