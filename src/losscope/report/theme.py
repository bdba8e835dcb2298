"""Colours, dashes and shapes: a palette for light, one for dark, one that the page's CSS fills.

The page draws its pictures in CSS variables (`var(--c1)`), so that one drawing follows the
reader's light or dark setting, and print, without being drawn again.
The hues are those of Okabe and Ito (2008), which stay apart under the common kinds of colour
blindness, darkened for light paper and lightened for dark; a dash and a shape go with each.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2, 1, 2, 1, 2], [1, 2])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class Palette:
    """The colours of a picture and of the page around it."""

    paper: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    c1: str
    c2: str
    c3: str
    c4: str
    c5: str
    c6: str
    c7: str
    c8: str

    @property
    def series(self) -> list[str]:
        """Give one colour a loss, in order."""
        return [getattr(self, f"c{i}") for i in range(1, 9)]

    def css(self) -> str:
        """Write the palette as CSS variables."""
        return " ".join(f"--{f.name}: {getattr(self, f.name)};" for f in fields(self))


LIGHT = Palette(
    paper="#fdfdfb",
    card="#f5f5f0",
    ink="#1c1e21",
    muted="#5c626b",
    line="#dcdcd4",
    accent="#0067a6",
    c1="#0072b2",
    c2="#d55e00",
    c3="#00825f",
    c4="#b4538f",
    c5="#996b00",
    c6="#3a3f47",
    c7="#6f52c8",
    c8="#7d8590",
)
DARK = Palette(
    paper="#16181c",
    card="#1f2228",
    ink="#e9e9e4",
    muted="#a3a9b3",
    line="#363b44",
    accent="#6cbcf0",
    c1="#56b4e9",
    c2="#f08a4b",
    c3="#35c79d",
    c4="#e29cc6",
    c5="#efbe45",
    c6="#d8dbe0",
    c7="#b3a1f5",
    c8="#8f97a3",
)
PAGE = Palette(**{f.name: f"var(--{f.name})" for f in fields(Palette)})


def cycled(options: Any, number: int) -> list[Any]:
    """Give so many of the options, beginning again at the end of the list."""
    return [options[i % len(options)] for i in range(number)]


def config(palette: Palette) -> dict[str, Any]:
    """Give the Vega-Lite configuration of every picture."""
    words = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **words,
            "labelColor": palette.muted,
            "titleColor": palette.ink,
            "titleFontWeight": "normal",
            "gridColor": palette.line,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 8,
            "labelOverlap": True,
            "labelSeparation": 8,
        },
        "text": {"font": FONT, "fontSize": 12, "color": palette.ink},
        "title": {
            "font": FONT,
            "color": palette.ink,
            "anchor": "start",
            "fontSize": 14,
            "fontWeight": 600,
        },
    }
