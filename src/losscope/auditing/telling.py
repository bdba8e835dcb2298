"""What a program's text tells its user: the expressions that it prints or keeps in a history."""

from __future__ import annotations

import ast

from losscope.auditing.branches import TELLING, has_text
from losscope.auditing.instrument import Loop
from losscope.auditing.source import Source

_TELLING = (*TELLING, "plot")


def names(tree: ast.Module, loop: Loop | None = None) -> dict[str, bool]:
    """Map each expression that is told to whether it is only kept in a list.

    A list that is made anew in each pass of the loop is no history: the pass works with it.
    """
    out: dict[str, bool] = {}
    working = _appended_to_new_lists(tree, loop)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in working:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in _TELLING:
            continue
        for argument in [*node.args, *(k.value for k in node.keywords)]:
            for part in _leaves(argument):
                text = ast.unparse(part)
                out[text] = out.get(text, True) and name == "append"
    return out


def labels(tree: ast.Module) -> dict[str, str]:
    """Map each expression that is told to the words that are told beside it."""
    out: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            parts = [leaf for a in node.args for leaf in _leaves(a)] if name in _TELLING else []
            beside = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
            words = " ".join(word for word in beside if isinstance(word, str))
            out.update({ast.unparse(p): out.get(ast.unparse(p), "") + words for p in parts})
    return out


def _appended_to_new_lists(tree: ast.Module, loop: Loop | None) -> set[int]:
    """List the calls that append to a list which its function makes anew in each pass."""
    if loop is None:
        return set()
    found = set()
    home = loop.function.name if loop.function is not None else ""
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        inside = list(ast.walk(function))
        fresh = {
            ast.unparse(node.targets[0])
            for node in inside
            if isinstance(node, ast.Assign)
            and ast.unparse(node.value) in ("[]", "list()")
            and (function.name != home or loop.line < node.lineno <= loop.last_line)
        }
        around = any(node.lineno == loop.line for node in inside if isinstance(node, ast.stmt))
        for node in inside if function.name == home or not around else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):  # noqa: SIM102 - two thoughts, two lines
                if isinstance(node.func.value, ast.Name) and node.func.value.id in fresh:
                    found.add(id(node))
    return found


def _leaves(node: ast.expr) -> list[ast.expr]:
    """Peel formatting off: f-strings, %, format(…), round(…), and joined text."""
    if isinstance(node, ast.JoinedStr):
        return [leaf for part in node.values for leaf in _leaves(part)]
    if isinstance(node, ast.FormattedValue):
        return _leaves(node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return [leaf for part in node.elts for leaf in _leaves(part)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add) and has_text(node):
        return [*_leaves(node.left), *_leaves(node.right)]
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "format":
            return [leaf for part in node.args for leaf in _leaves(part)]
        if name in ("str", "repr", "round", "float", "around") and node.args:
            return _leaves(node.args[0])
        if name == "item" and isinstance(node.func, ast.Attribute):
            return [node, *_leaves(node.func.value)]
    return [] if isinstance(node, ast.Constant) else [node]


def readers(source: Source, name: str) -> list[tuple[int, str]]:
    """List the lines that read a name for something else than telling it."""
    silent: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in _TELLING:
                silent |= {id(n) for n in ast.walk(node)}
    found = []
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Name | ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and id(node) not in silent
            and ast.unparse(node) == name
            and node.lineno > 0
        ):
            found.append((node.lineno, source.line(node.lineno)))  # noqa: PERF401 - reads as a list of cases
    return sorted(set(found))
