"""What stands below the table: decisions, other weightings, labels apart, two accuracies, steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from losscope.report.charts.picture import Numbers
from losscope.report.numbers import brief, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from losscope.report.reading import Result

_DECISION_WORDS = {
    "f1": "F1", "precision": "precision", "recall": "recall", "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy", "cost": "cost of a row",
}  # fmt: skip


@dataclass(frozen=True)
class Aside:
    """A short section: its title, sentences, and a table or none."""

    key: str
    title: str
    sentences: Sequence[str]
    numbers: Numbers | None


def asides(result: Result) -> list[Aside]:
    """Give the asides for which the result holds something."""
    return [*_decisions(result), *_reach(result), *_accuracies(result), *_weighted(result),
            *_labels(result)]  # fmt: skip


def _mean(spread: Any) -> str:
    return brief((spread or {}).get("mean"), 3)


def _decisions(result: Result) -> Iterator[Aside]:
    told = result.get("decisions")
    if not told or not any(row["chosen"] for row in told["rows"]):
        return
    rows = [row for row in told["rows"] if row["chosen"]]
    names = list(rows[0]["chosen"])
    one = all(len(row["thresholds"]) == 1 for row in rows)
    classes = result["data"]["task"] == "multiclass"
    kinds = (
        (("least expected cost", "chosen"), ("largest probability", "plain"))
        if classes
        else (("chosen on validation rows", "chosen"), ("one half", "plain"))
    )
    table = [
        [
            row["loss"],
            said
            + (f": {_mean(row['thresholds'][0])} on average" if one and kind == "chosen" else ""),
            *[_mean(row[kind][name]) for name in names],
        ]
        for row in rows
        for said, kind in kinds
    ]
    what = "decided by" if classes else "threshold"
    heads = ["trained with", what, *[_DECISION_WORDS.get(name, name) for name in names]]
    title = "Decisions" if classes else f"Decisions: a threshold chosen for {told['title']}"
    yield Aside("decisions", title, told["sentences"], Numbers(heads, table))


def _reach(result: Result) -> Iterator[Aside]:
    told = result.get("reach")
    if told and told["sentence"] and len(result["losses"]) > 1:
        yield Aside("reach", "How soon", [told["sentence"]], None)


def _accuracies(result: Result) -> Iterator[Aside]:
    told = result.get("two_accuracies")
    if told and told["trapped"]:
        rows = [
            [row["loss"], *[f"{100 * row[k]:.1f} %" for k in ("accuracy", "elementwise")]]
            for row in told["rows"]
        ]
        rows.append(["no class at all", "0.0 %", f"{100 * told['nothing']:.1f} %"])
        heads = ["trained with", "accuracy: rows right", "“accuracy”: entries right"]
        yield Aside("accuracies", "Two accuracies", [told["sentence"]], Numbers(heads, rows))


def _weighted(result: Result) -> Iterator[Aside]:
    for at, told in enumerate(result.get("weighted") or []):
        plain_rows = {row["loss"]: row["metrics"] for row in result["table"]}
        metrics = [m for m in result["metrics"] if m["name"] in told["rows"][0]["metrics"]][:5]
        rows = [
            [
                row["loss"],
                *[_beside(row["metrics"], plain_rows[row["loss"]], m["name"]) for m in metrics],
            ]
            for row in told["rows"]
        ]
        said = (
            "The same networks and rows; only the weights of the rows in the metric differ. In "
            "brackets the figures of the table above."
        )
        yield Aside(
            f"weighted-{at}",
            f"Metrics with test rows {told['by']}" if told["by"].startswith("weighted")
            else f"Metrics with {told['by']}, without sample weights",
            [said],
            Numbers(["trained with", *[m["title"] for m in metrics]], rows),
        )  # fmt: skip


def _beside(weighted: Any, plainly: Any, name: str) -> str:
    return f"{_mean(weighted[name])} ({_mean(plainly.get(name))})"


def _labels(result: Result) -> Iterator[Aside]:
    told = result.get("per_label") or []
    if not told:
        return
    classes = list(result["data"]["classes"])
    words = {"ece": "calibration error", "average_precision": "average precision", "f1": "F1"}
    rows = [
        [row["loss"], name, *[_mean(row[key][k]) for key in words]]
        for row in told
        for k, name in enumerate(classes)
        if k < len(row["ece"])
    ]
    kind = "label" if result["data"]["task"] == "multilabel" else "class"
    against = "" if kind == "label" else ", each against the rest"
    yield Aside(
        "labels",
        f"Each {kind} by itself",
        [f"Test rows, mean over {plain(len(result['seeds']))} seeds{against}."],
        Numbers(["trained with", kind, *words.values()], rows),
    )


def threshold_sentences(result: Result) -> list[str]:
    """Give the sentences that a terminal must say: on costs, on weighting, on a false accuracy."""
    told = result.get("decisions") or {"sentences": [], "cost_matrix": []}
    weighing = [said for said in told["sentences"] if said.startswith("Weighting")][:1]
    chosen = result["verdict"]["chosen"]
    own = [said for said in told["sentences"] if said.startswith(f"{chosen}:")]
    trap = result.get("two_accuracies") or {}
    return [
        *(own if told["cost_matrix"] else []),
        *weighing,
        *([trap["sentence"]] if trap.get("trapped") else []),
    ]
