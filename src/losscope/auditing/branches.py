"""Branches that are not taken in each pass: those that only talk, and those that draw."""

from __future__ import annotations

import ast
import re

TELLING = ("print", "display", "append", "info", "debug", "write", "set_description", "set_postfix")
_RANDOM = re.compile(
    r"\brandom\b|\brng\b|\b(choices?|shuffle|sample|randn?|randint|uniform|normal)\("
)
_TALK_SWITCHES = ("verbose", "debug", "display", "print")


def has_text(node: ast.AST) -> bool:
    """Tell whether an expression holds words: then + and % put text together."""
    return any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(node))


def mark(tree: ast.Module) -> None:
    """Mark each branch of a whole program that only talks now and then.

    The mark stays with the branch in every copy of the tree, so that it is looked for once.
    """
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    _mark(tree, tree, functions)


def _mark(node: ast.AST, scope: ast.AST, functions: dict[str, ast.FunctionDef]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If):
            vars(child)["ls_talks"] = _only_talks(child, scope, functions)
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            _mark(child, child if isinstance(child, ast.FunctionDef) else scope, functions)


def _draws(node: ast.AST, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    if _RANDOM.search(ast.unparse(node)):
        return True
    called = {n.func for n in ast.walk(node) if isinstance(n, ast.Call)}
    for name in {getattr(f, "id", getattr(f, "attr", "")) for f in called} & set(functions) - seen:
        if _draws(functions[name], functions, seen | {name}):
            return True
    return False


def _only_talks(node: ast.If, scope: ast.AST, functions: dict[str, ast.FunctionDef]) -> bool:
    """Tell whether a branch is taken now and then, prints, and leaves nothing behind."""
    test = ast.unparse(node.test)
    sometimes = "%" in test or any(word in test.lower() for word in _TALK_SWITCHES)
    if not sometimes or node.orelse:
        return False
    inside = [n for statement in node.body for n in ast.walk(statement)]
    if any(isinstance(n, ast.Break | ast.Return | ast.Raise | ast.Continue) for n in inside):
        return False
    calls = [n.func for n in inside if isinstance(n, ast.Call)]
    names = [getattr(f, "attr", getattr(f, "id", "")) for f in calls]
    if not any(name in TELLING for name in names):
        return False
    if _draws(node, functions, set()):
        return False  # it would draw random numbers that the training gets otherwise
    if any(
        isinstance(n, ast.Attribute | ast.Subscript) and isinstance(n.ctx, ast.Store)
        for n in inside
    ):
        return False
    stored = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own = {id(n) for n in inside}
    read_outside = {
        n.id
        for n in ast.walk(scope)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and id(n) not in own
    }
    return not stored & read_outside
