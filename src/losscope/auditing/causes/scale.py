"""A factor: 1/m forgotten or applied twice, a learning rate forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, expression, replace
from losscope.auditing.causes.places import Place, Scene

FACTOR, TWICE = "LS004", "LS008"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to drop each plain factor or divisor, to divide by another, to add 1/m, m or a rate."""
    for place in scene.places:
        yield from _dropped(place)
    for place in scene.places:
        yield from _by_another(scene, place)
    for place in scene.places:
        yield from _added(scene, place)


def _dropped(place: Place) -> Iterator[Edit]:
    for slot in place.slots():
        node = slot.get()
        if not isinstance(node, ast.BinOp):
            continue
        if isinstance(node.op, ast.Div) and _is_number(place, node.right):
            yield replace(FACTOR, place.statement, slot, node.left, ast.unparse(node.right))
        elif isinstance(node.op, ast.Mult):
            for kept, gone in ((node.left, node.right), (node.right, node.left)):
                if _is_number(place, gone):
                    yield replace(FACTOR, place.statement, slot, kept, ast.unparse(gone))
        elif isinstance(node.op, ast.Pow) and _is_number(place, node.left):
            yield replace(FACTOR, place.statement, slot, node.left, ast.unparse(node.right))


def _by_another(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer what the lines around divide by: the rows of the batch for all the rows, say."""
    own = [slot for slot in place.slots() if _is_divisor(slot.parent, slot.get())]
    own = [slot for slot in own if _is_number(place, slot.get())]
    if not own:
        return
    texts = {ast.unparse(node) for node in _divisors(scene.source.tree, place.statement.lineno)}
    texts |= {str(scene.examples)} if scene.examples > 1 else set()
    for slot in own:
        for text in sorted(texts - {ast.unparse(slot.get())}, key=lambda t: (t.isdigit(), t)):
            yield replace(FACTOR, place.statement, slot, expression(text), text, cost=2)


def _divisors(tree: ast.Module, line: int) -> Iterator[ast.expr]:
    """List the names and lengths that are divided by in the function in which a line stands."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    homes = [f for f in functions if f.lineno <= line <= (f.end_lineno or f.lineno)]
    for node in ast.walk(homes[-1] if homes else tree):
        if isinstance(node, ast.BinOp) and _is_divisor(node, node.right):
            yield node.right


def _is_divisor(parent: ast.AST, node: ast.expr) -> bool:
    """Tell whether something may be a number by which another is divided."""
    plain = isinstance(node, ast.Constant | ast.Name | ast.Attribute | ast.Subscript | ast.Call)
    if not (plain and isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)):
        return False
    return parent.right is node


def _is_number(place: Place, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    named = place.names.get(ast.unparse(node))
    if named is not None:
        return all(s == () or max(s) == 1 for s in named.shapes)
    # numbers of Python's own (len(x), m, x.shape[0]) are not recorded as arrays
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp)


def _given(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer m and 1/m for each array that a function gives back beside others."""
    for slot in place.slots() if isinstance(place.statement, ast.Return) else ():
        named = place.names.get(ast.unparse(slot.get()))
        if isinstance(slot.parent, ast.Tuple) and named is not None and named.value.size > 1:
            for operator in (ast.Div(), ast.Mult()):
                new = _scaled(slot.get(), operator, str(scene.examples), first=False)
                yield replace(FACTOR, place.statement, slot, new, str(scene.examples), cost=3)


def _added(scene: Scene, place: Place) -> Iterator[Edit]:
    if place.value is None:
        yield from _given(scene, place) if scene.examples > 1 else ()
        return
    rates = scene.numbers(place)
    texts = [f"* {scene.examples}", f"/ {scene.examples}"] if scene.examples > 1 else []
    texts += [f"* {name}" for name in rates]
    slot = place.slot
    written = scene.writes(place)
    for text in ("0.5", "2") if not written and isinstance(place.statement, ast.Assign) else ():
        new = ast.BinOp(expression(text), ast.Mult(), place.value)  # of a square, or of half of one
        yield replace(FACTOR, place.statement, slot, new, text, cost=3)
    for text in texts:
        if isinstance(place.statement, ast.Assign) and written:
            continue  # the parameter itself would be scaled
        if not written and not isinstance(place.statement, ast.Assign | ast.Return):
            continue
        operator: ast.operator = ast.Mult() if text[0] == "*" else ast.Div()
        new = _scaled(place.value, operator, text[2:], first=text[2:] in rates)
        rate = text[2:] in rates  # a rate belongs to the update, 1/m to the gradient
        yield replace(
            FACTOR, place.statement, slot, new, text, cost=2 if rate == bool(written) else 3
        )
    yield from _inside(place, texts, rates, bool(written))


def _scaled(value: ast.expr, operator: ast.operator, text: str, *, first: bool) -> ast.BinOp:
    """Write `rate * value`, but `value / m`."""
    factor = expression(text)
    if first:
        return ast.BinOp(factor, operator, value)
    return ast.BinOp(value, operator, factor)


def _inside(place: Place, texts: list[str], rates: list[str], written: bool) -> Iterator[Edit]:
    """Scale what is subtracted from a parameter, or added to a velocity, where it is rebound."""
    for slot in place.inside():
        node = slot.get()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            for text in texts:
                operator: ast.operator = ast.Mult() if text[0] == "*" else ast.Div()
                new = _scaled(node.right, operator, text[2:], first=text[2:] in rates)
                cost = 2 if written and text[2:] in rates else 3
                yield replace(FACTOR, place.statement, Slot(node, "right"), new, text, cost=cost)
