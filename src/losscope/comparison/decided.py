"""Decisions in the result: thresholds, what they give, and a sentence on what weighting bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison.decisions import COST, HALF, TITLES, implied_threshold
from losscope.comparison.found import spread
from losscope.comparison.saying import figure

if TYPE_CHECKING:
    from losscope.comparison.found import Found


def of(found: Found) -> dict[str, Any] | None:
    """The "decisions" of the result; None where the plan asks for none."""
    plan = found.runner.job.plan
    if not plan.threshold:
        return None
    rows = [_row(found, place) for place in range(len(found.labels))]
    return {
        "for": plan.threshold,
        "title": TITLES[plan.threshold],
        "cost_matrix": [list(row) for row in plan.cost_matrix],
        "implied_threshold": implied_threshold(plan.cost_matrix),
        "rows": rows,
        "sentences": _sentences(found, rows),
    }


def _row(found: Found, place: int) -> dict[str, Any]:
    runs = [run and run["decisions"] for run in found.chosen_runs(place)]
    known = [run for run in runs if run]
    columns = len(known[0]["thresholds"]) if known else 0
    return {
        "loss": found.labels[place],
        "thresholds": [
            spread(np.array([run["thresholds"][k] if run else np.nan for run in runs]))
            for k in range(columns)
        ],
        **{
            kind: {
                name: spread(
                    np.array([_number(run[kind][name]) if run else np.nan for run in runs])
                )
                for name in (known[0][kind] if known else {})
            }
            for kind in ("chosen", "plain")
        },
    }


def _sentences(found: Found, rows: list[dict[str, Any]]) -> list[str]:
    plan = found.runner.job.plan
    if plan.task == "multiclass":
        return [
            f"{row['loss']}: each row decided by least expected cost costs "
            f"{_mean(row, 'chosen', COST)}, by the largest probability {_mean(row, 'plain', COST)}."
            for row in rows
            if row["chosen"]
        ]
    if plan.task != "binary":
        return []
    sentences = [_threshold(row, plan.threshold) for row in rows if row["chosen"]]
    implied = implied_threshold(plan.cost_matrix)
    if implied is not None:
        sentences.append(
            f"Were the probabilities right, these costs would ask for a threshold of "
            f"{figure(implied, 2)}."
        )
    weighted = [one.label for one in found.asked if _weighs(one.loss)]
    plain = next((r for r in rows if r["loss"] not in weighted and r["chosen"]), None)
    sentences += [
        _what_weighting_bought(row, plain)
        for row in rows
        if row["loss"] in weighted and row["chosen"] and plain
    ]
    return sentences


def _threshold(row: dict[str, Any], criterion: str) -> str:
    title = TITLES[criterion]
    return (
        f"{row['loss']}: {title} {_mean(row, 'chosen', criterion)} at the threshold chosen on "
        f"validation rows ({figure(row['thresholds'][0]['mean'], 2)} on average), "
        f"{_mean(row, 'plain', criterion)} at {HALF:g}."
    )


def _what_weighting_bought(row: dict[str, Any], plain: dict[str, Any]) -> str:
    """Weighting moves the threshold; whether it ranks better is the verdict's matter."""
    return (
        f"Weighting: recall at {HALF:g} is {_share(row, 'plain')} with {row['loss']}, "
        f"{_share(plain, 'plain')} with {plain['loss']}; {plain['loss']} at its own threshold of "
        f"{figure(plain['thresholds'][0]['mean'], 2)} has {_share(plain, 'chosen')} (precision "
        f"{_share(plain, 'chosen', 'precision')}, against {_share(row, 'plain', 'precision')})."
    )


def _weighs(loss: Any) -> bool:
    return bool({"pos_weight", "class_weights"} & set(loss.options))


def _mean(row: dict[str, Any], kind: str, name: str) -> str:
    return figure(row[kind][name]["mean"])


def _share(row: dict[str, Any], kind: str, name: str = "recall") -> str:
    mean = row[kind][name]["mean"]
    return "undefined" if mean is None else f"{100 * mean:.0f} %"


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)
