"""How every picture encodes a loss and lays its axes.

A loss is told apart three times over: by colour, by dash or shape, and by its name beside the mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.numbers import brief, median, quantile
from losscope.report.scales import spread_out
from losscope.report.theme import DASHES, SHAPES, cycled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.report.reading import Result
    from losscope.report.scales import Span
    from losscope.report.theme import Palette

WIDTH, HEIGHT = 640, 300
NAME_WIDTH = 132  # a longer name is cut; the table has it whole
_LINE = 15 / HEIGHT  # the height of one line of text, as a share of the picture

Rows = list[dict[str, Any]]


def rows(values: Rows) -> alt.Chart:
    """Begin a layer over these rows.

    A plain dictionary, since Altair checks `Data` by the row; and a tuple, since Altair copies
    every list and dictionary of a chart whenever something is added to it.
    """
    return alt.Chart({"values": tuple(values)})


def layered(*layers: alt.Chart, height: int = HEIGHT) -> alt.LayerChart:
    """Lay the layers over each other."""
    return alt.layer(*layers).properties(width=WIDTH, height=height)


def named_rows(field: str, palette: Palette) -> alt.Y:
    """Lay rows below each other in their order, each under its name of one line or more."""
    return alt.Y(
        f"{field}:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            labelColor=palette.ink,
            labelLimit=NAME_WIDTH,
            labelExpr=r"split(datum.label, '\n')",
            grid=False,
        ),
    )


def color(result: Result, palette: Palette) -> alt.Color:
    """Give each loss its colour."""
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(palette.series, len(labels)))
    return alt.Color("loss:N", legend=None, scale=scale)


def dash(result: Result) -> alt.StrokeDash:
    """Give each loss its dash."""
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(DASHES, len(labels)))
    return alt.StrokeDash("loss:N", legend=None, scale=scale)


def shape(result: Result) -> alt.Shape:
    """Give each loss its shape."""
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(SHAPES, len(labels)))
    return alt.Shape("loss:N", legend=None, scale=scale)


def tip(field: str, title: str | None = None) -> alt.Tooltip:
    """Show a number when pointed at."""
    return alt.Tooltip(f"{field}:Q", title=title or field, format=".4~g")


def upward(field: str, span: Span, title: str) -> alt.Y:
    """Give a vertical axis whose title stands above it, level, where a phone has room for it."""
    axis = alt.Axis(
        title=f"{title}{span.note}",
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=-2,
        titleY=-10,
        **span.ticks(),
    )
    return alt.Y(field, axis=axis, scale=alt.Scale(**span.vega()))


def across(field: str, span: Span, title: str) -> alt.X:
    """Give a horizontal axis."""
    axis = alt.Axis(title=f"{title}{span.note}", **span.ticks())
    return alt.X(field, axis=axis, scale=alt.Scale(**span.vega()))


def names(ends: Rows, span: Span, x: str, y: alt.Y, hue: alt.Color) -> tuple[alt.Chart, alt.Chart]:
    """Write each loss's name right of where the last line ends, moved apart where they meet.

    A dotted rule leads to it from a line that ends sooner.
    """
    field = x.removesuffix(":Q")
    far = max((row[field] for row in ends), default=0)
    places = spread_out([span.share(row["value"]) for row in ends], _LINE)
    moved = [
        {**row, field: far, "value": span.value(p)} for row, p in zip(ends, places, strict=True)
    ]
    pairs = [pair for pair in zip(ends, moved, strict=True) if pair[0][field] < far]
    rule = rows([row for pair in pairs for row in pair])
    mark = rows(moved).mark_text(align="left", dx=9, fontSize=13, fontWeight=600, limit=NAME_WIDTH)
    return (
        rule.mark_line(strokeWidth=1, strokeDash=[1, 3]).encode(x=x, y=y, color=hue),
        mark.encode(x=x, y=y, text=alt.Text("loss:N"), color=hue),
    )


def middle(values: Sequence[float]) -> str:
    """Write the median, or that there is none."""
    return brief(median(values) if values else None)


def reach(values: Sequence[float]) -> str:
    """Write the least and the greatest value."""
    return f"from {brief(quantile(values, 0))} to {brief(quantile(values, 1))}"
