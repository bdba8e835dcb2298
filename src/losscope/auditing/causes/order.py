"""A parameter is changed before the backward pass has read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from losscope.auditing.causes import penalty
from losscope.auditing.causes.edit import Edit
from losscope.auditing.causes.places import Place, Scene
from losscope.auditing.instrument import clone

CODE = "LS001"
_GIVEN = "__ls_given__"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to move each update below the last statement of its block that reads the parameter."""
    parameters = penalty.parameter_names(scene)
    for place in scene.places:
        written = _written(place.statement)
        if written is None or not (scene.writes(place) or written in parameters):
            continue
        start = next(i for i, s in enumerate(place.block) if s is place.statement)
        readers = [
            index
            for index in range(start + 1, len(place.block))
            if _reads(place.block[index], written)
        ]
        ends = bool(readers) and isinstance(place.block[readers[-1]], ast.Return)
        if ends and not scene.writes(place):
            continue  # behind a return it would be left out, and is no parameter's update
        if readers:
            yield _move(place, start, readers[-1], readers[0])
            if isinstance(place.block[readers[-1]], ast.Return):
                yield _kept(place, start, readers[-1])
            others = [w for i in readers if (w := _written(place.block[i])) is not None]
            if any(_reads(place.statement, other) for other in others):
                yield _remembered(place, start, readers, written)
    yield from _across(scene)
    yield from _loops(scene)


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


def _move(place: Place, start: int, last: int, first: int, shown: ast.stmt | None = None) -> Edit:
    block, statement = place.block, place.statement
    shown = shown or statement
    reader = block[first]

    def make() -> None:
        block.remove(statement)
        block.insert(last, statement)

    def take_back() -> None:
        block.remove(statement)
        block.insert(start, statement)

    return Edit(CODE, shown.lineno, make, take_back, shown, "moved", reader.lineno)


def _kept(place: Place, start: int, last: int) -> Edit:
    """Offer to work out what is given back before the update, and to give it back after it."""
    block, statement = place.block, place.statement
    given = block[last]
    assert isinstance(given, ast.Return)
    assert given.value is not None
    name = ast.copy_location(ast.Name(_GIVEN, ast.Load()), given)
    target = ast.copy_location(ast.Name(_GIVEN, ast.Store()), given)
    first = ast.copy_location(ast.Assign([target], given.value), given)
    changed = [
        *block[:start],
        first,
        *block[start:last],
        ast.copy_location(ast.Return(name), given),
    ]
    old = list(block)

    def make() -> None:
        block[: last + 1] = changed

    def take_back() -> None:
        block[:] = old

    return Edit(CODE, statement.lineno, make, take_back, statement, "kept", given.lineno)


def _remembered(place: Place, start: int, readers: list[int], written: str) -> Edit:
    """Offer to let later statements read what a parameter was before its update.

    Two updates that read each other's parameter cannot be put in any right order.
    """
    block, statement = place.block, place.statement
    old = list(block)
    held = ast.parse(f"{_GIVEN} = 1 * {written}").body[0]
    for node in ast.walk(held):
        ast.copy_location(node, statement)
    later: list[ast.stmt] = [
        _Reading(written).visit(clone(s)) if i in readers else s for i, s in enumerate(block)
    ]
    changed = [*block[:start], held, statement, *later[start + 1 :]]

    def put(statements: list[ast.stmt]) -> None:
        block[:] = statements

    line = old[readers[0]].lineno
    return Edit(
        CODE, statement.lineno, lambda: put(changed), lambda: put(old), statement, "kept", line
    )


class _Reading(ast.NodeTransformer):
    """Lets a statement read a kept value in place of a parameter."""

    def __init__(self, written: str) -> None:
        self.written = written

    def visit(self, node: ast.AST) -> Any:
        """Exchange what is read."""
        if isinstance(getattr(node, "ctx", None), ast.Load) and ast.unparse(node) == self.written:
            return ast.copy_location(ast.Name(_GIVEN, ast.Load()), node)
        return super().generic_visit(node)


def _loops(scene: Scene) -> Iterator[Edit]:
    """Offer to move a loop that updates some parameters below the rest of its block."""
    for node in ast.walk(scene.source.tree):
        for part in ("body", "orelse"):
            block: list[ast.stmt] = getattr(node, part, [])
            for index, loop in enumerate(block if isinstance(block, list) else []):
                if not isinstance(loop, ast.For | ast.While) or index + 1 >= len(block):
                    continue
                inside = [p for p in scene.places if any(p.statement is s for s in loop.body)]
                update = next((p for p in inside if scene.writes(p)), None)
                if update is not None and len(loop.body) == len(inside):
                    found = Place(loop, block, update.function, update.first)
                    yield _move(found, index, len(block) - 1, index + 1, update.statement)


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
