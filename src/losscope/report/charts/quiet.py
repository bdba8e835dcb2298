"""How many examples hardly teach: those that are learned, and those that are stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import median, rounded
from losscope.report.scales import Span

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

_MOMENTS = ("before training", "halfway", "at the end")


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw shares of training examples with a quiet gradient at three moments; None if unknown."""
    rows = [row for label in reading.labels(result) for row in _rows(result, label)]
    if not rows:
        return None
    wrong = any(row["stuck"] is not None for row in rows)
    stuck = " The part in the colour of words is still wrong: it is stuck." if wrong else ""
    return Picture(
        key="quiet",
        title="How many examples hardly teach any more",
        chart=_chart(result, palette, rows),
        caption="Share of training examples whose dℓ/dz is below 1 % of its mean before training "
        f"(median over seeds).{stuck} Saturated, in the numbers: the slope of the output "
        "activation is below 0.01 there.",
        words=[
            f"{row['loss']}, {row['moment']}: {_percent(row['quiet'])} quiet"
            + (f", of all {_percent(row['stuck'])} quiet and wrong" if wrong else "")
            + "."
            for row in rows
        ],
        numbers=Numbers(
            ["trained with", "when", "quiet", "quiet and wrong", "saturated"],
            [
                [
                    row["loss"],
                    row["moment"],
                    *[_percent(row[k]) for k in ("quiet", "stuck", "saturated")],
                ]
                for row in rows
            ],
        ),
    )


def _rows(result: Result, label: str) -> encoding.Rows:
    ways = [*reading.ways(result, label).values()]
    many = len(ways[0]["moments"]) if ways else 0
    names = _MOMENTS if many == 3 else [_MOMENTS[0], _MOMENTS[2]][:many]
    found: encoding.Rows = []
    for at, moment in enumerate(names):
        shares = {
            name: [way[name][at] for way in ways if way[name][at] is not None]
            for name in ("quiet", "stuck", "saturated")
        }
        if shares["quiet"]:
            middle = {name: rounded(median(v)) if v else None for name, v in shares.items()}
            found.append({"loss": label, "moment": moment, "row": f"{label}\n{moment}", **middle})
    return found


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _chart(result: Result, palette: Palette, rows: encoding.Rows) -> alt.LayerChart:
    top = max(*[row["quiet"] for row in rows], 0.05)
    span = Span(0.0, min(top * 1.15, 1.0), log=False)
    x = alt.X(
        "quiet:Q",
        title="share of training examples",
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(**span.vega()),
    )
    y = encoding.named_rows("row", palette)
    data = encoding.rows(rows).encode(
        y=y,
        tooltip=[
            alt.Tooltip("loss:N"),
            alt.Tooltip("moment:N"),
            encoding.tip("quiet"),
            encoding.tip("stuck"),
        ],
    )
    return encoding.layered(
        data.mark_bar(height=16, opacity=0.55).encode(x=x, color=encoding.color(result, palette)),
        data.mark_bar(height=16, color=palette.ink)
        .transform_filter("datum.stuck != null")
        .encode(x=alt.X("stuck:Q", scale=alt.Scale(**span.vega()))),
        height=30 + 38 * len(rows),
    )
