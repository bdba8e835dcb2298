"""Each picture with what a reader needs who cannot see it: a caption, sentences, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from losscope.report import reading
from losscope.report.numbers import NOTHING, brief, count, median, plain, probability, quantile
from losscope.report.reading import Result
from losscope.report.words import MODES, better_word, outcome

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class Numbers:
    """A small table: the words above the columns, then one row of words after another."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A chart, what it shows, and what it says in words and in numbers."""

    key: str
    title: str
    chart: alt.LayerChart
    caption: str
    words: Sequence[str]
    numbers: Numbers


def pictures(result: Result, palette: Any = None) -> list[Picture]:
    """Give the pictures of a result, without those for which it holds nothing to draw."""
    from losscope.report import charts
    from losscope.report.theme import LIGHT

    made = []
    for draw, tell in (
        (charts.learning_curves, _learning_curves),
        (charts.results, _results),
        (charts.differences, _differences),
        (charts.sensitivity, _sensitivity),
    ):
        chart = draw(result, palette or LIGHT)
        if chart is not None:
            made.append(tell(result, chart))
    return made


def _learning_curves(result: Result, chart: alt.LayerChart) -> Picture:
    from losscope.report.charts import thinning

    found = reading.curves(result)
    step = thinning(found)
    title = reading.metric_title(result)
    words, rows = [], []
    last = max(len(c.values) for c in found) - 1
    at = sorted({0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} & set(range(last)) | {last})
    for label in reading.labels(result):
        known = {
            e: [c.values[e] for c in found if c.loss == label and e < len(c.values) and c.values[e] is not None]
            for e in at
        }
        rows.append([label, *[_middle(known[e]) for e in at]])
        if known[0] and known[last]:
            words.append(
                f"{label}: {_middle(known[0])} before training, {_middle(known[last])} after "
                f"{count(last, 'epoch')} (median of {count(len(known[last]), 'seed')}; "
                f"{_range(known[last])})."
            )
    every = f" Drawn at every {step}th epoch." if step > 1 else ""
    return Picture(
        key="learning-curves",
        title=f"The way it learned: {title} by epoch",
        chart=chart,
        caption=f"Each thin line is one seed at its learning rate; the thick line is the median over seeds "
        f"and the band holds the middle half of them. Validation rows; {better_word(result)}; "
        f"epoch 0 is before training, where the losses start from the same weights.{every}",
        words=words,
        numbers=Numbers(["median at epoch", *[str(e) for e in at]], rows),
    )


def _results(result: Result, chart: alt.LayerChart) -> Picture:
    title = reading.metric_title(result)
    values = {label: reading.per_seed(result, label) for label in reading.labels(result)}
    words = [
        f"{label}: mean {brief(sum(v.values()) / len(v))}, {_range([*v.values()])}, {count(len(v), 'seed')}."
        for label, v in values.items()
        if v
    ]
    rows = [[str(s), *[brief(v.get(s)) for v in values.values()]] for s in result["seeds"]]
    return Picture(
        key="results",
        title=f"Where it ended: {title} on rows never trained on",
        chart=chart,
        caption="Each mark is one seed on its test rows at the last epoch, and each line joins the runs of one "
        f"seed: same split, same batches, same start. The bar is the mean; {better_word(result)}. "
        "Point at a mark to follow its seed.",
        words=words,
        numbers=Numbers(["seed", *values], rows),
    )


def _differences(result: Result, chart: alt.LayerChart) -> Picture:
    from losscope.report.charts import drawn_pairs

    title, metric = reading.metric_title(result), result["metric"]
    pairs = result["verdict"]["result"]["pairs"]
    few = len(drawn_pairs(result)) < len(pairs)
    sign = "above" if metric["greater_is_better"] else "below"
    margin = brief(metric.get("margin"), 3)
    return Picture(
        key="differences",
        title="Which differences hold",
        chart=chart,
        caption=f"Difference in mean {title} between two losses, with its 95 % interval, paired by seed and "
        f"corrected for re-splitting one table (Nadeau and Bengio). {sign.capitalize()} 0 the first one named "
        f"is better. Within the grey band, ±{margin}, a difference is too small to matter."
        + (f" Pairs with {reading.labels(result)[0]} are drawn; the numbers hold all." if few else ""),
        words=[
            f"{p['a']} and {p['b']}: {outcome(p)}." for p in pairs
        ],
        numbers=Numbers(
            ["pair", "outcome", "difference", "95 % from", "to", "p", "p (Holm)"],
            [
                [f"{p['a']} − {p['b']}", outcome(p),
                 *[brief(p.get(k), 3) for k in ("difference", "low", "high")],
                 *[probability(p.get(k)) for k in ("p", "p_holm")]]
                for p in pairs
            ],
        ),
    )  # fmt: skip


def _sensitivity(result: Result, chart: alt.LayerChart) -> Picture:
    title = reading.metric_title(result)
    words, rows = [], []
    for label in reading.labels(result):
        chosen = reading.times_chosen(result, label)
        if favourite := max(chosen, key=lambda rate: chosen[rate], default=None):
            words.append(
                f"{label}: {plain(favourite)} was chosen by {chosen[favourite]} of {count(sum(chosen.values()), 'seed')}."
            )
        for rate, at in reading.sensitivity(result, label).items():
            found = [*at.values()]
            rows.append([label, plain(rate), _middle(found), _range(found) if found else NOTHING,
                         str(chosen.get(rate, 0)), str(len(result["seeds"]) - len(found))])  # fmt: skip
    failed = " A cross marks runs that failed." if reading.failures(result) else ""
    mode = MODES.get(result["learning_rates"]["mode"], result["learning_rates"]["mode"])
    return Picture(
        key="sensitivity",
        title="How much the learning rate matters",
        chart=chart,
        caption=f"{title[:1].upper()}{title[1:]} on validation rows after the last epoch, for each learning rate: "
        f"small marks are seeds, the line is their median, and a mark on it is larger the more seeds chose that "
        f"rate. Learning rates: {mode}.{failed}",
        words=words,
        numbers=Numbers(["trained with", "learning rate", f"median {title}", "seeds range", "chosen by", "failed"], rows),
    )  # fmt: skip


def _middle(values: Sequence[Any]) -> str:
    return brief(median(values)) if values else NOTHING


def _range(values: Sequence[Any]) -> str:
    return f"from {brief(quantile(values, 0))} to {brief(quantile(values, 1))}"
