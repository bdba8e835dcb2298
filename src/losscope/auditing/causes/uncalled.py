"""A function of the program that nothing calls: it was written for the line that lacks it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from losscope.auditing.causes.edit import Edit, replace
from losscope.auditing.causes.places import Place, Scene
from losscope.auditing.instrument import clone

CODE = "LS003"
_Function = ast.FunctionDef


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer f(name, dA, Z) where a statement goes on with dA, and nothing calls f."""
    nodes = list(ast.walk(scene.source.tree))
    calls = [n for n in nodes if isinstance(n, ast.Call)]
    called = {getattr(n.func, "attr", getattr(n.func, "id", "")) for n in calls}
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    functions = {n.name: n for n in nodes if isinstance(n, _Function)}
    idle = [f for name, f in functions.items() if name not in called | read]
    idle = [f for f in idle if len(_parameters(f)) > 1 and f in scene.source.tree.body]
    for place in scene.early() if idle else ():
        value = place.value
        if not isinstance(value, ast.Name | ast.Attribute | ast.Subscript) or scene.writes(place):
            continue
        for function in idle:
            made = _call(function, value, _passed(calls, functions), place)
            if made is not None:
                slot = place.slot
                yield replace(CODE, place.statement, slot, made, function.name)


def _parameters(function: _Function) -> list[str]:
    return [a.arg for a in function.args.args]


def _passed(
    calls: Sequence[ast.Call], functions: dict[str, _Function]
) -> dict[str, list[ast.expr]]:
    """List, by the name of a parameter, what calls of the program's functions pass for it."""
    out: dict[str, list[ast.expr]] = {}
    for call in calls:
        function = functions.get(getattr(call.func, "id", ""))
        if function is not None:
            for name, argument in zip(_parameters(function), call.args, strict=False):
                out.setdefault(name, []).append(argument)
    return out


def _call(
    function: _Function, value: ast.expr, passed: dict[str, list[ast.expr]], place: Place
) -> ast.expr | None:
    """Write a call by the names of the parameters; None where one of them says nothing."""
    inside = {n.id for s in place.block for n in ast.walk(s) if isinstance(n, ast.Name)}
    arguments: list[ast.expr] = []
    for name in _parameters(function):
        if name == ast.unparse(value).rpartition(".")[2]:
            arguments.append(value)
            continue
        known = [a for a in passed.get(name, []) if _roots(a) <= inside]
        known += [ast.Name(name, ast.Load())] if name in inside else []
        if not known:
            return None
        arguments.append(clone(known[0]))
    own = any(argument is value for argument in arguments)
    return ast.Call(ast.Name(function.name, ast.Load()), arguments, []) if own else None


def _roots(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
