"""Where the predictions went: their distribution before training, halfway and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, rounded
from losscope.report.scales import Span

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

_MOMENTS = ("before training", "halfway", "at the end")


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw counts of test predictions in bins as rows of circles; None where unknown."""
    rows = [row for label in reading.labels(result) for row in _rows(result, label)]
    if not rows:
        return None
    task = result["data"]["task"]
    two = task in {"binary", "multilabel"}
    caption = {
        True: "Probability that was predicted on test rows, all seeds: a circle's area is the "
        "share of its class there. Filled: rows of the positive class; hollow: of the negative.",
        False: "Probability that was given to the true class on test rows, all seeds: a circle's "
        "area is the share of rows there."
        if task == "multiclass"
        else "Predictions on test rows, all seeds: a circle's area is the share of rows there; "
        "what lies further out stands at the ends.",
    }[two]
    return Picture(
        key="predictions",
        title="Where the predictions went",
        chart=_chart(result, palette, rows, two=two),
        caption=caption,
        words=[_said(group) for group in _grouped(rows)],
        numbers=Numbers(
            ["trained with", "when", "rows", "mean of bins", "in the first bin", "in the last bin"],
            [_numbers(group) for group in _grouped(rows)],
        ),
    )


def _rows(result: Result, label: str) -> encoding.Rows:
    ways = [*reading.ways(result, label).values()]
    if not ways:
        return []
    edges, many = ways[0]["edges"], len(ways[0]["moments"])
    names = _MOMENTS if many == 3 else [_MOMENTS[0], _MOMENTS[2]][:many]
    found = []
    for at, moment in enumerate(names):
        known = [way["predictions"][at] for way in ways if way["predictions"][at] is not None]
        for kind in range(len(known[0]) if known else 0):
            counts = [sum(way[kind][b] for way in known) for b in range(len(edges) - 1)]
            total = sum(counts)
            found += [
                {
                    "loss": label,
                    "moment": moment,
                    "row": f"{label}\n{moment}",
                    "kind": kind,
                    "side": "below" if kind == 0 and len(known[0]) > 1 else "above",
                    "x": rounded((edges[b] + edges[b + 1]) / 2),
                    "share": rounded(n / total),
                }
                for b, n in enumerate(counts)
                if n
            ]
    return found


def _grouped(rows: encoding.Rows) -> list[encoding.Rows]:
    groups: dict[tuple[Any, ...], encoding.Rows] = {}
    for row in rows:
        groups.setdefault((row["loss"], row["moment"], row["kind"]), []).append(row)
    return [*groups.values()]


def _kind(group: encoding.Rows) -> str:
    both = {"below": "negative", "above": "positive or all"}
    return both[group[0]["side"]]


def _mean(group: encoding.Rows) -> float:
    return float(sum(row["x"] * row["share"] for row in group))


def _said(group: encoding.Rows) -> str:
    first = group[0]
    about = brief(_mean(group), 3)
    return f"{first['loss']}, {first['moment']}, {_kind(group)} rows: about {about} on average."


def _numbers(group: encoding.Rows) -> list[str]:
    low, high = min(row["x"] for row in group), max(row["x"] for row in group)
    at = {row["x"]: row["share"] for row in group}
    return [
        group[0]["loss"],
        group[0]["moment"],
        _kind(group),
        brief(_mean(group), 3),
        f"{100 * at[low]:.0f} % at {brief(low, 3)}",
        f"{100 * at[high]:.0f} % at {brief(high, 3)}",
    ]


def _chart(result: Result, palette: Palette, rows: encoding.Rows, *, two: bool) -> alt.LayerChart:
    span = Span.over((row["x"] for row in rows), log=False)
    title = "predicted probability" if two else "prediction"
    if result["data"]["task"] == "multiclass":
        title = "probability of the true class"
    x = encoding.across("x:Q", span, title)
    y = encoding.named_rows("row", palette)
    size = alt.Size("share:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[2, 700]))
    data = encoding.rows(rows).encode(
        x=x,
        y=y,
        size=size,
        color=encoding.color(result, palette),
        tooltip=[
            alt.Tooltip("loss:N"),
            alt.Tooltip("moment:N"),
            encoding.tip("x", "prediction"),
            encoding.tip("share"),
        ],
    )
    shift = 9 if two else 0
    return encoding.layered(
        data.mark_circle(opacity=0.75, yOffset=-shift).transform_filter("datum.side == 'above'"),
        data.mark_point(filled=False, strokeWidth=1.4, yOffset=shift).transform_filter(
            "datum.side == 'below'"
        ),
        height=30 + 46 * len({row["row"] for row in rows}),
    )
