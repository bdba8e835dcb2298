"""A gradient that is added to what earlier passes left, or put in the place of its own parts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, exchange, replace
from losscope.auditing.causes.places import Place, Scene

CODE, PART = "LS017", "LS014"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to put a value in place of adding it to the one before."""
    for place in scene.early():
        if scene.writes(place):
            continue
        statement = place.statement
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
            yield _set(place, statement)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
            value = statement.value
            for old, new in ((value.left, value.right), (value.right, value.left)):
                if isinstance(value.op, ast.Add) and _is_kept(statement, old):
                    slot = Slot(statement, "value")
                    yield replace(CODE, statement, slot, new, "cleared", cost=2)


def parts(scene: Scene) -> Iterator[Edit]:
    """Offer to add up what a loop within the pass only puts in the place of what it had before."""
    events = scene.judgement.measured.bases[0].trace.events
    repeated = {line for line, _, again in events if again > 0}
    for place in scene.early():
        statement = place.statement
        if not isinstance(statement, ast.Assign) or scene.writes(place):
            continue
        if statement.lineno not in repeated:
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
            index = next(i for i, s in enumerate(place.block) if s is statement)
            new = ast.copy_location(ast.AugAssign(target, ast.Add(), statement.value), statement)
            made = exchange(PART, place.block, index, ast.fix_missing_locations(new))
            made.cost = 2
            yield made


def _set(place: Place, statement: ast.AugAssign) -> Edit:
    index = next(i for i, s in enumerate(place.block) if s is statement)
    new = ast.copy_location(ast.Assign([statement.target], statement.value), statement)
    made = exchange(CODE, place.block, index, ast.fix_missing_locations(new))
    made.cost = 2
    return made


def _is_kept(statement: ast.Assign, node: ast.expr) -> bool:
    """Tell whether an operand is what the target held before, or what may be there of it."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in ("get", "getattr", "setdefault", "pop")
    return ast.unparse(node) == ast.unparse(statement.targets[0])
