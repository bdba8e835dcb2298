"""A gradient that is added to what earlier passes left of it, and never cleared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, exchange, replace
from losscope.auditing.causes.places import Place, Scene

CODE = "LS017"


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
