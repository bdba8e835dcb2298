"""Mathematics as MathML, written at build: pages need no script and no network to show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

from losscope.derivation.printers.mathml import convert

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


# TeX sets room around `\log` in `y \log a`; MathML must be told. A bracket behind it needs none.
_NAME = re.compile(r"(<m[io]>(?:log|exp|sin|cos|tanh|sign)</m[io]>)(<mo[^>]*>&#x00028;)?")
_ROOM = '<mspace width="0.17em"/>'


def written(formula: str, display: str) -> str:
    """A formula of LaTeX as MathML."""

    def roomy(found: re.Match[str]) -> str:
        return _ROOM + found[1] + (found[2] or _ROOM)

    return _NAME.sub(roomy, convert(formula, display))


def inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in the line."""
    translator.body.append(written(node.astext(), "inline"))
    raise nodes.SkipNode


def block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own; a wide one scrolls by itself."""
    made = written(node.astext(), "block")
    translator.body.append(f'<div class="formula">{made}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer it to Sphinx as `html_math_renderer = "mathml"`."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
