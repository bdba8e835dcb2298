"""Equations in Unicode, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from losscope.calculus.spelling import Spelling
from losscope.derivation.equations import Derivation, Equation, differing
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)

_TABLE = {
    "sigmoid": "σ({0})",
    "Abs": "|{0}|",
    "relu": "max(0, {0})",
    "step": "[{0} > 0]",
    "ndtr": "Φ({0})",
    "Total": "Σₖ {0}",
    "Peak": "maxₖ {0}",
    "at_peak": "[{0} is maxₖ]",
    "sqrt": "√({0})",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
    "pi": "π",
    "where": "({1} if {0} else {2})",
}
_SUPERSCRIPTS = str.maketrans("0123456789-./", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·⁄")
_SCALARS = {"m", "K"}


class TextSpelling(Spelling):
    """The arithmetic of `Spelling`, written as mathematics: ∘ between arrays, powers raised."""

    minus = "−"

    def _print_Mul(self, expr: sp.Mul) -> str:
        return self.product(expr)

    def product(self, expr: sp.Expr) -> str:
        """Numbers first, then arrays joined with ∘, over the scalars that divide."""
        number, factors = self.split(expr)
        sign = "−" if number < 0 else ""
        number = abs(number)
        above, below, scalars = [], [], []
        for factor in factors:
            if factor.is_Pow and factor.exp.is_number and factor.exp.is_negative:
                below.append(sp.Pow(factor.base, -factor.exp))
            elif self.is_scalar(factor):
                scalars.append(self.parenthesize(factor, PRECEDENCE["Mul"]))
            else:
                above.append(factor)
        above.sort(key=self.factor_rank)
        arrays = [self.parenthesize(f, PRECEDENCE["Mul"]) for f in above]
        leading = [] if number.p == 1 and (arrays or scalars) else [str(number.p)]
        if not number.is_Rational:
            leading = [f"{float(number):g}"]
        text = " ".join([*leading, *scalars, *([" ∘ ".join(arrays)] if arrays else [])])
        if number.is_Rational and number.q != 1:
            below.insert(0, sp.Integer(number.q))
        if below:
            divisor = " ".join(self.parenthesize(b, PRECEDENCE["Mul"]) for b in below)
            text += f" / {divisor}" if len(below) == 1 else f" / ({divisor})"
        return sign + text

    def split(self, expr: sp.Expr) -> tuple[sp.Expr, list[sp.Expr]]:
        """Number and other factors, numbers drawn out of sums."""
        number, factors = sp.S.One, []
        for factor in sp.Mul.make_args(expr):
            coefficient, rest = factor.primitive() if factor.is_Add else factor.as_coeff_Mul()
            if rest.is_Add and _leads_negative(rest):
                coefficient, rest = -coefficient, -rest
            number *= coefficient
            factors.extend(f for f in sp.Mul.make_args(rest) if f != 1)
        return number, factors

    def is_scalar(self, factor: sp.Expr) -> bool:
        """Whether a factor is a number of the program rather than an array."""
        return bool(factor.free_symbols) and all(s.name in _SCALARS for s in factor.free_symbols)

    def factor_rank(self, factor: sp.Expr) -> tuple[Any, ...]:
        """What arrives from above first, then A − Y, then the rest."""
        arriving = factor.is_Symbol and factor.name in ("u", "D")
        gap = factor.is_Add and any(s.is_Symbol and s.name in ("Y", "y") for s in factor.args)
        return (not arriving, not gap, factor.is_Add, sp.default_sort_key(factor))

    def rank(self, term: sp.Expr) -> tuple[Any, ...]:
        """Terms of one sign: predictions before targets, weights last."""
        return (sp.default_sort_key(term),)

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        return str(super()._print_Add(expr, order)).replace(" - ", " − ").replace("-", "−")

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        base, power = expr.args
        if power == sp.S.Half:
            return self.call("sqrt", self._print(base))
        inside = self.parenthesize(base, PRECEDENCE["Pow"], strict=True)
        if power.is_Integer and power > 0:
            return inside + str(power.p).translate(_SUPERSCRIPTS)
        if power.is_number and power.is_negative:
            return f"1 / {self.parenthesize(sp.Pow(base, -power), PRECEDENCE['Mul'], True)}"
        return f"{inside}^{self.parenthesize(power, PRECEDENCE['Pow'])}"

    def _print_exp(self, expr: sp.Expr) -> str:
        return f"e^{self.parenthesize(expr.args[0], PRECEDENCE['Pow'])}"

    def _print_Total(self, expr: sp.Expr) -> str:
        return f"Σₖ {self.parenthesize(expr.args[0], PRECEDENCE['Mul'])}"

    def _print_Rational(self, expr: sp.Rational) -> str:
        return f"{float(expr):g}" if expr.q not in (2, 3, 4) else f"{expr.p}/{expr.q}"

    def _print_Relational(self, expr: Any) -> str:
        spelled = str(super()._print_Relational(expr))
        return spelled.replace("<=", "≤").replace(">=", "≥")


def _leads_negative(sum_: sp.Add) -> bool:
    """Whether a sum reads better with its sign turned: y − 1, or y − a."""
    constant = sum_.as_coeff_Add()[0]
    if constant != 0:
        return bool(constant < 0)
    return any(term.is_Symbol and term.name in ("Y", "y") for term in sum_.args)


def spell(node: Node) -> str:
    """One expression as Unicode text."""
    match node:
        case Ref(name):
            return name
        case Transpose(of):
            return f"{_atom(of)}ᵀ"
        case MatMul(left, right):
            return f"{_atom(left)} {_atom(right)}"
        case SumOverExamples(of):
            return f"Σ over examples of {spell(of)}"
        case SumAll(of):
            return f"Σ {_atom(of)}"
        case Pointwise(formula, parts):
            return TextSpelling(_TABLE, {s: _part(p) for s, p in parts}).doprint(formula)


def _part(node: Node) -> str:
    return spell(node)


def _atom(node: Node) -> str:
    text = spell(node)
    return text if isinstance(node, Ref | Transpose) else f"({text})"


def shape(equation: Equation) -> str:
    """A shape as (m, 16)."""
    return f"({equation.shape[0]}, {equation.shape[1]})"


def derivations(items: Sequence[Derivation]) -> str:
    """One derivation, or several side by side with what differs marked."""
    changed = differing(items)
    labels = [d.loss.spelling for d in items]
    width = max(len(label) for label in labels)
    lines = [*_head(items), ""]
    for phase in ("forward", "cost", "backward"):
        lines.append(phase)
        for name in dict.fromkeys(e.name for d in items for e in d.phase(phase)):
            own = [(d.loss.spelling, d[name]) for d in items]
            if name not in changed:
                mark = "   " if len(items) == 1 else " = "
                own = [(" " * width if len(items) > 1 else "", own[0][1])]
            else:
                mark = " ≠ "
            for label, equation in own:
                lead = f"{mark}{label:<{width}} " if len(items) > 1 else "   "
                body = f"{equation.name:<3} = {equation.text()}"
                lines.append(f"{lead}{body:<52} {shape(equation)}".rstrip())
    lines += ["update", "   W := W − α dW,  b := b − α db        J is read by no line above"]
    if len(items) > 1:
        gradients = [name for name in changed if name.startswith("d")]
        lines += ["", _difference(gradients, changed)]
    return "\n".join(lines) + "\n"


def _head(items: Sequence[Derivation]) -> list[str]:
    first = items[0].network
    hidden = [f"{n} {a}" for n, a in zip(first.layers[1:-1], first.activations, strict=True)]
    outputs = list(dict.fromkeys(str(d.network.output) for d in items))
    chain = [f"{first.layers[0]} inputs", *hidden, f"{first.layers[-1]} {' / '.join(outputs)}"]
    return [f"Network   {' → '.join(chain)}"]


def _difference(gradients: list[str], changed: list[str]) -> str:
    if not gradients:
        return "No equation of the backward pass differs."
    if len(gradients) == 1:
        return f"One equation of the backward pass differs: {gradients[0]}. All others are shared."
    others = [name for name in changed if name.startswith("A")]
    cause = f"; {', '.join(others)} differs too: two differences" if others else ""
    return f"{len(gradients)} equations of the backward pass differ: {', '.join(gradients)}{cause}."
