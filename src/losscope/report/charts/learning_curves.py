"""The way it learned: the primary metric by epoch, every seed, quartile band and median."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import count, median, quantile, rounded
from losscope.report.scales import Span
from losscope.report.words import better_word

if TYPE_CHECKING:
    from losscope.report.reading import Curve, Result
    from losscope.report.theme import Palette

_MOST_POINTS = 6000  # of all thin lines together; beyond it every k-th epoch is drawn
_MILESTONES = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw the curves of the runs that were chosen; None where all of them failed."""
    curves = reading.curves(result)
    if not curves:
        return None
    step = thinning(curves)
    every = f" Drawn at one epoch in {step}." if step > 1 else ""
    return Picture(
        key="learning-curves",
        title=f"The way it learned: {reading.metric_title(result)} by epoch",
        chart=_chart(result, palette, curves, step),
        caption="Each thin line is one seed at its learning rate; the thick line is the median "
        "over seeds and the band holds the middle half of them. Validation rows; "
        f"{better_word(result)}; epoch 0 is before training, where the losses start from the "
        f"same weights.{every}",
        words=_words(result, curves),
        numbers=_numbers(result, curves),
    )


def thinning(curves: list[Curve]) -> int:
    """Say that every k-th epoch is drawn, so that a long comparison still makes a lean page."""
    return max(1, -(-sum(len(c.values) for c in curves) // _MOST_POINTS))


def _chart(result: Result, palette: Palette, curves: list[Curve], step: int) -> alt.LayerChart:
    seeds: encoding.Rows = [
        {"loss": c.loss, "seed": c.seed, "epoch": e, "value": rounded(v)}
        for c in curves
        for e, v in _drawn(c, step)
    ]
    middles = _quartiles(seeds)
    span = Span.over(row["value"] for row in seeds)
    last = max(row["epoch"] for row in seeds)
    hue = encoding.color(result, palette)
    title = f"{reading.metric_title(result)} on validation rows"
    x = alt.X(
        "epoch:Q",
        title="epoch",
        axis=alt.Axis(grid=False, tickMinStep=1, format="d"),
        scale=alt.Scale(domain=[0, last], nice=False),
    )
    y = encoding.upward("value:Q", span, title)
    thin = encoding.rows(seeds).mark_line(strokeWidth=0.8, opacity=0.35)
    summary = encoding.rows(middles).encode(x=x, color=hue)
    band = summary.mark_area(opacity=0.16)
    tips = [
        alt.Tooltip("loss:N"),
        alt.Tooltip("epoch:Q"),
        encoding.tip("value", "median"),
        alt.Tooltip("seeds:Q"),
    ]
    return encoding.layered(
        thin.encode(x=x, y=y, color=hue, detail=alt.Detail("seed:N")),
        band.encode(y=encoding.upward("low:Q", span, title), y2=alt.Y2("high:Q")),
        summary.mark_line(strokeWidth=2.4).encode(y=y, strokeDash=encoding.dash(result)),
        summary.mark_point(opacity=0, size=90).encode(y=y, tooltip=tips),
        *encoding.names(_ends(middles), span, "epoch:Q", y, hue),
    )


def _drawn(curve: Curve, step: int) -> list[tuple[int, float]]:
    """Give the epochs of a curve that are drawn: every k-th and the last."""
    last = len(curve.values) - 1
    return [
        (epoch, value)
        for epoch, value in enumerate(curve.values)
        if value is not None and (epoch % step == 0 or epoch == last)
    ]


def _quartiles(seeds: encoding.Rows) -> encoding.Rows:
    """Summarise the thin lines: median and quartiles over seeds for each loss and epoch."""
    groups: dict[tuple[str, int], list[float]] = {}
    for row in seeds:
        groups.setdefault((row["loss"], row["epoch"]), []).append(row["value"])
    return [
        {
            "loss": loss,
            "epoch": epoch,
            "seeds": len(values),
            "value": rounded(median(values)),
            "low": rounded(quantile(values, 0.25)),
            "high": rounded(quantile(values, 0.75)),
        }
        for (loss, epoch), values in groups.items()
    ]


def _ends(middles: encoding.Rows) -> encoding.Rows:
    """Give each loss's last point."""
    last = {row["loss"]: row for row in sorted(middles, key=lambda row: int(row["epoch"]))}
    return list(last.values())


def _at(curves: list[Curve], label: str, epoch: int) -> list[float]:
    """Give the values of one loss at one epoch, over seeds."""
    values = [c.values[epoch] for c in curves if c.loss == label and epoch < len(c.values)]
    return [value for value in values if value is not None]


def _last_epoch(curves: list[Curve]) -> int:
    return max(len(c.values) for c in curves) - 1


def _words(result: Result, curves: list[Curve]) -> list[str]:
    last = _last_epoch(curves)
    said = []
    for label in reading.labels(result):
        first, final = _at(curves, label, 0), _at(curves, label, last)
        if first and final:
            said.append(
                f"{label}: {encoding.middle(first)} before training, {encoding.middle(final)} "
                f"after {count(last, 'epoch')} (median of {count(len(final), 'seed')}; "
                f"{encoding.reach(final)})."
            )
    return said


def _numbers(result: Result, curves: list[Curve]) -> Numbers:
    last = _last_epoch(curves)
    epochs = sorted({e for e in _MILESTONES if e < last} | {last})
    return Numbers(
        ["median at epoch", *map(str, epochs)],
        [
            [label, *[encoding.middle(_at(curves, label, e)) for e in epochs]]
            for label in reading.labels(result)
        ],
    )
