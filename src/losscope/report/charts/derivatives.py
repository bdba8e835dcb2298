"""The line that the loss became: dℓ/dz as a curve, with training examples drawn on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, median, rounded
from losscope.report.scales import Span

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

_WIDE = 8.0  # how far curves go, where there is none to say it
_UNLIKE = 6.0  # times as large: then a common axis would hide the smaller
_SHOWN = (-6, -4, -2, 0, 2, 4)  # where the table gives the curves' values


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw the size of dℓ/dz over how far the score is on the right side; None without curves."""
    told = result.get("derivatives") or {"curves": {}}
    curves = {label: curve for label, curve in told["curves"].items() if curve}
    if not curves:
        return None
    examples = [row for label, curve in curves.items() for row in _examples(result, label, curve)]
    seed = examples[0]["seed"] if examples else None
    scaled = _scaled(result, curves, examples)
    return Picture(
        key="derivatives",
        title="How strongly an example teaches: dℓ/dz, and where the examples stood",
        chart=_chart(result, palette, curves, examples, scaled=scaled),
        caption=f"{_axis(result)[1]} The lines are the derivatives that ran. Hollow marks are "
        f"training examples before training, filled ones after it (seed {seed}, up to 40). "
        "Where a line lies on the floor at the left, an example is wrong and yet hardly teaches."
        + (
            " Each loss is divided by its own largest value, since their units differ."
            if scaled
            else ""
        ),
        words=_words(result, curves),
        numbers=_numbers(result, curves),
    )


_CLASSES = (
    "To the right an example is right and sure, to the left wrong and sure; a loss that treats the "
    "two classes differently has two lines, the thin one for the negative."
)
_EXCLUSIVE = (
    "To the right an example is right and sure, to the left wrong and sure. The line holds where "
    "the other classes are equally likely; examples may lie off it."
)


def _axis(result: Result) -> tuple[str, str]:
    """Give what the axis is called, and what it means."""
    task = result["data"]["task"]
    if task in {"binary", "multilabel"}:
        return "score z, counted towards the true class", _CLASSES
    if task == "multiclass":
        return "log-odds of the true class", _EXCLUSIVE
    return result["derivatives"]["over"], "At zero the prediction is the target."


def _folds(result: Result) -> bool:
    return result["data"]["task"] in {"binary", "multilabel"}


def _points(result: Result, curve: Any) -> encoding.Rows:
    """Fold both classes onto one axis: how far z is on the true class's side."""
    return [
        {
            "x": rounded((1 if kind == "1" else -1) * x if _folds(result) else x),
            "value": rounded(abs(slope)),
            "kind": kind,
        }
        for kind, points in curve.items()
        for x, slope in points
    ]


def _examples(result: Result, label: str, curve: Any) -> encoding.Rows:
    """Give one seed's examples; those further out than the curve stand at its ends."""
    ways = reading.ways(result, label)
    if not ways:
        return []
    points = _points(result, curve)
    wide = max((abs(point["x"]) for point in points), default=_WIDE)
    top = max((point["value"] for point in points), default=0.0)
    seed = min(ways)
    found = []
    for moment, at in zip(ways[seed]["moments"], ways[seed]["examples"], strict=True):
        for x, slope, kind in at or []:
            side = x if kind or not _folds(result) else -x
            found.append(
                {
                    "loss": label,
                    "seed": seed,
                    "x": rounded(min(max(side, -wide), wide)),
                    "value": rounded(abs(slope) if abs(side) <= wide else min(abs(slope), top)),
                    "epoch": moment,
                }
            )
    return found


def _tops(result: Result, curves: Any) -> dict[str, float]:
    """Give each curve's largest value."""
    return {
        label: max((p["value"] for p in _points(result, curve)), default=0.0)
        for label, curve in curves.items()
    }


def _scaled(result: Result, curves: Any, examples: encoding.Rows) -> bool:
    """Divide examples by their curve's largest value where the curves are of unlike size."""
    tops = _tops(result, curves)
    known = [top for top in tops.values() if top > 0]
    if not known or max(known) < _UNLIKE * min(known):
        return False
    for row in examples:
        row["value"] = rounded(row["value"] / (tops[row["loss"]] or 1.0))
    return True


def _chart(
    result: Result, palette: Palette, curves: Any, examples: encoding.Rows, *, scaled: bool
) -> alt.LayerChart:
    tops = _tops(result, curves)
    lines = [
        {
            "loss": label,
            **point,
            "value": rounded(point["value"] / (tops[label] or 1.0)) if scaled else point["value"],
        }
        for label, curve in curves.items()
        for point in sorted(_points(result, curve), key=lambda p: (p["kind"], p["x"]))
    ]
    last = max((row["epoch"] for row in examples), default=0)
    every = [*lines, *examples]
    span = Span.over((row["value"] for row in every), log=False)
    across = Span.over((row["x"] for row in every), log=False)
    x = encoding.across("x:Q", across, _axis(result)[0])
    title = "size of dℓ/dz" + (", as a share of each loss's largest" if scaled else "")
    y = encoding.upward("value:Q", span, title)
    hue, form = encoding.color(result, palette), encoding.shape(result)
    data = encoding.rows(lines).encode(x=x, y=y, color=hue, detail=alt.Detail("kind:N"))
    marks = {
        "x": x,
        "y": y,
        "color": hue,
        "shape": form,
        "tooltip": [
            alt.Tooltip("loss:N"),
            alt.Tooltip("epoch:Q"),
            encoding.tip("x", "place"),
            encoding.tip("value"),
        ],
    }
    before = encoding.rows([row for row in examples if row["epoch"] == 0 and last > 0])
    after = encoding.rows([row for row in examples if row["epoch"] == last])
    ends = [
        max((row for row in lines if row["loss"] == label and row["kind"] == "1"),
            key=lambda row: -row["x"])
        for label in curves
    ]  # fmt: skip
    return encoding.layered(
        data.mark_line(strokeWidth=2.4)
        .transform_filter("datum.kind == '1'")
        .encode(strokeDash=encoding.dash(result)),
        data.mark_line(strokeWidth=1, opacity=0.7)
        .transform_filter("datum.kind == '0'")
        .encode(strokeDash=encoding.dash(result)),
        before.mark_point(size=34, filled=False, opacity=0.75).encode(**marks),
        after.mark_point(size=34, filled=True, opacity=0.8).encode(**marks),
        *_names(ends, span, {"x": x, "y": y}, hue, palette.paper),
    )


def _names(
    ends: encoding.Rows, span: Span, axes: dict[str, Any], hue: alt.Color, paper: str
) -> tuple[alt.Chart, alt.Chart]:
    """Write names at the left ends, where losses differ most, kept apart and inside.

    The lines begin there too: a rim in the colour of the paper keeps each name off them.
    """
    from losscope.report.scales import spread_out

    places = spread_out([span.share(row["value"]) + 0.03 for row in ends], 15 / encoding.HEIGHT)
    moved = [{**row, "value": span.value(p)} for row, p in zip(ends, places, strict=True)]
    looks = {"align": "left", "dx": 4, "fontSize": 13, "fontWeight": 600}
    looks["limit"] = encoding.NAME_WIDTH
    named = encoding.rows(moved).encode(**axes, text=alt.Text("loss:N"))
    rim = named.mark_text(**looks, stroke=paper, strokeWidth=5, strokeJoin="round")
    return rim, named.mark_text(**looks).encode(color=hue)


def _at(points: encoding.Rows, place: float) -> float | None:
    near = min(points, key=lambda p: abs(p["x"] - place), default=None)
    return None if near is None or abs(near["x"] - place) > 0.3 else float(near["value"])


def _words(result: Result, curves: Any) -> list[str]:
    said = []
    for label, curve in curves.items():
        points = [p for p in _points(result, curve) if p["kind"] == "1"]
        ways = [way["quiet"] for way in reading.ways(result, label).values()]
        known = [q[-1] for q in ways if q[-1] is not None]
        quiet = f"; {100 * median(known):.0f} % of the examples hardly teach" if known else ""
        far, middle = (brief(_at(points, place), 3) for place in (-4, 0))
        said.append(f"{label}: {far} at −4, {middle} at 0{quiet} after training.")
    return said


def _numbers(result: Result, curves: Any) -> Numbers:
    rows = []
    for label, curve in curves.items():
        points = [p for p in _points(result, curve) if p["kind"] == "1"]
        rows.append([label, *[brief(_at(points, place), 3) for place in _SHOWN]])
    heads = [f"at {place}".replace("-", "−") for place in _SHOWN]
    return Numbers(["size of dℓ/dz", *heads], rows)
