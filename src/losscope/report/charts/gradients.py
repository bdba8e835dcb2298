"""How long each layer's gradient was, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, finite, median, rounded
from losscope.report.scales import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from losscope.report.reading import Result
    from losscope.report.theme import Palette


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw the median length over seeds, a line for each loss and layer; None where unknown."""
    rows = [row for label in reading.labels(result) for row in _medians(result, label)]
    if len({row["epoch"] for row in rows}) < 2:
        return None
    layers = sorted({row["layer"] for row in rows})
    shown = "the thick line is the last layer, the thin ones those before it"
    return Picture(
        key="gradients",
        title="How long the gradient was, layer by layer",
        chart=_chart(result, palette, rows),
        caption="Length of dW and db together over one batch, the same rows every time; median "
        f"over seeds{f'; {shown}' if len(layers) > 1 else ''}. Losses have different units, so "
        "compare how a line falls, and a loss's layers with each other, not the heights.",
        words=[
            f"{label}, layer {layer}: {brief(_value(rows, label, layer, 0), 3)} before training, "
            f"{brief(_value(rows, label, layer, -1), 3)} at the end."
            for label in reading.labels(result)
            for layer in layers
        ],
        numbers=Numbers(
            ["trained with", "layer", "before training", "halfway", "at the end"],
            [
                [
                    label,
                    str(layer),
                    *[brief(_value(rows, label, layer, at), 3) for at in (0, None, -1)],
                ]
                for label in reading.labels(result)
                for layer in layers
            ],
        ),
    )


def _medians(result: Result, label: str) -> encoding.Rows:
    ways = list(reading.ways(result, label).values())
    layers = len(ways[0]["gradient_lengths"]) if ways else 0
    found = []
    for layer in range(layers):
        seen = [_by_epoch(way, layer) for way in ways]
        for epoch in sorted(set.intersection(*map(set, seen))):
            values = [v for own in seen if (v := finite(own[epoch])) is not None and v > 0]
            if values:
                value = rounded(median(values))
                found.append({"loss": label, "layer": layer + 1, "epoch": epoch, "value": value})
    return found


def _by_epoch(way: Mapping[str, Any], layer: int) -> dict[int, Any]:
    """Lengths by the epoch they were taken after; runs stored before took one after each."""
    lengths = way["gradient_lengths"][layer]
    return dict(zip(way.get("gradient_epochs", range(len(lengths))), lengths, strict=True))


def _value(rows: encoding.Rows, label: str, layer: int, at: int | None) -> float | None:
    mine = [r["value"] for r in rows if (r["loss"], r["layer"]) == (label, layer)]
    if not mine:
        return None
    return float(mine[len(mine) // 2 if at is None else at])


def _chart(result: Result, palette: Palette, rows: encoding.Rows) -> alt.LayerChart:
    last_layer = max(row["layer"] for row in rows)
    last_epoch = max(row["epoch"] for row in rows)
    drawn = [{**row, "line": f"{row['loss']} {row['layer']}"} for row in rows]
    span = Span.over(row["value"] for row in rows)
    x = alt.X(
        "epoch:Q",
        title="epoch",
        scale=alt.Scale(domain=[0, last_epoch], nice=False),
        axis=alt.Axis(tickCount=6, format="d", tickMinStep=1),
    )
    y = encoding.upward("value:Q", span, "length of the gradient")
    hue = encoding.color(result, palette)
    line = encoding.rows(drawn).encode(
        x=x,
        y=y,
        color=hue,
        strokeDash=encoding.dash(result),
        detail=alt.Detail("line:N"),
        tooltip=[
            alt.Tooltip("loss:N"),
            alt.Tooltip("layer:Q"),
            alt.Tooltip("epoch:Q"),
            encoding.tip("value", "length"),
        ],
    )
    ends = [row for row in rows if row["epoch"] == last_epoch and row["layer"] == last_layer]
    return encoding.layered(
        line.mark_line(strokeWidth=2.6).transform_filter(f"datum.layer == {last_layer}"),
        line.mark_line(strokeWidth=1.1).transform_filter(f"datum.layer < {last_layer}"),
        *encoding.names(ends, span, "epoch:Q", y, hue),
    )
