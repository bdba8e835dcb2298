"""A slope that is a mask or a choice: the wrong way round, or another where nothing passes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, exchange, expression, replace, slots
from losscope.auditing.causes.places import Place

OTHER, LOSS = "LS013", "LS019"


def suspects(place: Place) -> Iterator[Edit]:
    """Offer each comparison the other way round, and slopes of 0 and 1."""
    yield from _slopes(place)
    opposite: dict[type[ast.cmpop], ast.cmpop] = {
        ast.Gt: ast.LtE(),
        ast.GtE: ast.Lt(),
        ast.Lt: ast.GtE(),
        ast.LtE: ast.Gt(),
    }
    for slot in place.slots():
        node = slot.get()
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in opposite:
            new = ast.Compare(node.left, [opposite[type(node.ops[0])]], node.comparators)
            yield replace(OTHER, place.statement, slot, new, "turned")
            yield from _other_bound(place, slot, node)


def _other_bound(place: Place, slot: Slot, node: ast.Compare) -> Iterator[Edit]:
    """Offer 1 for 0 and 0 for 1: a hinge bends at 1, a perceptron at 0."""
    bound = node.comparators[0]
    if isinstance(bound, ast.Constant) and bound.value in (0, 1):
        new = ast.Compare(node.left, node.ops, [ast.Constant(int(not bound.value))])
        yield replace(LOSS, place.statement, slot, new, "bound", cost=2)


def _slopes(place: Place) -> Iterator[Edit]:
    """Offer a slope of 0, and of 1, where a mask or a choice lets something else through."""
    statement = place.statement
    masked = _masked(statement)
    if masked is not None:
        index = next(i for i, s in enumerate(place.block) if s is statement)
        zero = ast.copy_location(ast.Assign([masked], ast.Constant(0)), statement)
        ast.fix_missing_locations(zero)
        yield exchange(OTHER, place.block, index, zero)
    for slot in slots(statement):
        node = slot.get()
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "where":
            for index in (1, 2) if len(node.args) == 3 else ():
                inner, other = Slot(node, "args", index), Slot(node, "args", 3 - index)
                for text in ("0.0", "1.0"):
                    known = [ast.unparse(slot.get()) for slot in (inner, other)]
                    if text not in known and text[0] not in known:  # a choice of one is none
                        yield replace(OTHER, statement, inner, expression(text), text)


def _masked(statement: ast.stmt) -> ast.expr | None:
    """Give the part of an array that a statement scales, or sets to a number other than 0."""
    target: ast.expr | None = None
    if isinstance(statement, ast.AugAssign):
        target = statement.target
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
        target = statement.targets[0] if statement.value.value != 0 else None
    return target if isinstance(target, ast.Subscript) else None
