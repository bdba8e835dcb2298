"""A formula in text, read as mathematics against a closed list: nothing in it can run.

The text is parsed to a syntax tree, and the tree is walked node by node; what is not on the list is
refused. No `eval`, no `sympify`, no attribute, no subscript, no string.
"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus import functions as f
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEEPEST, MOST_NODES, HIGHEST_DEGREE, LARGEST = 40, 400, 24, 1e15

_ONE = {
    "exp": f.exp,
    "log": f.log,
    "sqrt": f.sqrt,
    "abs": f.Abs,
    "sign": f.sign,
    "sigmoid": f.sigmoid,
    "softplus": f.softplus,
    "relu": f.relu,
    "tanh": f.tanh,
    "cosh": f.cosh,
    "log1p": f.log1p,
    "expm1": f.expm1,
    "sum": f.Total,
    "peak": f.Peak,
    "frozen": f.frozen,
}
_MANY = ("max", "min", "mean", "where")
_SIGNS: dict[type, Callable[[sp.Expr, sp.Expr], sp.Expr]] = {
    ast.Lt: sp.Lt,
    ast.LtE: sp.Le,
    ast.Gt: sp.Gt,
    ast.GtE: sp.Ge,
}
FUNCTIONS = (*_ONE, *_MANY)


def parse(text: str, names: Mapping[str, sp.Expr]) -> sp.Expr:
    """Read a formula.

    Parameters
    ----------
    text : arithmetic (+ − * / **, ^ as well), comparisons inside `where`, and `FUNCTIONS`.
    names : what each letter stands for.

    Raises
    ------
    LosscopeError : for anything else, saying what and what may stand there.
    """
    shown = text if len(text) <= 60 else f"{text[:57]}…"
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LosscopeError(f"cannot read the formula {shown!r}: it is no arithmetic") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise LosscopeError(f"the formula {shown!r} has more than {MOST_NODES} parts")
    reader = _Reader(shown, names)
    found = reader.read(tree, 0)
    if reader.degree(tree) > HIGHEST_DEGREE:
        raise LosscopeError(
            f"the formula {shown!r} has powers that multiply to more than {HIGHEST_DEGREE}"
        )
    if found.has(sp.nan, sp.oo, -sp.oo, sp.zoo, sp.I):
        raise LosscopeError(f"the formula {shown!r} divides by 0 or leaves the real numbers")
    return found


class _Reader:
    def __init__(self, shown: str, names: Mapping[str, sp.Expr]) -> None:
        self.shown = shown
        self.names = names

    def wrong(self, reason: str) -> LosscopeError:
        letters = ", ".join(self.names)
        return LosscopeError(
            f"the formula {self.shown!r} {reason}; it may hold numbers, {letters}, + - * / **, and "
            f"{', '.join(FUNCTIONS)}"
        )

    def read(self, node: ast.expr, depth: int) -> sp.Expr:
        """One node as a SymPy expression."""
        if depth > DEEPEST:
            raise self.wrong(f"is nested more than {DEEPEST} deep")
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as value):
                return self.number(value)
            case ast.Name(id=name):
                return self.letter(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.read(operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, depth + 1)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(name, arguments, depth + 1)
        raise self.wrong(f"holds {_kind(node)}")

    def number(self, value: float) -> sp.Expr:
        """A literal as the exact decimal that was written."""
        if not abs(value) <= LARGEST:
            raise self.wrong(f"holds a number beyond {LARGEST:g}")
        return sp.Integer(value) if isinstance(value, int) else sp.Rational(repr(value))

    def letter(self, name: str) -> sp.Expr:
        """A letter that is known."""
        if name == "pi":
            return sp.pi
        if name not in self.names:
            raise self.wrong(f"holds {name!r}, which is not known")
        return self.names[name]

    def binary(self, op: ast.operator, left: sp.Expr, right: sp.Expr) -> sp.Expr:
        """Arithmetic."""
        match op:
            case ast.Add():
                return self.bounded(left + right)
            case ast.Sub():
                return self.bounded(left - right)
            case ast.Mult():
                return self.bounded(left * right)
            case ast.Div():
                if right == 0:
                    raise self.wrong("divides by 0")
                return self.bounded(left / right)
            case ast.Pow():
                return self.power(left, right)
        raise self.wrong(f"holds the operator {type(op).__name__}")

    def power(self, base: sp.Expr, power: sp.Expr) -> sp.Expr:
        """A power, when what it makes stays small."""
        if power.is_number and abs(float(power)) > HIGHEST_DEGREE:
            raise self.wrong(f"has a power beyond {HIGHEST_DEGREE}")
        if base.is_number and power.is_number:
            self.bounded_number(base, power)
        return base**power

    def bounded_number(self, base: sp.Expr, power: sp.Expr) -> None:
        """Refuse numbers that would take long to work out."""
        size = abs(float(base))
        if size and abs(float(power) * math.log10(size)) > math.log10(LARGEST):
            raise self.wrong(f"holds a number beyond {LARGEST:g}")

    def bounded(self, value: sp.Expr) -> sp.Expr:
        """Refuse numbers that have grown beyond all use."""
        if value.is_Rational and max(abs(value.p), value.q) > LARGEST:
            raise self.wrong(f"holds a number beyond {LARGEST:g}, or a fraction as long")
        return value

    def call(self, name: str, arguments: list[ast.expr], depth: int) -> sp.Expr:
        """A function of the closed list."""
        if name == "where":
            return self.where(arguments, depth)
        values = [self.read(argument, depth) for argument in arguments]
        if name in _ONE:
            if len(values) != 1:
                raise self.wrong(f"gives {name} {len(values)} arguments, it takes 1")
            if values[0].is_number and name not in ("sqrt", "abs", "log"):
                raise self.wrong(f"takes {name} of a plain number; write the number it makes")
            return _ONE[name](values[0])
        if name in ("max", "min") and len(values) == 2:
            return _extreme(name, *values)
        if name == "mean" and len(values) == 1:
            return f.Total(values[0]) / f.K
        if name in _MANY:
            raise self.wrong(f"gives {name} {len(values)} arguments")
        raise self.wrong(f"calls {name!r}, which is not known")

    def where(self, arguments: list[ast.expr], depth: int) -> sp.Expr:
        """where(condition, then, otherwise)."""
        if len(arguments) != 3 or not isinstance(arguments[0], ast.Compare):
            raise self.wrong(
                "needs where(condition, then, otherwise) with a condition such as a > y"
            )
        condition = arguments[0]
        if len(condition.ops) != 1 or type(condition.ops[0]) not in _SIGNS:
            raise self.wrong("needs a single <, <=, > or >= in the condition of where")
        left, right = (
            self.read(side, depth) for side in (condition.left, condition.comparators[0])
        )
        if not (left - right).free_symbols:
            raise self.wrong("compares plain numbers")
        then, otherwise = (self.read(argument, depth) for argument in arguments[1:])
        return f.where(_SIGNS[type(condition.ops[0])](left, right), then, otherwise)

    def degree(self, node: ast.expr) -> float:
        """A bound on the power to which letters are raised."""
        match node:
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                power = self.read(right, 0)
                grown = max(1.0, abs(float(power))) if power.is_number else 1.0
                return self.degree(left) * grown + self.degree(right)
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
                return self.degree(left) + self.degree(right)
            case ast.BinOp(left=left, right=right):
                return max(self.degree(left), self.degree(right))
            case ast.UnaryOp(operand=operand):
                return self.degree(operand)
            case ast.Call(args=arguments):
                return max([1.0, *(self.degree(argument) for argument in arguments)])
            case ast.Compare(left=left, comparators=[right]):
                return max(self.degree(left), self.degree(right))
            case ast.Name():
                return 1.0
        return 0.0


def _extreme(name: str, u: sp.Expr, v: sp.Expr) -> sp.Expr:
    """max(u, v) = v + max(0, u − v), and min likewise, so that the kink has one convention."""
    if u.is_number and not v.is_number:
        u, v = v, u  # max(0, x) → max(x, 0): the number is what is added back
    return v + f.relu(u - v) if name == "max" else v - f.relu(v - u)


def _kind(node: ast.expr) -> str:
    kinds = {
        ast.Attribute: "an attribute (a dot)",
        ast.Subscript: "a subscript",
        ast.Lambda: "a lambda",
        ast.Compare: "a comparison outside where",
        ast.Call: "a call of something that is no function's name, or with keywords",
        ast.Constant: "a word or a constant that is no number",
    }
    return kinds.get(type(node), f"a {type(node).__name__.lower()}")


__all__ = ["FUNCTIONS", "parse"]
