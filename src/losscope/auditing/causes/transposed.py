"""A matrix that should have been transposed, or should not; only a square one hides it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, replace, slots
from losscope.auditing.causes.places import Scene

CODE = "LS015"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer each square matrix transposed."""
    for place in scene.early():
        for slot in slots(place.statement):
            node = slot.get()
            if isinstance(node, ast.Attribute) and node.attr == "T":
                yield replace(CODE, place.statement, slot, node.value, ast.unparse(node))
            elif isinstance(getattr(node, "ctx", None), ast.Load):
                named = place.names.get(ast.unparse(node))
                square = named is not None and any(
                    len(s) == 2 and s[0] == s[1] > 1 for s in named.shapes
                )
                if square:
                    new = ast.Attribute(node, "T", ast.Load())
                    yield replace(CODE, place.statement, slot, new, ast.unparse(node))
