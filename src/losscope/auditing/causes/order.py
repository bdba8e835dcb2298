"""A parameter is changed before the backward pass has read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit
from losscope.auditing.causes.places import Place, Scene

CODE = "LS001"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to move each update below the last statement of its block that reads the parameter."""
    for place in scene.places:
        written = _written(place.statement)
        if written is None:
            continue
        start = next(i for i, s in enumerate(place.block) if s is place.statement)
        readers = [
            index
            for index in range(start + 1, len(place.block))
            if _reads(place.block[index], written)
        ]
        if readers:
            yield _move(place, start, readers[-1], readers[0])
    yield from _across(scene)


def _written(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AugAssign):
        return ast.unparse(statement.target)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = ast.unparse(statement.targets[0])
        if any(
            ast.unparse(n) == target for n in ast.walk(statement.value) if isinstance(n, ast.expr)
        ):
            return target
    return None


def _reads(statement: ast.stmt, written: str) -> bool:
    if _written(statement) == written:
        return False
    return any(
        isinstance(node, ast.expr)
        and isinstance(getattr(node, "ctx", None), ast.Load)
        and ast.unparse(node) == written
        for node in ast.walk(statement)
    )


def _move(place: Place, start: int, last: int, first: int) -> Edit:
    block, statement = place.block, place.statement
    reader = block[first]

    def make() -> None:
        block.remove(statement)
        block.insert(last, statement)

    def take_back() -> None:
        block.remove(statement)
        block.insert(start, statement)

    return Edit(CODE, statement.lineno, make, take_back, statement, "moved", reader.lineno)


def _across(scene: Scene) -> Iterator[Edit]:
    """Offer to move a whole statement (a call that updates) below the rest of its block."""
    for place in scene.places:
        if not isinstance(place.statement, ast.Expr | ast.Assign):
            continue
        start = next(i for i, s in enumerate(place.block) if s is place.statement)
        if start + 1 >= len(place.block) or not isinstance(place.statement.value, ast.Call):
            continue
        if isinstance(place.statement, ast.Assign):
            continue
        yield _move(place, start, len(place.block) - 1, start + 1)
