"""How much the learning rate matters: the primary metric by learning rate, every seed, median."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import NOTHING, count, median, plain, rounded
from losscope.report.scales import Span
from losscope.report.words import MODES, capital

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

Values = dict[str, dict[float, dict[int, float]]]  # loss -> learning rate -> seed -> value


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw what each learning rate led to; None where only one was tried."""
    values = {label: reading.sensitivity(result, label) for label in reading.labels(result)}
    if len({rate for rates in values.values() for rate, at in rates.items() if at}) < 2:
        return None
    title = reading.metric_title(result)
    mode = MODES.get(result["learning_rates"]["mode"], result["learning_rates"]["mode"])
    failed = " A cross marks runs that failed." if reading.failures(result) else ""
    return Picture(
        key="sensitivity",
        title="How much the learning rate matters",
        chart=_chart(result, palette, values),
        caption=f"{capital(title)} on validation rows after the last epoch, for each learning "
        "rate: small marks are seeds, the line is their median, and a mark on it is larger the "
        f"more seeds chose that rate. Learning rates: {mode}.{failed}",
        words=_words(result),
        numbers=_numbers(result, values),
    )


def _chart(result: Result, palette: Palette, values: Values) -> alt.LayerChart:
    seeds, middles = _seeds(values), _middles(result, values)
    rates = sorted({row["rate"] for row in seeds})
    span = Span.over(row["value"] for row in seeds)
    title = reading.metric_title(result)
    hue, form = encoding.color(result, palette), encoding.shape(result)
    x = alt.X(
        "rate:Q",
        title="learning rate, log scale",
        scale=alt.Scale(**Span.over(rates, log=True).vega()),
        axis=alt.Axis(values=rates, format="~g", grid=False),
    )
    y = encoding.upward("value:Q", span, f"{title} on validation rows")
    dots = encoding.rows(seeds).mark_point(size=14, filled=True, opacity=0.4)
    tips = [
        alt.Tooltip("loss:N"),
        alt.Tooltip("rate:Q"),
        alt.Tooltip("seed:Q"),
        encoding.tip("value", title),
    ]
    data = encoding.rows(middles).encode(x=x, y=y, color=hue)
    points = data.mark_point(filled=True, opacity=1)
    size = alt.Scale(domain=[0, len(result["seeds"])], range=[30, 320])
    chosen = alt.Tooltip("chosen:Q", title="seeds that chose it")
    worst = span.low if result["metric"]["greater_is_better"] else span.high
    crosses = encoding.rows([{**row, "value": worst} for row in _lost(result, values)])
    last = {row["loss"]: row for row in sorted(middles, key=lambda row: float(row["rate"]))}
    return encoding.layered(
        dots.encode(x=x, y=y, color=hue, shape=form, tooltip=tips),
        data.mark_line(strokeWidth=2.2).encode(strokeDash=encoding.dash(result)),
        points.encode(
            shape=form,
            size=alt.Size("chosen:Q", legend=None, scale=size),
            tooltip=[
                alt.Tooltip("loss:N"),
                alt.Tooltip("rate:Q"),
                encoding.tip("value", "median"),
                chosen,
                alt.Tooltip("seeds:Q"),
            ],
        ),
        crosses.mark_text(text="✕", fontSize=15, fontWeight="bold").encode(
            x=x,
            y=y,
            color=hue,
            tooltip=[alt.Tooltip("loss:N"), alt.Tooltip("rate:Q"), alt.Tooltip("said:N")],
        ),
        *encoding.names(list(last.values()), span, "rate:Q", y, hue),
    )


def _seeds(values: Values) -> encoding.Rows:
    return [
        {"loss": label, "rate": rate, "seed": seed, "value": rounded(value)}
        for label, rates in values.items()
        for rate, at in rates.items()
        for seed, value in at.items()
    ]


def _middles(result: Result, values: Values) -> encoding.Rows:
    chosen = {label: reading.times_chosen(result, label) for label in values}
    return [
        {
            "loss": label,
            "rate": rate,
            "value": rounded(median([*at.values()])),
            "chosen": chosen[label].get(rate, 0),
            "seeds": len(at),
        }
        for label, rates in values.items()
        for rate, at in rates.items()
        if at
    ]


def _lost(result: Result, values: Values) -> encoding.Rows:
    """Give the learning rates at which some seeds have no value."""
    seeds = len(result["seeds"])
    return [
        {"loss": label, "rate": rate, "said": f"{seeds - len(at)} of {seeds} failed"}
        for label, rates in values.items()
        for rate, at in rates.items()
        if len(at) < seeds
    ]


def _words(result: Result) -> list[str]:
    said = []
    for label in reading.labels(result):
        chosen = reading.times_chosen(result, label)
        if chosen:
            rate = max(chosen, key=lambda r: chosen[r])
            seeds = count(sum(chosen.values()), "seed")
            said.append(f"{label}: {plain(rate)} was chosen by {chosen[rate]} of {seeds}.")
    return said


def _numbers(result: Result, values: Values) -> Numbers:
    title = reading.metric_title(result)
    rows = []
    for label, rates in values.items():
        chosen = reading.times_chosen(result, label)
        for rate, at in rates.items():
            found = [*at.values()]
            lost = len(result["seeds"]) - len(found)
            reach = encoding.reach(found) if found else NOTHING
            rows.append(
                [
                    label,
                    plain(rate),
                    encoding.middle(found),
                    reach,
                    str(chosen.get(rate, 0)),
                    str(lost),
                ]
            )
    heads = ["trained with", "learning rate", f"median {title}", "seeds", "chosen by", "failed"]
    return Numbers(heads, rows)
