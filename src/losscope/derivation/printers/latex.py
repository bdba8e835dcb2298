r"""A derivation in LaTeX: single equations, an `align*` of all, a document that compiles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from losscope.calculus.functions import RAW
from losscope.derivation.equations import Derivation, Equation, Named, differing
from losscope.derivation.expressions import Node
from losscope.derivation.notation import of_example
from losscope.derivation.printers.latex_spelling import SYMBOLS, Latex, name
from losscope.derivation.printers.where import clauses
from losscope.derivation.printers.written import spelled
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sympy as sp


def spell(node: Node, *, pointwise: bool = True) -> str:
    """One expression in LaTeX; `pointwise` says whether its products are between arrays."""
    return spelled(node, Latex, pointwise=pointwise)


def formula(expr: sp.Expr) -> str:
    """A scalar formula, such as ℓ of one example."""
    return Latex(pointwise=False).doprint(expr)


def equation(item: Equation) -> str:
    r"""The whole equation: dZ_2 = \tfrac{1}{m} (A_2 - Y); its letters are explained behind it."""
    return f"{name(item.name)} = {spell(item.shown)}{explained(item.where)}"


def explained(where: Sequence[Named]) -> str:
    """The letters of an equation, behind it."""
    said = r",\ ".join(clauses(where, Latex))
    return rf"\quad \text{{where }} {said}" if said else ""


def align(derivation: Derivation) -> str:
    r"""All equations as an `align*`, each with its shape."""
    lines = []
    for item in derivation.equations:
        size = " & " + shape(item) if item.name != "J" else " &"
        lines += _aligned(item, size)
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _aligned(item: Equation, size: str = "") -> list[str]:
    """One equation, over several lines where it is long, its letters explained below it."""
    first, *rest = broken(spell(item.shown))
    lines = [rf"{name(item.name)} &= {first}", *[rf"&\quad {part}" for part in rest]]
    lines[-1] += size
    for clause in clauses(item.where, Latex):
        first, *rest = broken(clause)
        lines += [rf"&\quad \text{{where }} {first}", *[rf"&\qquad {part}" for part in rest]]
    return lines


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
        sign = text.startswith((" + ", " - "), place)
        if sign and not braces and not rigid and depth <= allowed and place > start:
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
    loss, letters = of_example(item.loss)
    entering = item.loss.entering(RAW)
    here = [_prose(letter) for letter in letters]
    if entering != RAW:
        own = activations.get(str(item.network.output)).formula(entering)
        here.append(f"$a = {formula(own)}$, not the network's own $A$")
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
            r"\ell(y, a) &= " + " \\\\\n&\\quad ".join(broken(formula(loss))),
            r"\end{align*}",
            " ".join([*[f"Here {', '.join(here)}." for _ in here[:1]], said, *penalties]),
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
        lines += _aligned(one)
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
            lines += [rf"&\quad \text{{where }} {said}" for said in clauses(step.where, Latex)]
            lines[-1] += r" \\" + f"\n&\\qquad \\text{{\\small {_prose(step.reason)}}}"
        body = " \\\\\n".join(lines)
        parts.append(
            rf"\subsection*{{${name(equation_.name)}$}}" + "\n"
            r"\begin{align*}" + f"\n{body}\n" + r"\end{align*}"
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
        words = re.sub(
            r"\b([a-z]+_[a-z]+|[AZW]\d+|[a-z][₁-₉])(?![\w])",
            lambda f: f"${name(f.group(1))}$",
            pieces[place],
        )
        pieces[place] = "".join(f"${name(c)}$" if c in SYMBOLS else c for c in words)
    return "$".join(pieces)
