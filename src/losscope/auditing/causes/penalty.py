"""The gradient of a penalty: forgotten, of the wrong size, or of the wrong sign."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, expression, replace, slots
from losscope.auditing.causes.places import Named, Place, Scene
from losscope.auditing.parameters import same

CODE = "LS009"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer a penalty's gradient where it is missing, and other sizes where it stands."""
    names = {p.name for p in scene.judgement.measured.parameters}
    names |= {n.text for p in scene.places for n in p.choices if _is_one(scene, n)}
    for place in scene.early():
        if place.value is None:
            continue
        for slot in slots(place.statement):
            node = slot.get()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):  # noqa: SIM102 - two thoughts, two lines
                if _is_penalty(node.right, names) and not scene.writes(place):
                    yield from _resized(place, slot, node, names)
        yield from _added(scene, place)


def _is_one(scene: Scene, named: Named) -> bool:
    """Tell whether a name of the pass holds a parameter as it was at the start."""
    starts = [p.starts[0] for p in scene.judgement.measured.parameters]
    return any(same(named.value, start) for start in starts)


def _is_penalty(node: ast.expr, names: set[str]) -> bool:
    return any(ast.unparse(n) in names for n in ast.walk(node) if isinstance(n, ast.expr)) and (
        "dot" not in ast.unparse(node) and "@" not in ast.unparse(node)
    )


def _resized(place: Place, slot: Slot, node: ast.BinOp, names: set[str]) -> Iterator[Edit]:
    yield replace(CODE, place.statement, slot, node.left, ast.unparse(node.right))
    flipped: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    yield replace(CODE, place.statement, slot, ast.BinOp(node.left, flipped, node.right))
    for inner in slots(node.right):
        own = inner.get()
        if ast.unparse(own) in names and not isinstance(inner.parent, ast.Attribute):
            yield replace(CODE, place.statement, inner, _sign(own), "sign")
        elif _is_sign(own):
            yield replace(CODE, place.statement, inner, own.args[0], "size")  # type: ignore[attr-defined]
    if ast.unparse(node.right) in names:
        yield replace(CODE, place.statement, Slot(node, "right"), _sign(node.right), "sign")
    for text in ("2", "0.5"):
        scaled = ast.BinOp(expression(text), ast.Mult(), node.right)
        yield replace(CODE, place.statement, slot, ast.BinOp(node.left, node.op, scaled), text)


def _is_sign(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sign"


def _sign(node: ast.expr) -> ast.expr:
    return ast.Call(expression("np.sign"), [node], [])


def _added(scene: Scene, place: Place) -> Iterator[Edit]:
    value = place.value
    assert value is not None
    if isinstance(place.statement, ast.AugAssign) or scene.writes(place):
        return
    for parameter in scene.judgement.measured.parameters:
        if parameter.shape not in place.shapes or parameter.size < 2:
            continue
        for name in scene.scalars:
            short = name.split(".")[-1].lower()
            if not any(hint in short for hint in ("reg", "lam", "decay", "l2", "penalty", "alpha")):
                continue
            for half in ("", "2 * "):
                term = expression(f"{half}{name} * {parameter.name}")
                new = ast.BinOp(value, ast.Add(), term)
                yield replace(CODE, place.statement, Slot(place.statement, "value"), new, "added")
