r"""A derivation in LaTeX: single equations, an `align*` of all, a document that compiles."""

# ruff: noqa: N802 - `_print_Add` and the like are the names that SymPy's printers look up

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

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
from losscope.derivation.printers.written import Product, Written

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
    "at_peak": r"[{1} = \max_k]",
}
_WHOLE = (MatMul, SumOverExamples, SumAll)
_GREEK = "alpha beta gamma delta varepsilon lambda mu sigma theta kappa tau"
_SYMBOLS = {
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
    for letter, command in _SYMBOLS.items():
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

    def bracket(self, text: str) -> str:
        """Brackets that grow with what they hold."""
        if r"\begin" in text or r"\frac" in text:
            return rf"\left({text}\right)"  # cannot be broken over lines, so only where it must be
        return rf"\bigl({text}\bigr)" if "(" in text or r"\sum" in text else f"({text})"

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
        decimal = self.decimal(product.number)
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
        pieces[:-1] = [self.bracket(p) if p.startswith(r"\sum") else p for p in pieces[:-1]]
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
        return r" \wedge ".join(self._print(argument) for argument in expr.args)

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


def spell(node: Node, *, pointwise: bool = True) -> str:
    """One expression in LaTeX; `pointwise` says whether its products are between arrays."""

    def of(part: Node) -> str:
        match part:
            case Ref(text):
                return name(text)
            case Transpose(inner):
                return rf"{atom(inner)}^{{\top}}"
            case MatMul(left, right):
                return rf"{atom(left)} \, {atom(right)}"
            case SumOverExamples(inner):
                return rf"\sum_{{\text{{examples}}}} {of(inner)}"
            case SumAll(inner):
                bare = not isinstance(inner, Pointwise) or not inner.formula.is_Add
                return rf"\sum {of(inner)}" if bare else rf"\sum \bigl({of(inner)}\bigr)"
            case Pointwise(formula, parts):
                names = {s: piece(p) for s, p in parts}
                whole = frozenset(s for s, p in parts if isinstance(p, _WHOLE))
                return Latex(names, whole, pointwise=pointwise).doprint(formula)

    def piece(part: Node) -> str:
        loose = isinstance(part, Pointwise) and (part.formula.is_Add or part.formula.is_Mul)
        return rf"\left({of(part)}\right)" if loose else of(part)

    def atom(part: Node) -> str:
        return of(part) if isinstance(part, Ref | Transpose) else f"({of(part)})"

    return of(node)


def formula(expr: sp.Expr) -> str:
    """A scalar formula, such as ℓ of one example."""
    return Latex(pointwise=False).doprint(expr)


def equation(item: Equation) -> str:
    r"""The whole equation: dZ_2 = \tfrac{1}{m} (A_2 - Y)."""
    return f"{name(item.name)} = {spell(item.shown)}"


def align(derivation: Derivation) -> str:
    r"""All equations as an `align*`, each with its shape."""
    lines = []
    for item in derivation.equations:
        size = " & " + shape(item) if item.name != "J" else " &"
        first, *rest = broken(spell(item.shown))
        lines.append(rf"{name(item.name)} &= {first}" + ("" if rest else size))
        for place, part in enumerate(rest):
            lines.append(rf"&\quad {part}" + (size if place == len(rest) - 1 else ""))
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def shape(item: Equation) -> str:
    r"""A shape, as \in \mathbb{R}^{m \times 6}."""
    return rf"\in \mathbb{{R}}^{{{item.shape[0]} \times {item.shape[1]}}}"


def broken(text: str, width: int = 140) -> list[str]:
    """Cut a long right-hand side at signs, at outer ones where that is enough."""
    if len(text) <= width:
        return [text]
    for depth in range(4):
        pieces = _cut(text, depth)
        if max(map(len, pieces)) <= width:
            break
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append(piece)
        else:
            lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines


def _cut(text: str, allowed: int) -> list[str]:
    """Split before + and − that stand in at most `allowed` brackets and in no braces."""
    pieces, start, depth, braces, rigid = [], 0, 0, 0, 0
    for place, letter in enumerate(text):
        rigid += text.startswith((r"\left", r"\begin"), place)
        rigid -= text.startswith((r"\right", r"\end"), place)
        depth += (letter in "([") - (letter in ")]")
        braces += (letter == "{") - (letter == "}")
        if text.startswith((" + ", " - "), place) and not braces and not rigid:
            if depth <= allowed and place > start:
                pieces.append(text[start:place].strip())
                start = place
    return [*pieces, text[start:].strip()]


def document(
    items: Derivation | Sequence[Derivation], *, steps: bool = False, per_example: bool = False
) -> str:
    """A document of its own, ready for LaTeX: each derivation, and which equations differ.

    Parameters
    ----------
    items : one derivation or several.
    steps : whether each equation of the backward pass is unfolded.
    per_example : whether the equations of one example stand there as well.
    """
    found = [items] if isinstance(items, Derivation) else list(items)
    body = [_section(item) for item in found]
    for item in found:
        body += [_one_example(item)] if per_example else []
        body += [_unfolded(item)] if steps else []
    changed = [n for n in differing(found) if n != "J"]
    if len(found) > 1:
        names = ", ".join(f"${name(n)}$" for n in changed) or "none"
        body.append(f"Equations that the loss changes: {names}. All others are shared.")
    return "\n".join(
        [
            r"\documentclass{article}",
            r"\usepackage[utf8]{inputenc}",
            r"\usepackage{amsmath,amssymb}",
            r"\usepackage[margin=2cm]{geometry}",
            r"\begin{document}",
            *body,
            r"\end{document}",
            "",
        ]
    )


def _section(item: Derivation) -> str:
    loss = formula(item.loss.formula(sp.Symbol("a", positive=True), sp.Symbol("y", real=True)))
    rows = item.convention == "rows"
    said = (
        r"Examples are rows, $dZ = \partial J / \partial Z$."
        if rows
        else r"Examples are columns; the $\tfrac{1}{m}$ stands in $dW$ and $db$."
    )
    penalties = [f"${letter} = {value:g}$" for letter, value in _penalties(item)]
    return "\n".join(
        [
            rf"\section*{{{_prose(item.loss.title)}, network {item.network.spelling}}}",
            r"\begin{align*}",
            r"\ell(y, a) &= " + " \\\\\n&\\quad ".join(broken(loss)),
            r"\end{align*}",
            " ".join([said, *penalties]),
            align(item),
        ]
    )


def _penalties(item: Derivation) -> list[tuple[str, float]]:
    both = bool(item.l1 and item.l2)
    found = [(r"\lambda_2", item.l2), (r"\lambda_1", item.l1)]
    return [(letter if both else r"\lambda", value) for letter, value in found if value]


def _one_example(item: Derivation) -> str:
    from losscope.derivation.printers.beside import one_example

    lines = []
    for one in one_example(item):
        first, *rest = broken(spell(one.shown))
        lines += [rf"{name(one.name)} &= {first}", *[rf"&\quad {part}" for part in rest]]
    body = " \\\\\n".join(lines)
    return f"One example:\n\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _unfolded(item: Derivation) -> str:
    from losscope.derivation.steps import steps

    parts = []
    for equation_ in item.phase("backward"):
        lines = []
        for step in steps(item, equation_.name):
            first, *rest = broken(spell(step.node, pointwise=step.elementwise), 100)
            lines.append(rf"{name(step.left)} &= {first}")
            lines += [rf"&\quad {part}" for part in rest]
            lines[-1] += r" \\" + f"\n&\\qquad \\text{{\\small {_prose(step.reason)}}}"
        body = " \\\\\n".join(lines)
        parts.append(
            rf"\subsection*{{${name(equation_.name)}$}}" + "\n"
            rf"\begin{{align*}}" + f"\n{body}\n" + r"\end{align*}"
        )
    return "\n".join(parts)


def _prose(text: str) -> str:
    """Words with letters of mathematics among them."""
    text = re.sub(r"([#%&])", r"\\\1", text)
    text = re.sub(r"Σₖ (\w+) = 1", r"$\\sum_k \1 = 1$", text).replace("α", r"$\alpha$")
    text = re.sub(r"\(λ/2\) Σ W²", r"$\\tfrac{\\lambda}{2} \\sum W^2$", text)
    text = text.replace("λ sign(W)", r"$\lambda \operatorname{sign}(W)$")
    text = text.replace("λ Σ |W|", r"$\lambda \sum |W|$").replace("λ W", r"$\lambda W$")
    pieces = text.split("$")
    for place in range(0, len(pieces), 2):  # outside of $…$
        words = re.sub(r"\b([a-z]+_[a-z]+|[AZW]\d+)\b", lambda f: f"${name(f.group(1))}$", pieces[place])
        pieces[place] = "".join(f"${name(c)}$" if c in _SYMBOLS else c for c in words)
    return "$".join(pieces)
