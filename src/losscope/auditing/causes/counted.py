"""A list that is read by a counted index: the one before was meant, the one after, another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes import naming
from losscope.auditing.causes.edit import Edit, Slot, expression, replace
from losscope.auditing.causes.names import read
from losscope.auditing.causes.places import Place, Scene


def shifted(scene: Scene) -> Iterator[Edit]:
    """Offer the element before, and the one after, where a list is read by a counted index."""
    for place in scene.early():
        for slot in read(place):
            node = slot.get()
            counted = _counter(node.slice) if isinstance(node, ast.Subscript) else None
            if counted is None or not isinstance(node, ast.Subscript):
                continue
            yield from _other_counters(scene, place, slot, node)
            for text in _beside(*counted):
                new = ast.Subscript(node.value, expression(text), ast.Load())
                yield replace(naming.code(scene, place, slot), place.statement, slot, new, text)


def _beside(name: str, at: int) -> list[str]:
    """Write the index before, and the one after."""
    others = (at - 1, at + 1)
    return [name if n == 0 else f"{name} {'+' if n > 0 else '-'} {abs(n)}" for n in others]


def neighbours(text: str) -> list[str]:
    """Write the elements beside one that is read by a counted index: h[t + 1] of h[t]."""
    node = expression(text)
    counted = _counter(node.slice) if isinstance(node, ast.Subscript) else None
    if counted is None or not isinstance(node, ast.Subscript):
        return []
    return [f"{ast.unparse(node.value)}[{index}]" for index in _beside(*counted)]


def _other_counters(scene: Scene, place: Place, slot: Slot, node: ast.Subscript) -> Iterator[Edit]:
    """Offer X[i] for X[j], where both count through a loop that the statement stands in."""
    if isinstance(node.slice, ast.Name) and node.slice.id in place.counters:
        for other in place.counters:
            if other != node.slice.id:
                new = ast.Subscript(node.value, ast.Name(other, ast.Load()), ast.Load())
                yield replace(naming.code(scene, place, slot), place.statement, slot, new, other)


def _counter(node: ast.expr) -> tuple[str, int] | None:
    """Read an index such as t, t + 1 or t - 1 as a name and a number."""
    if isinstance(node, ast.Name):
        return node.id, 0
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = node.left, node.right
        if isinstance(left, ast.Name) and isinstance(right, ast.Constant):
            sign = 1 if isinstance(node.op, ast.Add) else -1
            return (left.id, sign * right.value) if isinstance(right.value, int) else None
    return None
