"""One expression as one line of code: what generated programs print and what training compiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy.printing.precedence import PRECEDENCE

from losscope.calculus.functions import _Row, per_class
from losscope.calculus.spelling import Spelling
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)
from losscope.derivation.printers.frameworks import NUMPY, Framework

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sympy as sp


def line(node: Node, framework: Framework, *, stacked: bool = False, rows: bool = True) -> str:
    """Spell a node as code.

    Parameters
    ----------
    node : the expression.
    framework : NumPy, PyTorch or JAX.
    stacked : whether arrays carry runs on a leading axis, so that a transpose swaps the last two.
    rows : whether examples are rows (else columns).
    """

    def spell(part: Node) -> str:
        match part:
            case Ref(name):
                return name
            case Transpose(of):
                return f"{atom(of)}.{'mT' if stacked else 'T'}"
            case MatMul(left, right):
                return f"{atom(left)} @ {atom(right)}"
            case SumOverExamples(of):
                axis = (-2 if rows else -1) if stacked else (0 if rows else 1)
                return framework.sum_over(spell(of), axis)
            case SumAll(of):
                return framework.sum_all(spell(of))
            case Pointwise(formula, parts):
                names = {symbol: spell(piece) for symbol, piece in parts}
                whole = {s for s, piece in parts if not isinstance(piece, Ref | Transpose)}
                return CodeSpelling(framework, names, whole).doprint(formula)

    def atom(part: Node) -> str:
        simple = isinstance(part, Ref | Transpose | SumOverExamples | SumAll)
        return spell(part) if simple else f"({spell(part)})"

    return spell(node)


def numpy_line(node: Node, *, stacked: bool = False, rows: bool = True) -> str:
    """Spell a node in NumPy; see `line`."""
    return line(node, NUMPY, stacked=stacked, rows=rows)


class CodeSpelling(Spelling):
    """`Spelling` for one framework, in which a matrix product is bracketed only inside a product.

    Parameters
    ----------
    framework : whose functions are called.
    names : the code of each symbol, in the order in which a sum names them.
    whole : symbols that stand for a product or a sum of arrays.
    """

    def __init__(
        self, framework: Framework, names: Mapping[Any, str], whole: set[sp.Symbol]
    ) -> None:
        super().__init__(framework.functions, names)
        self.framework = framework
        self.whole = whole

    def parenthesize(self, item: Any, level: Any, strict: bool = False) -> str:
        """Bracket a matrix product where it meets a product or a power."""
        if item in self.whole and " @ " in self.names[item] and level > PRECEDENCE["Add"]:
            return f"({self.names[item]})"
        return super().parenthesize(item, level, strict=strict)

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        if not self.whole & expr.free_symbols:
            return super()._print_Add(expr, order)
        place = {symbol: i for i, symbol in enumerate(self.names)}
        last = len(place)
        terms = sorted(expr.args, key=lambda t: min(place.get(s, last) for s in t.free_symbols))
        return " + ".join(self.parenthesize(term, PRECEDENCE["Add"]) for term in terms)

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        fill = self.framework.fill
        if not fill or any(value.free_symbols for value, _ in expr.args):
            return super()._print_Piecewise(expr)
        # Two numbers alone would lose the precision of the array that chooses between them.
        arrays = sorted(self.names[s] for s in expr.free_symbols if s in self.names)
        (*cases, (last, _)) = expr.args
        spelled = fill.format(arrays[0], self._print(last))
        for value, condition in reversed(cases):
            spelled = self.call("where", self._print(condition), self._print(value), spelled)
        return spelled

    def _print_Function(self, expr: sp.Function) -> str:
        return self._number(expr) or super()._print_Function(expr)

    _print_exp = _print_log = _print_sign = _print_tanh = _print_Function
    _print_Abs = _print_Function

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        return self._number(expr) or super()._print_Pow(expr, rational)

    def _number(self, expr: sp.Expr) -> str | None:
        """A constant such as log 11 as a number, where functions take arrays only."""
        constant = (
            self.framework.fill and not expr.free_symbols and not isinstance(expr, _Row | per_class)
        )
        return repr(float(expr)) if constant else None

    def _fold(self, function: str, expr: sp.Expr) -> str:
        clamp = self.framework.functions.get(f"{function}_number")
        numbers = [a for a in expr.args if a.is_number]
        if not clamp or not numbers:
            return super()._fold(function, expr)
        rest = expr.func(*[a for a in expr.args if not a.is_number])
        return clamp.format(self._print(rest), self._print(numbers[0]))
