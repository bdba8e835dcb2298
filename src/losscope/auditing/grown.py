"""Parameters that grew in the first pass: a bias (n, 1) from which a gradient (1, m) was taken.

NumPy spreads both to (n, m), and from then on the bias has an entry for each example.  It is looked
at as it was made, so that what is said of it, and each repair, is about the bias that was meant.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from losscope.auditing.leaves import Path, Values, arrays_in, lookup
from losscope.auditing.source import terms_of

Shape = tuple[int, ...]


def shapes(values: Values) -> dict[Path, Shape]:
    """Give the shapes of all arrays that are held, in more than one dimension."""
    found = arrays_in(values)
    return {p: v.shape for p, v in found.items() if isinstance(v, np.ndarray) and v.ndim > 1}


def updated(tree: ast.Module) -> set[str]:
    """List what a program takes something from, W = W - …, by its last name or key.

    A key that is worked out is written as an empty text: it may be any.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            target = node.targets[0]
            if ast.unparse(target) in map(ast.unparse, terms_of(node.value)):
                found.add(_last(target))
    return found


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)


def of(shapes: Mapping[Path, Shape], names: set[str]) -> dict[Path, Shape]:
    """Keep what goes by one of some names, or stands in a table under a key that is worked out."""
    return {
        path: shape
        for path, shape in shapes.items()
        if str(path[-1] if len(path) == 2 else path[-1][1]) in names
        or ("" in names and len(path) > 2 and path[-1][0] == "item")
    }


def grown(values: Values, first: Mapping[Path, Shape]) -> dict[Path, Shape]:
    """List what was spread along a dimension that it had none of, with its first shape."""
    found = {}
    for path, shape in first.items():
        held = lookup(values, path)
        if isinstance(held, np.ndarray) and _is_spread(shape, held.shape):
            found[path] = shape
    return found


def _is_spread(before: Shape, after: Shape) -> bool:
    return (
        len(before) == len(after)
        and before != after
        and all(a in {1, b} for a, b in zip(before, after, strict=True))
    )


def shrink(values: Values, first: Mapping[Path, Shape]) -> None:
    """Put what had grown back to its first shape."""
    for path, shape in first.items():
        held = lookup(values, path)
        if isinstance(held, np.ndarray):
            _put(values, path, shrunk(held, shape))


def shrunk(value: Any, shape: Shape) -> Any:
    """Give the beginning of an array, in another shape."""
    if value is None or value.shape == shape or value.ndim != len(shape):
        return value
    return value[tuple(slice(n) for n in shape)].copy()


def _put(values: Values, path: Path, array: Any) -> None:
    """Let what holds an array hold another."""
    if len(path) == 2:
        values[path[0]][path[1]] = array
        return
    holder = lookup(values, path[:-1])
    kind, name = path[-1]
    if kind == "attr":
        setattr(holder, name, array)
    elif kind == "item" and isinstance(holder, dict | list):
        holder[name] = array
