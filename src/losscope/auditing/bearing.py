"""On which parameters a statement bears: its value is changed a little, and the pass run again.

A repair must leave alone what descends already, so a statement that bears on such a parameter
holds no repair, and need not be searched. But one that runs several times in a pass, as a layer's
method does, may be right for one parameter and wrong for another.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from losscope.auditing.causes.edit import Edit, expression
from losscope.auditing.causes.edit import replace as exchanged
from losscope.auditing.causes.places import Place, Scene
from losscope.auditing.leaves import Path

if TYPE_CHECKING:
    from losscope.auditing.experiment import Bench

_A_LITTLE = "1.0009765625"


def narrowed(bench: Bench, scene: Scene, good: list[list[bool]]) -> Scene:
    """Leave out the statements that bear on parameters which are good, whatever the aim."""
    before = bench.left() if all(any(row) for row in good) else None
    if before is None:
        return scene
    kept = []
    repeated = _repeated(bench)
    for place in scene.places:
        touched = _touched(bench, place, before)
        sides = any if place.statement.lineno in repeated and touched else all
        if any(sides(not row[i] for i in touched) for row in good):
            kept.append(place)
    return replace(scene, places=kept)


def around(bench: Bench, scene: Scene, healed: set[int]) -> Scene:
    """Keep the statements that bear on parameters which some repair heals already.

    What bears on others only is another fault, for which the next round looks anyway.
    """
    before = bench.left()
    if before is None:
        return scene
    touched = ((place, _touched(bench, place, before)) for place in scene.places)
    kept = [place for place, found in touched if not found or healed & set(found)]
    return replace(scene, places=kept)


def _repeated(bench: Bench) -> set[int]:
    """List the lines that run more than once in a pass."""
    return {line for line, _, again in bench.judgement.measured.bases[0].trace.events if again > 0}


def _touched(bench: Bench, place: Place, before: Mapping[Path, Any]) -> list[int]:
    """List the parameters that answer to a statement; none where that cannot be tried."""
    edit = _nudge(place)
    if edit is None:
        return []
    with edit:
        return bench.touched(edit.line, before)


def _nudge(place: Place) -> Edit | None:
    statement = place.statement
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) or place.value is None:
        return None
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        held = ast.unparse(statement.targets[0])
        if held not in place.names:  # part of an array, such as x[mask] = 0
            return None
    more = ast.BinOp(place.value, ast.Mult(), expression(_A_LITTLE))
    return exchanged("", statement, place.slot, more)
