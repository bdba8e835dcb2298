"""Where a class ends: decisions on a plane through the data, one panel a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.theme import SHAPES, cycled

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

_ACROSS = 3  # panels side by side
_GAP = 0.08
_MOST_CLASSES = 10


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw each loss's decisions for the first seed; None without a plane or with many classes."""
    plane, classes = result.get("plane"), list(result["data"]["classes"])
    seed = result["seeds"][0]
    found = {
        label: reading.ways(result, label)[seed]["plane"]
        for label in reading.labels(result)
        if reading.ways(result, label).get(seed, {}).get("plane")
    }
    if not plane or not found or len(classes) > _MOST_CLASSES:
        return None
    decided = {label: _classes(drawn) for label, drawn in found.items()}
    where = (
        "The plane of the two features (standardised)."
        if plane["share"] == 1 and not plane["axes"][0].startswith("first")
        else "The plane through the mean of the training rows along their first two principal "
        f"directions, which hold {100 * plane['share']:.0f} % of their variance; rows are drawn "
        "where they project to, so that one may stand on the wrong side and yet be right."
    )
    return Picture(
        key="boundaries",
        title="Where one class ends and the next begins",
        chart=_chart(plane, found, decided, classes, palette),
        caption=f"{where} Fainter means less sure. Marks are test rows, a shape for each class "
        f"(seed {seed}): {_legend(classes)}.",
        words=[f"{label}: {_shares(mine, classes)}." for label, mine in decided.items()],
        numbers=Numbers(
            ["share of the plane", *classes],
            [
                [label, *[f"{100 * mine.count(k) / len(mine):.0f} %" for k in range(len(classes))]]
                for label, mine in decided.items()
            ],
        ),
    )


def _classes(drawn: Any) -> list[int]:
    if "class" in drawn:
        return [int(k) for k in drawn["class"]]
    return [int(v > 50) for v in drawn["value"]]


def _sure(drawn: Any) -> list[float]:
    if "class" in drawn:
        return [v / 100 for v in drawn["value"]]
    return [max(v, 100 - v) / 100 for v in drawn["value"]]


def _shares(mine: list[int], classes: list[str]) -> str:
    return ", ".join(
        f"{name} on {100 * mine.count(k) / len(mine):.0f} % of the plane"
        for k, name in enumerate(classes)
    )


def _legend(classes: list[str]) -> str:
    words = {
        "circle": "circle", "square": "square", "triangle-up": "triangle", "diamond": "diamond",
        "cross": "cross", "triangle-down": "triangle pointing down",
        "triangle-right": "triangle pointing right",
    }  # fmt: skip
    shapes = cycled(SHAPES, len(classes))
    return ", ".join(f"{words[s]} {name}" for s, name in zip(shapes, classes, strict=True))


def _chart(
    plane: Any, found: Any, decided: dict[str, list[int]], classes: list[str], palette: Palette
) -> alt.LayerChart:
    side = plane["side"]
    cells, dots, titles = [], [], []
    lines = -(-len(found) // _ACROSS)
    for i, (label, drawn) in enumerate(found.items()):
        left, low = (i % _ACROSS) * (1 + _GAP), (lines - 1 - i // _ACROSS) * (1 + 2 * _GAP)
        titles.append({"x": left, "y": low + 1 + _GAP / 3, "loss": label})
        cells += [
            {
                "x": round(left + (at % side) / side, 4),
                "x2": round(left + (at % side + 1) / side, 4),
                "y": round(low + (at // side) / side, 4),
                "y2": round(low + (at // side + 1) / side, 4),
                "class": classes[kind],
                "sure": sure,
            }
            for at, (kind, sure) in enumerate(zip(decided[label], _sure(drawn), strict=True))
        ]
        dots += [
            {
                "x": round(left + _share(x, plane["across"]), 4),
                "y": round(low + _share(y, plane["up"]), 4),
                "class": classes[kind],
            }
            for x, y, kind in plane["dots"]
        ]
    right, top = min(len(found), _ACROSS) * (1 + _GAP) - _GAP, lines * (1 + 2 * _GAP)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, right], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False, zero=False))
    hues = alt.Scale(domain=classes, range=cycled(palette.series, len(classes)))
    color = alt.Color("class:N", legend=None, scale=hues)
    forms = alt.Scale(domain=classes, range=cycled(SHAPES, len(classes)))
    sure = alt.Scale(domain=[1 / len(classes), 1], range=[0.06, 0.5])
    return encoding.layered(
        encoding.rows(cells)
        .mark_rect(strokeWidth=0)
        .encode(
            x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), color=color,
            opacity=alt.Opacity("sure:Q", legend=None, scale=sure),
        ),
        encoding.rows(dots)
        .mark_point(size=16, filled=True, opacity=0.9, stroke=palette.paper, strokeWidth=0.4)
        .encode(x=x, y=y, color=color, shape=alt.Shape("class:N", legend=None, scale=forms),
                tooltip=[alt.Tooltip("class:N")]),
        encoding.rows(titles)
        .mark_text(align="left", fontSize=13, fontWeight=600, color=palette.ink, limit=190)
        .encode(x=x, y=y, text=alt.Text("loss:N")),
        height=round(230 * lines * (1 + 2 * _GAP)),
    )  # fmt: skip


def _share(value: float, ends: list[float]) -> float:
    low, high = ends
    return min(max((value - low) / (high - low), 0.0), 1.0)
