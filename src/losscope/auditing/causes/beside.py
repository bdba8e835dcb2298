"""What stands beside a line: an array that nobody reads, and a list with the same places."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, replace
from losscope.auditing.causes.places import Place, Scene, derivative_like

ARGUMENT, MISSING, ARRAY = "LS002", "LS003", "LS014"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to use arrays that are worked out and not read, and other lists at one place."""
    nodes = list(ast.walk(scene.source.tree))
    reads = Counter(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    for place in scene.early():
        name = _target(place)
        if name and not reads[name]:
            yield from _taken_up(scene, place, name)
    functions = [n for n in nodes if isinstance(n, ast.FunctionDef)]
    for place in scene.early():
        yield from _other_lists(place, functions)


def _target(place: Place) -> str:
    target = place.statement.targets[0] if isinstance(place.statement, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _taken_up(scene: Scene, unread: Place, name: str) -> Iterator[Edit]:
    """Offer an array that nobody reads as a factor of the lines that follow it, or as a summand.

    What is worked out at the end of a loop's body is added at the beginning of its next pass.
    """
    start = next(i for i, s in enumerate(unread.block) if s is unread.statement)
    following = {id(statement) for statement in unread.block[start + 1 :]}
    beside = {id(statement) for statement in unread.block} - {id(unread.statement)}
    for place in scene.early():
        if id(place.statement) not in beside or place.value is None:
            continue
        slot, read = place.slot, ast.Name(name, ast.Load())
        if id(place.statement) in following:
            new = ast.BinOp(place.value, ast.Mult(), read)
            yield replace(MISSING, place.statement, slot, new, name)
        if place.shapes & unread.shapes:
            new = ast.BinOp(place.value, ast.Add(), read)
            yield replace(ARRAY, place.statement, slot, new, name)


def _other_lists(place: Place, functions: list[ast.FunctionDef]) -> Iterator[Edit]:
    """Offer zs[-l] for activations[-l], where a function fills both lists."""
    line = place.statement.lineno
    homes = [f for f in functions if f.lineno <= line <= (f.end_lineno or f.lineno)]
    filled = sorted({name for home in homes for name in _filled(home)})
    for slot in place.slots() if len(filled) > 1 else ():
        node = slot.get()
        if not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in filled:
            for other in filled:
                if other != node.value.id:
                    new = ast.Subscript(ast.Name(other, ast.Load()), node.slice, ast.Load())
                    yield replace(_code(slot), place.statement, slot, new, other)


def _filled(function: ast.FunctionDef) -> Iterator[str]:
    """List the names of lists that a function appends to."""
    for node in ast.walk(function):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == "append":  # noqa: SIM102 - two thoughts, two lines
            if isinstance(called.value, ast.Name):
                yield called.value.id


def _code(slot: Slot) -> str:
    call = slot.parent.func if isinstance(slot.parent, ast.Call) else None
    return ARGUMENT if call is not None and derivative_like(ast.unparse(call)) else ARRAY
