"""The four pictures of a comparison, as Altair charts.

A loss is told apart three times over: by colour, by dash or shape, and by its name beside the
mark. Every seed is drawn. Data are rounded to five digits and reach the chart as plain rows.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from losscope.report import reading
from losscope.report.numbers import median, quantile, rounded
from losscope.report.reading import Curve, Result
from losscope.report.scales import Span, spread_out
from losscope.report.theme import DASHES, LIGHT, SHAPES, Palette, cycled
from losscope.report.words import outcome

HEIGHT = 300
_GAP = 15 / HEIGHT  # the height of one line of text
_MOST_POINTS = 6000  # of all thin lines together; beyond it every k-th epoch is drawn
MOST_PAIRS = 15
NAME_WIDTH = 120


def learning_curves(result: Result, palette: Palette = LIGHT) -> alt.LayerChart | None:
    """Draw the primary metric on validation rows by epoch: every seed, quartile band, median."""
    curves = reading.curves(result)
    if not curves:
        return None
    step = thinning(curves)
    seeds = [
        {"loss": c.loss, "seed": c.seed, "epoch": e, "value": rounded(v)}
        for c in curves
        for e, v in drawn(c, step)
    ]
    middles = _quartiles(seeds)
    span = Span.over(row["value"] for row in seeds)
    last = max(row["epoch"] for row in seeds)
    color = _color(result, palette)
    x = alt.X("epoch:Q", title="epoch", axis=alt.Axis(grid=False, tickMinStep=1, format="d"),
              scale=alt.Scale(domain=[0, last], nice=False))  # fmt: skip
    y = _vertical("value:Q", span, f"{reading.metric_title(result)} on validation rows")
    thin = (
        alt.Chart(alt.Data(values=seeds))
        .mark_line(strokeWidth=0.8, opacity=0.35, clip=True)
        .encode(x=x, y=y, color=color, detail="seed:N")
    )
    rows = alt.Chart(alt.Data(values=middles)).encode(x=x, color=color)
    low = _vertical("low:Q", span, f"{reading.metric_title(result)} on validation rows")
    band = rows.mark_area(opacity=0.16, clip=True).encode(y=low, y2="high:Q")
    middle = rows.mark_line(strokeWidth=2.4).encode(y=y, strokeDash=_dash(result))
    tips = rows.mark_point(opacity=0, size=90).encode(
        y=y, tooltip=["loss:N", "epoch:Q", _tip("value", "median"), "seeds:Q"]
    )
    ends = [row for row in middles if row["epoch"] == last]
    return _finish(thin, band, middle, tips, _names(ends, "epoch", y, span, result, palette))


def results(result: Result, palette: Palette = LIGHT) -> alt.LayerChart | None:
    """Draw each seed's result on its test rows, one seed joined across the losses."""
    labels = reading.labels(result)
    rows = [
        {"loss": label, "seed": seed, "value": rounded(value), "place": place}
        for place, label in enumerate(labels)
        for seed, value in reading.per_seed(result, label).items()
    ]
    if not rows:
        return None
    means = [
        {"loss": label, "value": rounded(sum(v) / len(v))}
        for label in labels
        if (v := [row["value"] for row in rows if row["loss"] == label])
    ]
    span = Span.over(row["value"] for row in rows)
    x = _horizontal("value:Q", span, f"{reading.metric_title(result)} on test rows")
    y = alt.Y("loss:N", sort=labels, title=None, scale=alt.Scale(domain=labels),
              axis=alt.Axis(labelFontSize=13, labelColor=palette.ink, labelLimit=NAME_WIDTH))  # fmt: skip
    here = alt.selection_point(fields=["seed"], on="pointerover", empty=False, name="seed_pointed_at")
    data = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    paths = data.mark_line(color=palette.muted).encode(
        detail="seed:N",
        order="place:Q",
        opacity=alt.condition(here, alt.value(1), alt.value(0.3)),
        strokeWidth=alt.condition(here, alt.value(2.2), alt.value(0.8)),
    )
    dots = data.mark_point(size=55, filled=True, opacity=0.85).encode(
        color=_color(result, palette),
        shape=_shape(result),
        tooltip=["loss:N", "seed:Q", _tip("value", reading.metric_title(result))],
    )
    mean = (
        alt.Chart(alt.Data(values=means))
        .mark_tick(thickness=3, size=26, color=palette.ink)
        .encode(x=x, y=y, tooltip=["loss:N", _tip("value", "mean")])
    )
    return _finish(paths, mean, dots.add_params(here), height=40 + 44 * len(labels))


def differences(result: Result, palette: Palette = LIGHT) -> alt.LayerChart | None:
    """Draw each pair's difference with its interval over the band that counts as equivalent."""
    pairs = drawn_pairs(result)
    if not pairs:
        return None
    margin = float(result["metric"].get("margin") or 0.0)
    span = Span.over([p[k] for p in pairs for k in ("low", "high")] + [margin, -margin], log=False, room=0.1)
    rows = []
    for pair in pairs:
        left = span.share(pair["difference"]) < 0.5
        rows.append({
            "pair": f"{pair['a']} − {pair['b']}", "outcome": pair["outcome"], "said": outcome(pair),
            "at": rounded(pair["low"] if left else pair["high"]), "left": left,
            **{k: rounded(pair[k]) for k in ("difference", "low", "high", "p_holm")},
        })  # fmt: skip
    x = _horizontal("difference:Q", span, f"difference in {reading.metric_title(result)}")
    y = alt.Y("pair:N", sort=None, title=None,
              axis=alt.Axis(labelColor=palette.ink, labelLimit=NAME_WIDTH, grid=False))  # fmt: skip
    band = (
        alt.Chart(alt.Data(values=[{"from": -margin, "to": margin}]))
        .mark_rect(color=palette.muted, opacity=0.16)
        .encode(x=alt.X("from:Q", scale=alt.Scale(**span.vega())), x2="to:Q")
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=palette.muted).encode(x="zero:Q")
    data = alt.Chart(alt.Data(values=rows)).encode(y=y)
    bars = data.mark_rule(strokeWidth=2.2, color=palette.ink).encode(x=alt.X("low:Q"), x2="high:Q")
    outcomes = ["better", "equivalent", "cannot tell"]
    dots = data.mark_point(filled=True, size=110, color=palette.ink, opacity=1).encode(
        x=x,
        shape=alt.Shape("outcome:N", legend=None,
                        scale=alt.Scale(domain=outcomes, range=["diamond", "square", "circle"])),
        tooltip=["pair:N", "outcome:N", _tip("difference"), _tip("low"), _tip("high"), _tip("p_holm", "Holm p")],
    )  # fmt: skip
    words = [
        data.mark_text(align="left" if left else "right", dy=-13)
        .encode(x="at:Q", text="said:N")
        .transform_filter(f"datum.left == {str(left).lower()}")
        for left in (True, False)
    ]
    return _finish(band, zero, bars, dots, *words, height=30 + 46 * len(rows))


def sensitivity(result: Result, palette: Palette = LIGHT) -> alt.LayerChart | None:
    """Draw the primary metric on validation rows by learning rate: every seed, and the median."""
    seeds, middles, lost = [], [], []
    for label in reading.labels(result):
        chosen = reading.times_chosen(result, label)
        for rate, values in reading.sensitivity(result, label).items():
            seeds += [{"loss": label, "rate": rate, "seed": s, "value": rounded(v)} for s, v in values.items()]
            if values:
                middles.append({"loss": label, "rate": rate, "value": rounded(median([*values.values()])),
                                "chosen": chosen.get(rate, 0), "seeds": len(values)})  # fmt: skip
            if failed := len(result["seeds"]) - len(values):
                lost.append({"loss": label, "rate": rate, "said": f"{failed} failed"})
    rates = sorted({row["rate"] for row in seeds})
    if len(rates) < 2:
        return None
    span = Span.over(row["value"] for row in seeds)
    across = Span.over(rates, log=True)
    x = alt.X("rate:Q", title="learning rate, log scale", scale=alt.Scale(**across.vega()),
              axis=alt.Axis(values=rates, format="~g", grid=False))  # fmt: skip
    color = _color(result, palette)
    y = _vertical("value:Q", span, f"{reading.metric_title(result)} on validation rows")
    dots = (
        alt.Chart(alt.Data(values=seeds))
        .mark_point(size=14, filled=True, opacity=0.4)
        .encode(x=x, y=y, color=color, shape=_shape(result),
                tooltip=["loss:N", "rate:Q", "seed:Q", _tip("value", reading.metric_title(result))])
    )  # fmt: skip
    data = alt.Chart(alt.Data(values=middles)).encode(x=x, y=y, color=color)
    lines = data.mark_line(strokeWidth=2.2).encode(strokeDash=_dash(result))
    points = data.mark_point(filled=True, opacity=1).encode(
        shape=_shape(result),
        size=alt.Size("chosen:Q", legend=None,
                      scale=alt.Scale(domain=[0, len(result["seeds"])], range=[30, 320])),
        tooltip=["loss:N", "rate:Q", _tip("value", "median"), alt.Tooltip("chosen:Q", title="seeds that chose it"), "seeds:Q"],
    )  # fmt: skip
    worst = span.low if result["metric"]["greater_is_better"] else span.high
    crosses = (
        alt.Chart(alt.Data(values=[{**row, "value": worst} for row in lost]))
        .mark_text(text="✕", fontSize=15, fontWeight="bold")
        .encode(x=x, y=y, color=color, tooltip=["loss:N", "rate:Q", "said:N"])
    )
    ends = [max((m for m in middles if m["loss"] == label), key=lambda m: m["rate"])
            for label in dict.fromkeys(m["loss"] for m in middles)]  # fmt: skip
    marks = [dots, lines, points, *([crosses] if lost else [])]
    return _finish(*marks, _names(ends, "rate", y, span, result, palette))


def thinning(curves: list[Curve]) -> int:
    """Say that every k-th epoch is drawn, so that a long comparison still makes a lean page."""
    return max(1, -(-sum(len(c.values) for c in curves) // _MOST_POINTS))


def drawn(curve: Curve, step: int) -> list[tuple[int, float]]:
    """Give the epochs of a curve that are drawn: every k-th and the last."""
    last = len(curve.values) - 1
    return [(e, v) for e, v in enumerate(curve.values) if v is not None and (e % step == 0 or e == last)]


def drawn_pairs(result: Result) -> list[Any]:
    """Give the pairs that are drawn: all of them or, when they are many, those with the first loss."""
    pairs = [
        p for p in result["verdict"]["result"]["pairs"]
        if all(rounded(p.get(k)) is not None for k in ("difference", "low", "high"))
    ]  # fmt: skip
    first = reading.labels(result)[0]
    return pairs if len(pairs) <= MOST_PAIRS else [p for p in pairs if first in (p["a"], p["b"])]


def _quartiles(rows: list[Any]) -> list[dict[str, Any]]:
    """Summarise the thin lines: median and quartiles over seeds for each loss and epoch."""
    groups: dict[tuple[str, int], list[float]] = {}
    for row in rows:
        groups.setdefault((row["loss"], row["epoch"]), []).append(row["value"])
    return [
        {"loss": loss, "epoch": epoch, "seeds": len(values), "value": rounded(median(values)),
         "low": rounded(quantile(values, 0.25)), "high": rounded(quantile(values, 0.75))}
        for (loss, epoch), values in groups.items()
    ]  # fmt: skip


def _names(
    ends: list[Any], x: str, y: alt.Y, span: Span, result: Result, palette: Palette
) -> alt.Chart:
    """Write each loss's name at the end of its line, moved apart where lines end together."""
    places = spread_out([span.share(row["value"]) for row in ends], _GAP)
    rows = [{**row, "value": span.value(place)} for row, place in zip(ends, places, strict=True)]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(align="left", dx=9, fontSize=13, fontWeight=600, limit=NAME_WIDTH)
        .encode(x=f"{x}:Q", y=y, text="loss:N", color=_color(result, palette))
    )


def _vertical(field: str, span: Span, title: str) -> alt.Y:
    """Give a vertical axis whose title stands above it, level, where a phone has room for it."""
    axis = alt.Axis(title=f"{title}{span.note}", titleAngle=0, titleAlign="left", titleAnchor="end",
                    titleBaseline="bottom", titleX=-2, titleY=-10, format="~g", **span.ticks())  # fmt: skip
    return alt.Y(field, axis=axis, scale=alt.Scale(**span.vega()))


def _horizontal(field: str, span: Span, title: str) -> alt.X:
    return alt.X(field, title=f"{title}{span.note}", scale=alt.Scale(**span.vega()),
                 axis=alt.Axis(format="~g", **span.ticks()))  # fmt: skip


def _color(result: Result, palette: Palette) -> alt.Color:
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(palette.series, len(labels)))
    return alt.Color("loss:N", legend=None, scale=scale)


def _dash(result: Result) -> alt.StrokeDash:
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(DASHES, len(labels)))
    return alt.StrokeDash("loss:N", legend=None, scale=scale)


def _shape(result: Result) -> alt.Shape:
    labels = reading.labels(result)
    scale = alt.Scale(domain=labels, range=cycled(SHAPES, len(labels)))
    return alt.Shape("loss:N", legend=None, scale=scale)


def _tip(field: str, title: str | None = None) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q", title=title or field, format=".4~g")


def _finish(*layers: alt.Chart, height: int = HEIGHT) -> alt.LayerChart:
    return alt.layer(*layers).properties(width=640, height=height)
