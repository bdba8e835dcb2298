"""Where it ended: every seed's result on its test rows, one seed joined across the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, count, rounded
from losscope.report.scales import Span
from losscope.report.words import better_word

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

Values = dict[str, dict[int, float]]  # loss -> seed -> value


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw every seed's result; None where there is none."""
    every = {label: reading.per_seed(result, label) for label in reading.labels(result)}
    values = {label: found for label, found in every.items() if found}
    if not values:
        return None
    return Picture(
        key="results",
        title=f"Where it ended: {reading.metric_title(result)} on rows never trained on",
        chart=_chart(result, palette, values),
        caption="Each mark is one seed on its test rows at the last epoch, and each line joins "
        "the runs of one seed: same split, same batches, same start. The bar is the mean; "
        f"{better_word(result)}. Point at a mark to follow its seed.",
        words=[
            f"{label}: mean {brief(_mean(found))}, {encoding.reach([*found.values()])}, "
            f"{count(len(found), 'seed')}."
            for label, found in values.items()
        ],
        numbers=Numbers(
            ["seed", *values],
            [[str(s), *[brief(v.get(s)) for v in values.values()]] for s in result["seeds"]],
        ),
    )


def _chart(result: Result, palette: Palette, values: Values) -> alt.LayerChart:
    labels = reading.labels(result)
    title = reading.metric_title(result)
    seeds: encoding.Rows = [
        {"loss": label, "seed": seed, "value": rounded(value), "place": labels.index(label)}
        for label, found in values.items()
        for seed, value in found.items()
    ]
    means = [{"loss": label, "value": rounded(_mean(found))} for label, found in values.items()]
    span = Span.over(row["value"] for row in seeds)
    x = encoding.across("value:Q", span, f"{title} on test rows")
    y = alt.Y(
        "loss:N",
        sort=labels,
        title=None,
        scale=alt.Scale(domain=labels),
        axis=alt.Axis(labelFontSize=13, labelColor=palette.ink, labelLimit=encoding.NAME_WIDTH),
    )
    here = alt.selection_point(
        fields=["seed"], on="pointerover", empty=False, name="seed_pointed_at"
    )
    data = encoding.rows(seeds).encode(x=x, y=y)
    paths = data.mark_line(color=palette.muted).encode(
        detail=alt.Detail("seed:N"),
        order=alt.Order("place:Q"),
        opacity=alt.condition(here, alt.value(1), alt.value(0.3)),
        strokeWidth=alt.condition(here, alt.value(2.2), alt.value(0.8)),
    )
    dots = data.mark_point(size=55, filled=True, opacity=0.85).encode(
        color=encoding.color(result, palette),
        shape=encoding.shape(result),
        tooltip=[alt.Tooltip("loss:N"), alt.Tooltip("seed:Q"), encoding.tip("value", title)],
    )
    bars = encoding.rows(means).mark_tick(thickness=3, size=26, color=palette.ink)
    return encoding.layered(
        paths,
        bars.encode(x=x, y=y, tooltip=[alt.Tooltip("loss:N"), encoding.tip("value", "mean")]),
        dots.add_params(here),
        height=40 + 44 * len(labels),
    )


def _mean(found: dict[int, float]) -> float:
    return sum(found.values()) / len(found)
