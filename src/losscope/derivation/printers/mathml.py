"""Equations as MathML, which browsers and notebooks show without any script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from losscope.derivation.equations import Derivation, Equation, differing
from losscope.derivation.printers import latex
from losscope.derivation.printers.latex_spelling import name

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}td{padding:.2rem 1.5rem .2rem 0;vertical-align:middle}"
    "math{display:inline-block;text-align:left}th{text-align:left;padding-top:1rem}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}}"
)


def convert(source: str, display: str = "block") -> str:
    """LaTeX of one formula as a `<math>` element, a "block" or "inline"."""
    from latex2mathml.converter import convert as converted

    return str(converted(source, display=display))


def equation(item: Equation) -> str:
    """The whole equation as one `<math>` element."""
    return convert(latex.equation(item))


def table(derivation: Derivation) -> str:
    """An HTML table of all equations: name and formula, shape, reason."""
    rows = "\n".join(
        f"<tr><td>{equation(e)}</td><td>({e.shape[0]}, {e.shape[1]})</td><td>{e.reason}</td></tr>"
        for e in derivation.equations
    )
    return f'<table class="losscope-derivation">\n{rows}\n</table>'


def page(items: Sequence[Derivation], *, steps: bool = False, per_example: bool = False) -> str:
    """A page of its own, which opens without a network and runs no script."""
    body = []
    for item in items:
        title = escape(f"{item.loss.title}, network {item.network.spelling}")
        body += [f"<h2>{title}</h2>", table(item)]
        body += [_one_example(item)] if per_example else []
        body += [_unfolded(item)] if steps else []
    if len(items) > 1:
        changed = ", ".join(n for n in differing(items) if n != "J") or "none"
        body.append(f"<p>Equations that the loss changes: {changed}. All others are shared.</p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Equations</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _one_example(item: Derivation) -> str:
    from losscope.derivation.printers.beside import one_example

    rows = "\n".join(f"<tr><td>{equation(one)}</td></tr>" for one in one_example(item))
    return f"<h3>One example</h3><table>{rows}</table>"


def _unfolded(item: Derivation) -> str:
    from losscope.derivation.steps import steps

    rows = []
    for equation_ in item.phase("backward"):
        rows.append(f'<tr><th colspan="2">{convert(name(equation_.name))}</th></tr>')
        for step in steps(item, equation_.name):
            right = latex.spell(step.node, pointwise=step.elementwise)
            made = convert(f"{name(step.left)} = {right}{latex.explained(step.where)}")
            rows.append(f"<tr><td>{made}</td><td>{escape(step.reason)}</td></tr>")
    return "<h3>Step by step</h3><table>" + "\n".join(rows) + "</table>"
