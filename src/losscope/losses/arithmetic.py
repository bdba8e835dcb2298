"""The small formulas in which dialects are written: "1/delta", "y*log(y) - y", "clip(a, 1e-7, 1)".

They are read as syntax and computed here; nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "clip": np.clip,
    "exp": np.exp,
    "log": np.log,
    "max": np.maximum,
    "min": np.minimum,
    "sqrt": np.sqrt,
    "xlogx": lambda x: np.where(x > 0, x * np.log(np.where(x > 0, x, 1)), 0.0),
}
_MINUS, _TIMES = "−", " "


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """Compute a formula from the values of its names (numbers or arrays).

    Raises
    ------
    KeyError : for a name without a value.
    ValueError : for anything that is not arithmetic.
    """
    return _value(tree(text), names)


@lru_cache(maxsize=1024)
def tree(text: str) -> ast.expr:
    """The syntax of a formula."""
    return ast.parse(text, mode="eval").body


def names_in(text: str) -> set[str]:
    """Names that a formula uses, functions left out."""
    found = {node.id for node in ast.walk(tree(text)) if isinstance(node, ast.Name)}
    return found - set(_FUNCTIONS)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=bool() | str() | bytes()):
            pass
        case ast.Constant(value=int() | float() as number):
            return float(number)  # never an integer: 9**9**9 would not end
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(argument, names) for argument in arguments))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")


def solve(text: str, value: float) -> tuple[str, float]:
    """Find the one name in a formula, and the number that makes the formula equal `value`.

    The name may stand once only, under +, −, × and ÷ with numbers: `solve("1 - q", 0.3)` is
    `("q", 0.7)`.
    """
    node = tree(text)
    while not isinstance(node, ast.Name):
        node, value = _peel(node, value)
    return node.id, value


def _peel(node: ast.expr, value: float) -> tuple[ast.expr, float]:
    """One step from f(x) = value towards x."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return inner, -value
        case ast.BinOp(left=left, op=op, right=ast.Constant(value=int() | float() as number)):
            undo: dict[type[ast.operator], Callable[[float], float]] = {
                ast.Add: lambda v: v - number,
                ast.Sub: lambda v: v + number,
                ast.Mult: lambda v: v / number,
                ast.Div: lambda v: v * number,
            }
            return left, undo[type(op)](value)
        case ast.BinOp(left=ast.Constant(value=int() | float() as number), op=op, right=right):
            turn: dict[type[ast.operator], Callable[[float], float]] = {
                ast.Add: lambda v: v - number,
                ast.Sub: lambda v: number - v,
                ast.Mult: lambda v: v / number,
                ast.Div: lambda v: number / v,
            }
            return right, turn[type(op)](value)
    raise ValueError(f"cannot be solved: {ast.unparse(node)}")


def pretty(text: str, letters: Mapping[str, str] | None = None) -> str:
    """A formula for the reader: "1/delta" as "1/δ", "2*K" as "2 K"."""
    return _shown(tree(text), letters or {}, 0)


_LEVEL: dict[type[ast.operator], int] = {
    ast.Add: 1,
    ast.Sub: 1,
    ast.Mult: 2,
    ast.Div: 2,
    ast.Pow: 4,
}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: " + ",
    ast.Sub: f" {_MINUS} ",
    ast.Mult: _TIMES,
    ast.Div: "/",
    ast.Pow: "^",
}


def _shown(node: ast.expr, letters: Mapping[str, str], level: int) -> str:
    match node:
        case ast.Constant(value=int() | float() as number):
            return f"{number:g}".replace("e-0", "e-").replace("-", _MINUS)
        case ast.Name(id=name):
            return letters.get(name, name)
        case ast.UnaryOp(operand=inner):
            shown, own = _MINUS + _shown(inner, letters, 2), 2
        case ast.BinOp(left=left, op=op, right=right):
            own = _LEVEL[type(op)]
            # The right of − and ÷ needs its brackets even at the same level.
            tight = own + isinstance(op, ast.Sub | ast.Div)
            shown = _shown(left, letters, own) + _SIGNS[type(op)] + _shown(right, letters, tight)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            inside = ", ".join(_shown(argument, letters, 0) for argument in arguments)
            named = {"xlogx": f"{inside} log {inside}", "log": f"log({inside})"}
            return named.get(name, f"{name}({inside})")
        case _:
            raise ValueError(f"not arithmetic: {ast.unparse(node)}")
    return f"({shown})" if own < level else shown


__all__ = ["evaluate", "names_in", "pretty", "solve", "tree"]
