"""An error that is sent back without the weights between two layers.

The line runs all the same where the weights are square, or where a single output is spread over
the layer before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.places import Named, Scene
from losscope.auditing.leaves import same

CODE = "LS014"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer d @ W.T, W.T @ d and np.outer(d, w) where an array d of errors is read by itself."""
    starts = [p.starts[0] for p in scene.judgement.measured.parameters if p.size > 1]
    for place in scene.early():
        if place.value is None or scene.writes(place):
            continue
        weights = [n for n in place.choices if n.kind != "inner" and _is_one(n, starts)]
        for slot in place.inside() if weights else ():
            node = slot.get()
            named = place.names.get(ast.unparse(node))
            multiplied = isinstance(slot.parent, ast.BinOp) and isinstance(
                slot.parent.op, ast.MatMult
            )
            alone = isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not multiplied
            if named is None or not named.reached or not alone or _is_stored(node):
                continue
            for weight in weights:
                for text, shape in _products(named, weight):
                    if shape in place.shapes:
                        yield replace(
                            CODE, place.statement, slot, expression(text), weight.text, cost=2
                        )


def _is_stored(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _is_one(named: Named, starts: list[np.ndarray[Any, Any]]) -> bool:
    return any(same(named.value, start) for start in starts)


def _products(named: Named, weight: Named) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Write the products of errors and weights that can be formed, with their shapes."""
    d, w = named.value.shape, weight.value.shape
    if len(d) == len(w) == 2:
        if d[1] == w[1]:
            yield f"{named.text} @ {weight.text}.T", (d[0], w[0])
        if d[0] == w[0]:
            yield f"{weight.text}.T @ {named.text}", (w[1], d[1])
    elif len(d) == len(w) == 1:
        yield f"np.outer({named.text}, {weight.text})", (d[0], w[0])
    elif len(d) == 1 and len(w) == 2 and 1 in w:
        yield f"np.outer({named.text}, {weight.text})", (d[0], max(w))
