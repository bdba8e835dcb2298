"""Products, as they are written: a * b, np.multiply(a, b)."""

from __future__ import annotations

import ast

from losscope.auditing.causes.edit import Slot


def product(node: ast.expr) -> tuple[Slot, Slot] | None:
    """Give the two factors of a product; None where it is none."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return Slot(node, "left"), Slot(node, "right")
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "multiply"
        and len(node.args) == 2
    ):
        return Slot(node, "args", 0), Slot(node, "args", 1)
    return None


def multiplied(parts: list[ast.expr]) -> ast.expr:
    """Write the product of several factors."""
    whole = parts[0]
    for part in parts[1:]:
        whole = ast.BinOp(whole, ast.Mult(), part)
    return whole


def factors(node: ast.expr) -> list[ast.expr]:
    """List all factors of a product; a single one where it is none."""
    pair = product(node)
    if pair is None:
        return [node]
    return [*factors(pair[0].get()), *factors(pair[1].get())]
