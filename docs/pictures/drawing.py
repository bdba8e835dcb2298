"""Lines over an axis as SVG, in the report's colours; the numbers drawn lie in the file as well."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from losscope.report.embedding import vegalite_version
from losscope.report.theme import DARK, DASHES, LIGHT, Palette, config

_METADATA = re.compile(r"<metadata>(.*?)</metadata>", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line, and its name.

    Parameters
    ----------
    points : (x, y) each.
    named : the x at which its name stands.
    align, dy : on which side of that point, and how many pixels lower.
    """

    name: str
    points: list[tuple[float, float]]
    named: float
    align: str = "left"
    dy: float = 0.0


@dataclass(frozen=True)
class Panel:
    """Lines over one pair of axes."""

    title: str
    across: str
    up: str
    lines: list[Line]

    def data(self) -> dict[str, Any]:
        """What is drawn."""
        lines = {line.name: [[_short(v) for v in p] for p in line.points] for line in self.lines}
        return {"title": self.title, "across": self.across, "up": self.up, "lines": lines}


def svg(panels: list[Panel], palette: Palette) -> str:
    """Draw panels side by side, their data in `<metadata>`."""
    width = 560 if len(panels) == 1 else 320
    chart = alt.hconcat(*(_chart(panel, palette, width) for panel in panels))
    spec = {**chart.to_dict(), "config": config(palette), "padding": 8}
    spec["background"] = palette.paper
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=vegalite_version())
    told = json.dumps([panel.data() for panel in panels], ensure_ascii=False)
    head, tag, rest = drawn.partition(">")
    return f"{head}{tag}<metadata>{told.replace('<', '&lt;')}</metadata>{rest}\n"


def data(drawn: str) -> list[dict[str, Any]]:
    """Read what a picture shows."""
    found = _METADATA.search(drawn)
    return [] if found is None else json.loads(found[1].replace("&lt;", "<"))


def palettes() -> dict[str, Palette]:
    """What is added to a picture's name, and its colours."""
    return {"": LIGHT, "-dark": DARK}


def _chart(panel: Panel, palette: Palette, width: int) -> alt.LayerChart:
    x = alt.X("x:Q", title=panel.across, scale=alt.Scale(nice=False))
    y = alt.Y(
        "y:Q", title=panel.up, axis=alt.Axis(titleAngle=0, titleAlign="left", titleY=-10, titleX=0)
    )
    zero = alt.Chart({"values": [{}]}).mark_rule(color=palette.muted).encode(y=alt.datum(0))
    layers = [zero]
    for line, color, dash in zip(panel.lines, palette.series, DASHES, strict=False):
        rows = [{"x": a, "y": b} for a, b in line.points]
        mark = alt.Chart({"values": rows}).mark_line(color=color, strokeDash=dash, strokeWidth=2.4)
        at = min(rows, key=lambda row: abs(row["x"] - line.named))
        name = alt.Chart({"values": [{**at, "name": line.name}]}).mark_text(
            color=color, align=line.align, dx=6 if line.align == "left" else -6, dy=line.dy,
            fontSize=13, fontWeight=600,
        )  # fmt: skip
        layers += [mark.encode(x=x, y=y), name.encode(x=x, y=y, text="name:N")]
    return alt.layer(*layers).properties(width=width, height=240, title=panel.title)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
