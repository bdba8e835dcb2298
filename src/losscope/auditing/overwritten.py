"""Names that a pass gives a value before it reads them: what they hold at its head is never seen.

An engine that differentiates by itself leaves the whole graph of the last pass behind in `loss`.
To copy it for each of some two hundred passes would take most of the audit's time.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterable
from types import FunctionType, MethodType
from typing import Any

from losscope.auditing.instrument import Loop
from losscope.auditing.leaves import is_data, is_of_the_program

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def names(loop: Loop, tree: ast.Module) -> frozenset[str]:
    """List the names that each pass of a loop gives a value before anything can read them."""
    home = loop.function or tree
    seen = {
        name
        for part in home.body
        for node in ast.walk(part)
        if isinstance(node, _FUNCTION)
        for name in _from_outside(node)
    }
    made: set[str] = set()
    for statement in loop.body:
        seen |= _read(ast.walk(statement)) - made
        made |= _given(statement) - seen
    return frozenset(made)


def _given(statement: ast.stmt) -> set[str]:
    """List the plain names that a statement gives a value, whatever happens."""
    if not isinstance(statement, ast.Assign):
        return set()
    targets = [item for target in statement.targets for item in _items(target)]
    return {item.id for item in targets if isinstance(item, ast.Name)}


def _items(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _read(nodes: Iterable[ast.AST]) -> set[str]:
    """List the names that nodes read, change or take away."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def _from_outside(function: ast.AST) -> set[str]:
    """List the names that a function reads, and does not give a value itself."""
    nodes = list(ast.walk(function))
    shared = {name for n in nodes if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}
    own = {n.arg for n in nodes if isinstance(n, ast.arg)}
    own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return (_read(nodes) - own) | shared


def is_built(value: Any) -> bool:
    """Tell whether a value is one of the program's own objects, or a list of them."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return hasattr(value, "__dict__") and is_of_the_program(type(value))


def left_behind(old: Iterable[Any], others: Iterable[Any]) -> set[int]:
    """Find the closures that only what is overwritten holds, by their identity.

    They are what the nodes of an old graph did in its backward pass; the next pass makes its own.
    """
    return _closures_of(old) - _closures_of(others)


def _closures_of(values: Iterable[Any]) -> set[int]:
    found, seen, waiting = set[int](), set[int](), list(values)
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, FunctionType) and value.__closure__:
            found.add(id(value))
        waiting += _held_by(value)
    return found


def _held_by(value: Any) -> list[Any]:
    """List what a value holds: items, attributes, and what a closure speaks of."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, FunctionType):
        return [*gc.get_referents(*(value.__closure__ or ())), *(value.__defaults__ or ())]
    if isinstance(value, MethodType):
        return [value.__self__, value.__func__]
    if hasattr(value, "__dict__") and is_data(value) and is_of_the_program(type(value)):
        return list(vars(value).values())
    return []
