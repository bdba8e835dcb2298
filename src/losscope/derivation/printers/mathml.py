"""Equations as MathML, which browsers and notebooks show without any script."""

from __future__ import annotations

from losscope.derivation.equations import Derivation, Equation
from losscope.derivation.printers import latex


def convert(source: str) -> str:
    """LaTeX of one formula as a `<math display="block">` element."""
    from latex2mathml.converter import convert as converted

    return str(converted(source, display="block"))


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
