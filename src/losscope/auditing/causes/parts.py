"""Statements that work out several things at once: gradients in a tuple, a list, a dict."""

from __future__ import annotations

import ast

from losscope.auditing.causes.edit import Slot, slots

_SEVERAL = ast.Tuple | ast.List | ast.Dict


def gives_several(statement: ast.stmt) -> bool:
    """Tell whether a function gives several things back, as a tuple or a dict of gradients."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
        return isinstance(statement.value, ast.Tuple)
    return isinstance(statement, ast.Return) and isinstance(statement.value, _SEVERAL)


def parts(statement: ast.stmt) -> list[Slot]:
    """List what is worked out on the spot in a tuple, a list or a dict: X.T @ d, d.sum(0)."""
    if not isinstance(statement, ast.Assign | ast.Return) or statement.value is None:
        return []
    return _worked_out(statement.value)


def _worked_out(node: ast.expr) -> list[Slot]:
    found = []
    for slot in slots(node) if isinstance(node, _SEVERAL) or _is_record(node) else ():
        own = slot.parent is node or isinstance(slot.parent, ast.keyword)
        if own and slot.name in ("elts", "values", "args", "value"):
            made = isinstance(slot.get(), ast.BinOp | ast.Call | ast.UnaryOp)
            found += [slot] if made and not _is_record(slot.get()) else _worked_out(slot.get())
    return found


def _is_record(node: ast.expr) -> bool:
    """Tell whether several things are put together: dict(W=X.T @ d, …), Grads(X.T @ d, …)."""
    if not isinstance(node, ast.Call) or len(node.args) + len(node.keywords) < 2:
        return False
    name = getattr(node.func, "id", "")
    return bool(name == "dict" or name[:1].isupper())
