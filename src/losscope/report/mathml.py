"""Equations as MathML, which browsers show without any script.

MathML that comes with a result, and MathML that is made here from its LaTeX, pass the same gate:
parsed as XML and rebuilt from the elements and attributes below. Whatever does not pass is shown
as text, so that a formula of the user's own can never bring anything else onto the page.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

_ELEMENTS = frozenset(
    """
    math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover
    munderover mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts semantics
    """.split()  # noqa: SIM905 - forty names read best as a paragraph
)
_ATTRIBUTES = frozenset(
    """
    display displaystyle scriptlevel mathvariant stretchy fence separator form width height depth
    lspace rspace minsize maxsize linethickness columnalign rowspacing columnspacing accent
    accentunder movablelimits symmetric largeop notation
    """.split()  # noqa: SIM905 - forty names read best as a paragraph
)


def equation(entry: Mapping[str, Any]) -> str:
    """Give the HTML of one equation: MathML where it can be had, otherwise its text, escaped."""
    for source in (entry.get("mathml"), _converted(entry.get("latex"))):
        made = _rebuilt(source) if source else None
        if made:
            return made
    return f"<code>{escape(str(entry.get('text') or entry['name']))}</code>"


def _converted(latex: Any) -> str | None:
    """Turn LaTeX into MathML; None where the converter does not know it."""
    if not latex:
        return None
    from latex2mathml.converter import convert

    try:
        return str(convert(str(latex), display="block"))
    except Exception:  # noqa: BLE001 - the converter's errors have no common base; text is shown instead
        return None


def _rebuilt(source: str) -> str | None:
    """Parse MathML and write it anew from what is allowed; None where anything else is in it."""
    try:
        root = ET.fromstring(source)  # noqa: S314 - expat expands no external entities
    except ET.ParseError:
        return None
    root.set("display", "block")
    try:
        return _written(root)
    except ValueError:
        return None


def _written(element: ET.Element) -> str:
    name = element.tag.rpartition("}")[2]
    if name not in _ELEMENTS:
        raise ValueError(name)
    attributes = "".join(
        f' {key}="{escape(value)}"' for key, value in element.attrib.items() if key in _ATTRIBUTES
    )
    inside = escape(element.text or "", quote=False)
    for child in element:
        inside += _written(child) + escape(child.tail or "", quote=False)
    return f"<{name}{attributes}>{inside}</{name}>"
