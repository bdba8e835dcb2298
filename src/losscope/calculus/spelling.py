"""Source code of an expression in an array framework.

One printer, one small table a framework. Arithmetic is the same in all of them; only the names of
functions differ. Functions that NumPy does not have are printed as definitions before the code
that uses them (`numpy_definitions`).
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from losscope.calculus import numpy_functions

NUMPY = {
    "exp": "np.exp({0})",
    "log": "np.log({0})",
    "log1p": "np.log1p({0})",
    "expm1": "np.expm1({0})",
    "tanh": "np.tanh({0})",
    "cosh": "np.cosh({0})",
    "sinh": "np.sinh({0})",
    "Abs": "np.abs({0})",
    "sign": "np.sign({0})",
    "sqrt": "np.sqrt({0})",
    "where": "np.where({0}, {1}, {2})",
    "maximum": "np.maximum({0}, {1})",
    "minimum": "np.minimum({0}, {1})",
    "pi": "np.pi",
    "classes": "{0}.shape[-1]",
}
OWN_FUNCTIONS = tuple(
    name for name, value in vars(numpy_functions).items() if inspect.isfunction(value)
)


class Spelling(StrPrinter):
    """Print an elementwise expression as source code.

    Parameters
    ----------
    table : spelling of each function, with `{0}`, `{1}` for its arguments; a function without an
        entry is called by its own name.
    names : what each symbol is called.
    """

    def __init__(self, table: Mapping[str, str], names: Mapping[Any, str] | None = None) -> None:
        super().__init__({"order": None})
        self.table = table
        self.names = dict(names or {})

    def doprint(self, expr: sp.Expr) -> str:
        """Return the source of `expr`."""
        return str(self._print(expr))

    def _print(self, expr: Any, **kwargs: Any) -> str:
        name = self.names.get(expr)
        return name if name is not None else str(super()._print(expr, **kwargs))

    def parenthesize(self, item: Any, level: Any, strict: bool = False) -> str:
        """A named part is an atom, whatever it stands for."""
        if item in self.names:
            return str(self.names[item])
        return str(super().parenthesize(item, level, strict=strict))

    def call(self, function: str, *arguments: str) -> str:
        """Spell one call."""
        template = self.table.get(function)
        return template.format(*arguments) if template else f"{function}({', '.join(arguments)})"

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return str(expr.name)

    def _print_Float(self, expr: sp.Float) -> str:
        return repr(float(expr))

    def _print_Rational(self, expr: sp.Rational) -> str:
        return repr(float(expr))

    def _print_Integer(self, expr: sp.Integer) -> str:
        return str(expr.p)

    def _print_Half(self, _expr: Any) -> str:
        return "0.5"

    def _print_Pi(self, _expr: Any) -> str:
        return self.call("pi")

    def _print_Exp1(self, _expr: Any) -> str:
        return repr(float(sp.E))

    def _print_Function(self, expr: sp.Function) -> str:
        arguments = [self._print(argument) for argument in expr.args]
        return self.call(type(expr).__name__, *arguments)

    _print_exp = _print_log = _print_Abs = _print_sign = _print_tanh = _print_Function

    def _print_Max(self, expr: sp.Max) -> str:
        return self._fold("maximum", expr)

    def _print_Min(self, expr: sp.Min) -> str:
        return self._fold("minimum", expr)

    def _fold(self, function: str, expr: sp.Expr) -> str:
        first, *rest = [self._print(argument) for argument in expr.args]
        for other in rest:
            first = self.call(function, first, other)
        return first

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        (*cases, (last, _)) = expr.args
        spelled = self._print(last)
        for value, condition in reversed(cases):
            spelled = self.call("where", self._print(condition), self._print(value), spelled)
        return spelled

    def _print_And(self, expr: Any) -> str:
        return " & ".join(f"({self._print(argument)})" for argument in expr.args)

    def _print_Or(self, expr: Any) -> str:
        return " | ".join(f"({self._print(argument)})" for argument in expr.args)

    def _print_ITE(self, expr: Any) -> str:
        """A condition that holds by cases, in and, or and not."""
        condition, then, otherwise = expr.args
        return str(
            self._print(sp.Or(sp.And(condition, then), sp.And(sp.Not(condition), otherwise)))
        )

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        """Sum with its common factor in front and a positive term first."""
        content, primitive = expr.primitive()
        if content != 1:
            return self._print_Mul(sp.Mul(content, primitive, evaluate=False))
        signed = [(_with_contents(term), term) for term in primitive.args]
        signed.sort(key=lambda t: (bool(t[0][0] < 0), not t[1].is_Number, *self.rank(t[1])))
        spelled = ""
        for (number, rest), _term in signed:
            text = self.parenthesize(sp.Mul(abs(number), rest), PRECEDENCE["Add"])
            joint = ("-" if number < 0 else "") if not spelled else " - " if number < 0 else " + "
            spelled += joint + text
        return spelled

    def rank(self, term: sp.Expr) -> tuple[Any, ...]:
        """Where a term stands among those of its sign."""
        return (sp.default_sort_key(term),)

    def _print_Mul(self, expr: sp.Mul) -> str:
        """Product with one division at the end, sign and number first, never `a*b**(-1)`."""
        coefficient, rest = _with_contents(expr)
        sign, coefficient = ("-", -coefficient) if coefficient < 0 else ("", coefficient)
        above: list[str] = []
        below: list[str] = []
        numerator, denominator = (
            (coefficient.p, coefficient.q) if coefficient.is_Rational else (coefficient, 1)
        )
        level = PRECEDENCE["Mul"]
        for factor in sp.Mul.make_args(rest):
            if factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
                below.append(self.parenthesize(sp.Pow(factor.base, -factor.exp), level, True))
            elif factor != 1:
                above.append(self.parenthesize(factor, level))
        if denominator != 1 and denominator & (denominator - 1) == 0 and denominator <= 1024:
            numerator, denominator = sp.Rational(numerator, denominator), 1
        if numerator != 1 or not above:
            above.insert(0, self._print(sp.sympify(numerator)))
        if denominator != 1:
            below.insert(0, str(denominator))
        spelled = sign + " * ".join(above)
        if below:
            spelled += " / " + (below[0] if len(below) == 1 else f"({' * '.join(below)})")
        return spelled

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        base, power = expr.args
        level = PRECEDENCE["Pow"]
        if power == sp.S.Half:
            return self.call("sqrt", self._print(base))
        if power.is_Rational and power.is_negative:
            inner = self.parenthesize(sp.Pow(base, -power), PRECEDENCE["Mul"], strict=True)
            return f"1 / {inner}"
        return f"{self.parenthesize(base, level, strict=True)} ** {self.parenthesize(power, level)}"

    def _print_Relational(self, expr: Any) -> str:
        left = self.parenthesize(expr.lhs, precedence(expr))
        right = self.parenthesize(expr.rhs, precedence(expr))
        return f"{left} {expr.rel_op} {right}"


def _with_contents(product: sp.Mul) -> tuple[sp.Expr, sp.Expr]:
    """Number and rest of a product, numbers of its sums drawn out: (2 − 2y) z → 2, (1 − y) z."""
    coefficient, rest = sp.S.One, []
    for factor in sp.Mul.make_args(product):
        number, remainder = factor.primitive() if factor.is_Add else factor.as_coeff_Mul()
        if remainder.is_Add and remainder.as_coeff_Add()[0] < 0:
            number, remainder = -number, -remainder  # y − 1 reads better as −(1 − y)
        coefficient *= number
        rest.append(remainder)
    return coefficient, sp.Mul(*rest)


def numpy_source(expr: sp.Expr, names: Mapping[Any, str] | None = None) -> str:
    """NumPy source of `expr`; functions of ours are called by name (see `numpy_definitions`)."""
    return Spelling(NUMPY, names).doprint(expr)


@lru_cache(maxsize=64)
def numpy_definition(name: str) -> str:
    """Source of one of our functions, ready to be printed into a program."""
    return inspect.getsource(getattr(numpy_functions, name)).rstrip()


def numpy_definitions(source: str) -> list[str]:
    """Definitions that `source` needs, those it needs first first."""
    wanted: list[str] = []

    def visit(text: str) -> None:
        called = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
        for name in OWN_FUNCTIONS:
            if name in called and name not in wanted:
                definition = numpy_definition(name)
                visit(definition.partition("\n")[2].join(["if True:\n", ""]))
                wanted.append(name)

    visit(source)
    return [numpy_definition(name) for name in wanted]


__all__ = ["NUMPY", "OWN_FUNCTIONS", "Spelling", "numpy_definitions", "numpy_source"]
