"""Which lines give a name a new value that is made of its old one."""

from __future__ import annotations

import ast

from losscope.auditing.source import terms_of


def own_readers(tree: ast.Module) -> frozenset[int]:
    """List the lines that change what they read: W -= …, W = W − …"""  # noqa: D400 - a question
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) or (
            isinstance(node, ast.Assign) and (_reads_itself(node) or _rebuilds(node))
        ):
            lines.add(node.lineno)
    return frozenset(lines)


def _reads_itself(node: ast.Assign) -> bool:
    """Tell whether what is assigned is a sum of which the old value is a part."""
    terms = terms_of(node.value) if isinstance(node.value, ast.BinOp) else []
    return _whole(node.targets[0]) in map(ast.unparse, terms)


def _whole(target: ast.expr) -> str:
    """Write what is assigned to; of all that an array holds, p[...] or p[:], the array."""
    if isinstance(target, ast.Subscript) and ast.unparse(target.slice) in ("...", ":"):
        target = target.value
    return ast.unparse(target)


def _rebuilds(node: ast.Assign) -> bool:
    """Tell whether a list is made anew of itself: s = [a + g ** 2 for a, g in zip(s, grads)]"""  # noqa: D400 - it ends in what it looks like
    read = [
        ast.unparse(part)
        for one in ast.walk(node.value)
        if isinstance(one, ast.comprehension)
        for part in ast.walk(one.iter)
        if isinstance(part, ast.expr)
    ]
    return ast.unparse(node.targets[0]) in read


def read_first(tree: ast.Module) -> dict[int, str]:
    """Give what stands first in each line that adds to it or takes from it: b in new_b = b - …"""  # noqa: D400 - it ends in what it looks like
    return {
        node.lineno: ast.unparse(node.value.left)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Add | ast.Sub)
    }
