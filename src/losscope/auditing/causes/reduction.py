"""Sums and means: over the wrong axis, down to one number, or a mean where the others sum."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, expression, replace
from losscope.auditing.causes.places import Place, Scene

AXIS, FACTOR = "LS005", "LS004"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer other axes for each sum and mean, one for the other, and what is summed itself."""
    shapes = {p.shape for p in scene.judgement.measured.parameters if p.size > 1}
    for place in scene.early():
        for slot in place.slots():
            node = slot.get()
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):  # noqa: SIM102 - two thoughts, two lines
                if node.func.attr in ("sum", "mean", "average"):
                    yield from _reduction(place, slot, node)
                    yield from _unsummed(place, slot, node, shapes)


def _reduction(place: Place, slot: Slot, node: ast.Call) -> Iterator[Edit]:
    other = copy.deepcopy(node)
    assert isinstance(other.func, ast.Attribute)
    other.func.attr = "sum" if other.func.attr != "sum" else "mean"
    yield replace(FACTOR, place.statement, slot, other, other.func.attr)
    for axis in (0, 1, *_several(place, node), None):
        for keep in (True, False):
            changed = copy.deepcopy(node)
            changed.keywords = [k for k in changed.keywords if k.arg not in ("axis", "keepdims")]
            positional = 1 if _module(node) else 0
            changed.args = changed.args[:positional] if positional else []
            if axis is not None:
                changed.keywords.append(ast.keyword("axis", expression(str(axis))))
            if keep:
                changed.keywords.append(ast.keyword("keepdims", ast.Constant(True)))
            if ast.unparse(changed) != ast.unparse(node):
                yield replace(AXIS, place.statement, slot, changed, ast.unparse(changed))


def _unsummed(
    place: Place, slot: Slot, node: ast.Call, shapes: set[tuple[int, ...]]
) -> Iterator[Edit]:
    """Offer the errors of a single example for their sum: they are its bias's gradient."""
    named = place.names.get(ast.unparse(_summed(node)))
    if named is not None and named.shapes <= shapes:
        yield replace(AXIS, place.statement, slot, _summed(node), named.text)


def _summed(node: ast.Call) -> ast.expr:
    """Give what is summed."""
    assert isinstance(node.func, ast.Attribute)
    return node.args[0] if _module(node) and node.args else node.func.value


def _several(place: Place, node: ast.Call) -> list[tuple[int, ...]]:
    """List the axes of all but the channels, where an array has more than two."""
    named = place.names.get(ast.unparse(_summed(node)))
    axes = range(named.value.ndim if named is not None else 0)
    kept = (axes[-1], 1) if len(axes) > 2 else ()
    return [tuple(a for a in axes if a != k) for k in dict.fromkeys(kept)]


def _module(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("np", "numpy")
