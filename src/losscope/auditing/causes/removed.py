"""A statement too many: it overwrites what the backward pass goes on to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit
from losscope.auditing.causes.places import Scene

CODE = "LS014"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to leave out each assignment of the backward pass."""
    for place in scene.early():
        if not isinstance(place.statement, ast.Assign | ast.AugAssign | ast.Expr):
            continue
        index = next(i for i, s in enumerate(place.block) if s is place.statement)
        block, old = place.block, place.statement
        blank = ast.copy_location(ast.Pass(), old)
        yield Edit(
            CODE,
            old.lineno,
            lambda b=block, i=index, n=blank: b.__setitem__(i, n),  # type: ignore[misc]
            lambda b=block, i=index, o=old: b.__setitem__(i, o),  # type: ignore[misc]
            blank,
            "left out",
            cost=3,
        )
