"""Can the probabilities be believed: what was predicted against how often it came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, count, rounded
from losscope.report.scales import Span

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw predicted against observed, all seeds' test rows together; None for values."""
    values = {label: _bins(result, label) for label in reading.labels(result)}
    values = {label: rows for label, rows in values.items() if rows}
    if not values:
        return None
    many = result["data"]["task"] == "multiclass"
    what = "largest probability" if many else "predicted probability"
    came = "how often it was right" if many else "how often it came true"
    own = [loss["label"] for loss in result["losses"] if loss["own_output"]]
    said = f" {' and '.join(own)}: after calibration on validation rows." if own else ""
    return Picture(
        key="reliability",
        title="Can the probabilities be believed?",
        chart=_chart(result, palette, values, what, came),
        caption=f"Test rows of all seeds in ten bins by {what}; a larger mark has more rows. On "
        f"the straight line, predictions come true as often as they say.{said}",
        words=[_said(label, rows) for label, rows in values.items()],
        numbers=Numbers(
            ["trained with", "rows", what, came],
            [
                [label, f"{row['rows']:,}", brief(row["x"], 3), brief(row["value"], 3)]
                for label, rows in values.items()
                for row in rows
            ],
        ),
    )


def _bins(result: Result, label: str) -> encoding.Rows:
    ways = [w["reliability"] for w in reading.ways(result, label).values() if w["reliability"]]
    found: encoding.Rows = []
    for at in range(len(ways[0]) if ways else 0):
        rows, predicted, true = (sum(way[at][k] for way in ways) for k in range(3))
        if rows:
            found.append(
                {
                    "loss": label,
                    "rows": int(rows),
                    "x": rounded(predicted / rows),
                    "value": rounded(true / rows),
                }
            )
    return found


def _said(label: str, rows: encoding.Rows) -> str:
    far = max(rows, key=lambda row: row["rows"] * abs(row["value"] - row["x"]))
    return (
        f"{label}: where {brief(far['x'], 2)} was predicted, {brief(far['value'], 2)} came true "
        f"({count(far['rows'], 'row')})."
    )


def _chart(
    result: Result, palette: Palette, values: dict[str, encoding.Rows], what: str, came: str
) -> alt.LayerChart:
    rows = [row for found in values.values() for row in found]
    unit = Span(0.0, 1.0, log=False)
    x = encoding.across("x:Q", Span(-0.02, 1.02, log=False), what)
    y = encoding.upward("value:Q", Span(-0.02, 1.02, log=False), came)
    hue, form = encoding.color(result, palette), encoding.shape(result)
    line = encoding.rows([{"x": unit.low, "value": unit.low}, {"x": unit.high, "value": unit.high}])
    data = encoding.rows(rows).encode(x=x, y=y, color=hue)
    size = alt.Size("rows:Q", legend=None, scale=alt.Scale(range=[25, 320]))
    ends = [max(found, key=lambda row: row["x"]) for found in values.values()]
    return encoding.layered(
        line.mark_line(color=palette.muted, strokeDash=[2, 4]).encode(x=x, y=y),
        data.mark_line(strokeWidth=2).encode(strokeDash=encoding.dash(result)),
        data.mark_point(filled=True, opacity=0.9).encode(
            shape=form,
            size=size,
            tooltip=[
                alt.Tooltip("loss:N"),
                alt.Tooltip("rows:Q"),
                encoding.tip("x", what),
                encoding.tip("value", came),
            ],
        ),
        *encoding.names(ends, Span(-0.02, 1.02, log=False), "x:Q", y, hue),
    )
