"""Read a comparison's result: which runs were chosen, their curves, what was measured.

A result is the dictionary of `Comparison.to_dict()`. Values that are missing (a run that failed,
a metric that a loss cannot have) are left out here once, so that nobody else needs to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from losscope.report.numbers import finite

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Curve:
    """One run's primary metric on its validation rows; epoch 0 is before training."""

    loss: str
    seed: int
    learning_rate: float
    values: tuple[float | None, ...]


def labels(result: Result) -> list[str]:
    """Give the losses' labels, as the user typed them and in that order."""
    return [loss["label"] for loss in result["losses"]]


def loss_of(result: Result, label: str) -> Mapping[str, Any]:
    """Give the entry of one loss."""
    found: Mapping[str, Any] = next(loss for loss in result["losses"] if loss["label"] == label)
    return found


def metric_title(result: Result) -> str:
    """Give the primary metric's title, such as `log-loss`."""
    return str(result["metric"]["title"])


def other_metrics(result: Result) -> list[Mapping[str, Any]]:
    """Give the descriptive metrics: all but the primary one."""
    return [m for m in result["metrics"] if m["name"] != result["metric"]["name"]]


def curves(result: Result) -> list[Curve]:
    """Give the validation curves of the runs that were chosen, without those that failed."""
    return [
        Curve(
            run["loss"],
            run["seed"],
            run["learning_rate"],
            tuple(map(finite, run["curves"]["valid_metric"])),
        )
        for run in result["runs"]
        if run["chosen"] and run["status"] == "ok" and run.get("curves", {}).get("valid_metric")
    ]


def failures(result: Result) -> list[Mapping[str, Any]]:
    """Give the runs that failed."""
    return [run for run in result["runs"] if run["status"] != "ok"]


def per_seed(result: Result, label: str) -> dict[int, float]:
    """Give the primary metric on test rows by seed, at the last epoch of each chosen run."""
    row = next(row for row in result["table"] if row["loss"] == label)
    measured = (row["metrics"].get(result["metric"]["name"]) or {}).get("per_seed") or []
    pairs = zip(result["seeds"], map(finite, measured), strict=False)
    return {seed: value for seed, value in pairs if value is not None}


def sensitivity(result: Result, label: str) -> dict[float, dict[int, float]]:
    """Give, for each learning rate, the primary metric on validation rows by seed (last epoch)."""
    name = result["metric"]["name"]
    found: dict[float, dict[int, float]] = {}
    for run in result["runs"]:
        if run["loss"] == label:
            at = found.setdefault(run["learning_rate"], {})
            value = finite(((run.get("last") or {}).get("valid") or {}).get(name))
            if run["status"] == "ok" and value is not None:
                at[run["seed"]] = value
    return dict(sorted(found.items()))


def ways(result: Result, label: str) -> dict[int, Mapping[str, Any]]:
    """Give what was recorded on the way of each seed's chosen run."""
    return {
        run["seed"]: run["way"]
        for run in result["runs"]
        if run["loss"] == label and run["chosen"] and run["status"] == "ok" and run.get("way")
    }


def times_chosen(result: Result, label: str) -> dict[float, int]:
    """Say how many seeds chose each learning rate of this loss."""
    found: dict[float, int] = {}
    for run in result["runs"]:
        if run["loss"] == label and run["chosen"]:
            found[run["learning_rate"]] = found.get(run["learning_rate"], 0) + 1
    return found


def relative(result: Result) -> list[list[float | None]]:
    """Give the cross table with each column divided by its loss's best constant prediction."""
    cross = result["cross_table"]
    constant = [finite(c) for c in cross["constant"]]
    return [
        [
            None if value is None or not best else value / best
            for value, best in zip(map(finite, row), constant, strict=True)
        ]
        for row in cross["rows"]
    ]


def measured_by(result: Result) -> list[str]:
    """Give the labels that the cross table's rows and columns stand for."""
    return list(result["cross_table"]["losses"])
