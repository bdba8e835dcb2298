"""A node as Unicode text."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from losscope.derivation.expressions import Node
from losscope.derivation.printers.written import SCALARS, Marks, Product, Written, spelled

_CALLS = {
    "sigmoid": "σ({0})",
    "Abs": "|{0}|",
    "relu": "max(0, {0})",
    "step": "[{0} > 0]",
    "ndtr": "Φ({0})",
    "at_peak": "onehot(argmaxₖ({0}))",
    "SparsePeak": "max_p (1/2 + Σₖ (p ∘ ({0}) − p² / 2))",
    "Norm": "‖{0}‖",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
    "pi": "π",
    "sqrt": "√({0})",
}
_BARE = {"log": "log", "tanh": "tanh", "Peak": "maxₖ", "sinh": "sinh", "cosh": "cosh"}
_LOWERED = dict(zip("kji", "ₖⱼᵢ", strict=True))
_SUPERSCRIPTS = str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁄")


class Unicode(Written):
    """Mathematics in one line of text."""

    marks = Marks("{0}ᵀ", "{0} {1}", "Σ over examples of {0}", "Σ {0}", "Σ ({0})", "({0})")

    def bracket(self, text: str) -> str:
        """(text)."""
        return f"({text})"

    def ranged(self, sign: str, over: str) -> str:
        """Σₖ, Σᵢⱼ, max_{k ≠ c}."""
        index = over.replace(",", "")
        small = len(index) < 3 and all(letter in _LOWERED for letter in index)
        if small:
            return sign + "".join(_LOWERED[letter] for letter in index)
        return f"{sign}_{over}" if len(over) == 1 else f"{sign}_{{{over.replace(' ', '')}}}"

    def call(self, function: str, *arguments: str) -> str:
        """A function of arguments already spelled."""
        return _CALLS.get(function, function + "({0})").format(*arguments)

    def _print_Function(self, expr: sp.Function) -> str:
        name = type(expr).__name__
        if name in _BARE and self.simple(expr.args[0]):
            return f"{_BARE[name]} {self._print(expr.args[0])}"
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        return self.call(_BARE.get(name, name), arguments)

    _print_log = _print_tanh = _print_sign = _print_Function

    def _print_Total(self, expr: sp.Expr) -> str:
        return f"Σₖ {self.parenthesize(expr.args[0], PRECEDENCE['Mul'])}"

    def _print_Others(self, expr: sp.Expr) -> str:
        return f"Σ_{{j≠k}} {self.parenthesize(expr.args[0], PRECEDENCE['Mul'])}"

    def _print_exp(self, expr: sp.Expr) -> str:
        (argument,) = expr.args
        if self.simple(argument):
            return f"e^{self._print(argument)}"
        return f"e^({self._print(argument)})"

    def written_product(self, product: Product) -> str:
        """2 (A2 − Y) ∘ A2 / m: number, scalars, arrays joined with ∘, over what divides."""
        level = PRECEDENCE["Mul"]
        below, divisors = self._below(product)
        above = [self.parenthesize(s, level) for s in product.scalars]
        joint = " ∘ " if self.pointwise else " "
        if product.arrays:
            shared = above or below or divisors or product.number != 1
            lone = not shared and len(product.arrays) == 1
            arrays = [self._print(a) if lone else self._factor(a) for a in product.arrays]
            last = len(arrays) - (not divisors)  # a sum runs to the end of its product
            arrays[:last] = [self.bracket(a) if _runs_on(a) else a for a in arrays[:last]]
            above.append(joint.join(arrays))
        self.as_divisor(product)
        below += [self._print(product.divisor)] if product.divisor != 1 else []
        decimal = self.decimal(product.number)
        if not (above or below or divisors):
            text = decimal or self._print(product.number)
            return (self.minus if product.negative else "") + text
        if decimal:
            leading = [decimal] if decimal != "1" or not above else []
        else:
            leading = [] if product.number.p == 1 and above else [str(product.number.p)]
            below = ([str(product.number.q)] if product.number.q != 1 else []) + below
        below += [joint.join(divisors)] if divisors else []
        single = len(below) == 1 and len(divisors) < 2
        if below and self.whole & set(product.arrays):  # (1/m) X: the number before the matrices
            top, bottom = " ".join([*leading, *above[:-1]]) or "1", " ".join(below)
            lead = f"({top}/{bottom})" if single else f"{top}/({bottom})"
            return (self.minus if product.negative else "") + f"{lead} {above[-1]}"
        text = " ".join([*leading, *above])
        if below:
            text += f" / {below[0]}" if single else f" / ({' '.join(below)})"
        return (self.minus if product.negative else "") + text

    def _below(self, product: Product) -> tuple[list[str], list[str]]:
        """What divides: numbers of the program, and arrays."""
        found: tuple[list[str], list[str]] = ([], [])
        for divisor in product.below:
            array = any(s.name not in SCALARS for s in divisor.free_symbols)
            found[array].append(self.parenthesize(divisor, PRECEDENCE["Mul"], strict=True))
        return found

    def _factor(self, factor: sp.Expr) -> str:
        return self.parenthesize(factor, PRECEDENCE["Mul"])

    def written_power(self, base: str, power: sp.Expr) -> str:
        """A raised integer, or base^power."""
        if power.is_Integer and power > 0:
            return base + str(power.p).translate(_SUPERSCRIPTS)
        text = self.exponent(power)
        return f"{base}^{text}" if text.replace(".", "").isalnum() else f"{base}^({text})"

    def _print_Half(self, _expr: Any) -> str:
        return "1/2"

    def _print_Rational(self, expr: sp.Rational) -> str:
        short = f"{float(expr):g}" if expr.q in (5, 8, 10) else None
        return (self.decimal(expr) or short or f"{expr.p}/{expr.q}").replace("-", "−")

    def _print_Float(self, expr: sp.Float) -> str:
        return f"{float(expr):g}".replace("-", "−")

    def _print_Integer(self, expr: sp.Integer) -> str:
        return str(expr.p).replace("-", "−")

    def _print_Exp1(self, _expr: Any) -> str:
        return "e"

    def _print_Relational(self, expr: Any) -> str:
        spelled = str(super()._print_Relational(expr))
        return spelled.replace("<=", "≤").replace(">=", "≥").replace("==", "=").replace("!=", "≠")

    def _print_And(self, expr: Any) -> str:
        return " and ".join(self.alternatives(argument) for argument in expr.args)

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(self._print(argument) for argument in expr.args)

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        cases = []
        for value, condition in expr.args:
            when = "else" if condition == sp.true else "if " + self._print(condition)
            text = self._print(value)
            cases.append(f"else {text}" if when == "else" else f"{text} {when}")
        return "{" + ", ".join(cases) + "}"


def _runs_on(text: str) -> bool:
    """Whether what follows would be read as part of it: a sum, a maximum."""
    return text.startswith(("Σ", "max_", "maxₖ ", "maxⱼ "))


def spell(node: Node, *, pointwise: bool = True) -> str:
    """One expression as Unicode text; `pointwise` says whether its products are between arrays."""
    return spelled(node, Unicode, pointwise=pointwise)


def formula(expr: sp.Expr) -> str:
    """A scalar formula, such as ℓ of one example."""
    return Unicode(pointwise=False).doprint(expr)
