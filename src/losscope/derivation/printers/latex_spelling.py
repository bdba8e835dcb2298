r"""Formulas in LaTeX: names of arrays, functions, fractions."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from losscope.derivation.printers.written import Marks, Product, Written

_CALLS = {
    "sigmoid": r"\sigma{0}",
    "step": r"[{1} > 0]",
    "relu": r"\max(0,\, {1})",
    "ndtr": r"\Phi{0}",
    "Abs": r"\left|{1}\right|",
    "sqrt": r"\sqrt{{{1}}}",
    "log": r"\log {0}",
    "tanh": r"\tanh {0}",
    "sinh": r"\sinh {0}",
    "cosh": r"\cosh {0}",
    "sign": r"\operatorname{{sign}}{0}",
    "Peak": r"\max_k {0}",
    "at_peak": r"\operatorname{{onehot}}(\arg\max_k {0})",
    "SparsePeak": r"\max_p \bigl(\tfrac{{1}}{{2}} + "
    r"\sum_k (p \circ {0} - \tfrac{{1}}{{2}} p^2)\bigr)",
    "Norm": r"\lVert {1} \rVert",
}
_GREEK = "alpha beta gamma delta varepsilon lambda mu sigma theta kappa tau"
SYMBOLS = {
    **dict(zip("αβγδελμσθκτ", _GREEK.split(), strict=True)),
    "ℓ": "ell",
    "∂": "partial",
}


def name(text: str) -> str:
    r"""The name of an array: dZ2 -> dZ_2, λ₁ -> \lambda_1, ∂ℓ/∂A2 -> a fraction."""
    if text.startswith("["):
        return text
    if "/" in text:
        above, _, below = text.partition("/")
        return rf"\frac{{{name(above)}}}{{{name(below)}}}"
    text = text.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    text = re.sub(r"([A-Za-zλ])_?(\d+|[a-z]{1,2}\b)", _indexed, text) if len(text) > 1 else text
    text = re.sub(r"([a-z]{3,})(?=′)", r"\\operatorname{\1}", text)
    for letter, command in SYMBOLS.items():
        text = text.replace(letter, f"\\{command} ").replace(f"\\{command} _", f"\\{command}_")
    return text.replace("′", "'").strip()


def _indexed(match: re.Match[str]) -> str:
    letter, index = match.groups()
    if index.isalpha() and "_" not in match.group(0):
        return match.group(0)
    return f"{letter}_{index}" if len(index) == 1 else f"{letter}_{{{index}}}"


class Latex(Written):
    """Mathematics in LaTeX."""

    minus = "-"
    marks = Marks(
        transposed=r"{0}^{{\top}}",
        product=r"{0} \, {1}",
        over_examples=r"\sum_{{\text{{examples}}}} {0}",
        total=r"\sum {0}",
        total_of_sum=r"\sum \bigl({0}\bigr)",
        grouped=r"\left({0}\right)",
    )

    @staticmethod
    def array(text: str) -> str:
        """W_1 for W1."""
        return name(text)

    def bracket(self, text: str) -> str:
        """Brackets that grow with what they hold."""
        if r"\begin" in text or r"\frac" in text:
            return rf"\left({text}\right)"  # cannot be broken over lines, so only where it must be
        return rf"\bigl({text}\bigr)" if "(" in text or r"\sum" in text else f"({text})"

    def ranged(self, sign: str, over: str) -> str:
        r"""\sum_k, \max_{k \ne c}."""
        command = r"\sum" if sign == "Σ" else rf"\{sign}"
        return f"{command}_{{{over.replace('≠', chr(92) + 'ne')}}}".replace("{k}", "k")

    def call(self, function: str, *arguments: str) -> str:
        """A function of arguments already spelled."""
        inside = r",\, ".join(arguments)
        word = rf"\operatorname{{{function}}}".replace("_", r"\_")
        template = _CALLS.get(function)
        return (template or word.replace("{", "{{").replace("}", "}}") + "{0}").format(
            self.bracket(inside), inside
        )

    def _print_Function(self, expr: sp.Function) -> str:
        kind = type(expr).__name__
        if kind in ("log", "tanh", "Peak") and self.simple(expr.args[0]):
            return _CALLS[kind].format(self._print(expr.args[0]))
        return self.call(kind, *[self._print(argument) for argument in expr.args])

    _print_log = _print_tanh = _print_sign = _print_Function

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return name(expr.name)

    def _print_Entry(self, expr: sp.Expr) -> str:
        row, index = self._print(expr.args[0]), expr.args[1].name
        return rf"({row})_{index}" if "_" in row else rf"{row}_{index}"

    def _print_Others(self, expr: sp.Expr) -> str:
        return rf"\sum_{{j \ne k}} {self.parenthesize(expr.args[0], PRECEDENCE['Mul'])}"

    def _print_Total(self, expr: sp.Expr) -> str:
        return rf"\sum_k {self.parenthesize(expr.args[0], PRECEDENCE['Mul'])}"

    def _print_exp(self, expr: sp.Expr) -> str:
        return f"e^{{{self._print(expr.args[0])}}}"

    def _fold(self, function: str, expr: sp.Expr) -> str:
        inside = r",\, ".join(self._print(argument) for argument in expr.args)
        return rf"\{function[:3]}({inside})"

    def written_product(self, product: Product) -> str:
        r"""\tfrac{2}{m} (A_2 - Y) \circ A_2, or one fraction where arrays divide."""
        level = PRECEDENCE["Mul"]
        scalar_below = [b for b in product.below if self._scalar(b)]
        array_below = [b for b in product.below if not self._scalar(b)]
        self.as_divisor(product)
        decimal = self.decimal(product.number)
        if product.divisor != 1:
            scalar_below.insert(0, product.divisor)
        number, divisor = (
            (decimal, "1") if decimal else (str(product.number.p), str(product.number.q))
        )
        scalars = [self.parenthesize(s, level) for s in product.scalars]
        top = " ".join([*([number] if number != "1" else []), *scalars]) or "1"
        below = " ".join(
            [*([divisor] if divisor != "1" else []), *[self._print(b) for b in scalar_below]]
        )
        lead = rf"\tfrac{{{top}}}{{{below}}}" if below else top
        arrays = self._joined(product.arrays, alone=lead == "1" or bool(array_below))
        if array_below:
            arrays = rf"\frac{{{arrays or '1'}}}{{{self._joined(array_below, alone=True)}}}"
        text = arrays if lead == "1" and arrays else " ".join(p for p in (lead, arrays) if p)
        return (self.minus if product.negative else "") + text

    def _joined(self, factors: list[sp.Expr], *, alone: bool) -> str:
        if not factors:
            return ""
        if alone and len(factors) == 1:
            return self._print(factors[0])
        pieces = [self.parenthesize(f, PRECEDENCE["Mul"]) for f in factors]
        pieces[:-1] = [
            self.bracket(p) if p.startswith((r"\sum", r"\max_")) else p for p in pieces[:-1]
        ]
        return (r" \circ " if self.pointwise else r"\, ").join(pieces)

    @staticmethod
    def _scalar(factor: sp.Expr) -> bool:
        return all(s.name in ("m", "K") for s in factor.free_symbols)

    def written_power(self, base: str, power: sp.Expr) -> str:
        """A power."""
        return f"{base}^{{{self.exponent(power)}}}"

    def _print_Half(self, _expr: Any) -> str:
        return r"\tfrac{1}{2}"

    def _print_Rational(self, expr: sp.Rational) -> str:
        sign = "-" if expr.p < 0 else ""
        return self.decimal(expr) or rf"{sign}\tfrac{{{abs(expr.p)}}}{{{expr.q}}}"

    def _print_Float(self, expr: sp.Float) -> str:
        return f"{float(expr):g}"

    def _print_Pi(self, _expr: Any) -> str:
        return r"\pi"

    def _print_Exp1(self, _expr: Any) -> str:
        return "e"

    def _print_Relational(self, expr: Any) -> str:
        spelled = str(super()._print_Relational(expr))
        for sign, command in (("<=", r"\le"), (">=", r"\ge"), ("==", "="), ("!=", r"\ne")):
            spelled = spelled.replace(sign, command)
        return spelled

    def _print_And(self, expr: Any) -> str:
        return r" \wedge ".join(self.alternatives(argument) for argument in expr.args)

    def _print_Or(self, expr: Any) -> str:
        return r" \vee ".join(self._print(argument) for argument in expr.args)

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        cases = []
        for value, condition in expr.args:
            when = r"\text{otherwise}"
            if condition != sp.true:
                when = rf"\text{{if }} {self._print(condition)}"
            cases.append(rf"{self._print(value)} & {when}")
        return r"\begin{cases}" + r" \\ ".join(cases) + r"\end{cases}"
