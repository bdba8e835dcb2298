"""The tables of a result: every run, a row a loss, the plain rows for scale, the cross table."""

from __future__ import annotations

import statistics as st
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import metrics, verdict
from losscope.comparison.baselines import CONSTANT, LINEAR
from losscope.comparison.found import number, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from losscope.comparison.found import Found
    from losscope.comparison.outcomes import Pair

# Parts of a run that the result holds in summary.
_ELSEWHERE = {"loss", "cross", "weighted", "labels", "elementwise", "decisions", "way"}


def runs(found: Found) -> list[dict[str, Any]]:
    """Every run: of each loss, seed and learning rate."""
    made = []
    for place, label in enumerate(found.labels):
        for seed, taken in zip(found.seeds, found.chosen.choices[place], strict=True):
            for rate in found.chosen.grids[place]:
                run = found.runner.run_of(seed, place, rate)
                kept = {key: value for key, value in run.items() if key not in _ELSEWHERE}
                kept["way"] = run["way"] if rate == taken else None
                made.append({"loss": label, "seed": seed, "chosen": rate == taken, **kept})
    return made


def table(found: Found, pairs: Sequence[Pair], cross: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each loss: its learning rates, metrics, and how it stands to the first loss."""
    made = []
    for place, label in enumerate(found.labels):
        rates = [rate for rate in found.chosen.choices[place] if rate is not None]
        against = next((p for p in pairs if {p.a, p.b} == {found.labels[0], label}), None)
        made.append(
            {
                "loss": label,
                "learning_rates": {
                    "median": st.median_low(rates) if rates else None,
                    "counts": {f"{rate:g}": n for rate, n in sorted(Counter(rates).items())},
                },
                "metrics": _measured(found, place, "last"),
                "best_epoch": {"metrics": _measured(found, place, "best")},
                "relative_to_constant": {
                    other: value / best if value is not None and best else None
                    for other, value, best in zip(
                        cross["losses"], cross["rows"][place], cross["constant"], strict=True
                    )
                },
                "minus_reference": (
                    verdict.minus_reference(against, label, found.metric) if against else None
                ),
            }
        )
    return made


def _measured(found: Found, place: int, at: str) -> dict[str, Any]:
    return {
        metric.name: spread(found.per_seed(place, at, metric.name))
        for metric in metrics.shown(found.runner.job.plan.task, found.metric)
    }


def baselines(found: Found) -> list[dict[str, Any]]:
    """The two plain rows for scale."""
    task = found.runner.job.plan.task
    each = [found.runner.extras_of(seed, "baselines")["metrics"] for seed in found.seeds]
    return [
        {
            "title": title,
            "metrics": {
                metric.name: spread(np.array([number(one[title].get(metric.name)) for one in each]))
                for metric in metrics.shown(task, found.metric)
            },
        }
        for title in (LINEAR[task], CONSTANT)
    ]


def cross_table(found: Found) -> dict[str, Any]:
    """Trained with i, measured by j: mean over seeds, and that of j's best constant prediction."""
    keys = found.runner.job.keys
    constants = [found.runner.extras_of(seed, "baselines")["constants"] for seed in found.seeds]

    def mean(of: Callable[[str], list[float]]) -> list[float | None]:
        return [spread(np.array(of(key), dtype=np.float64))["mean"] for key in keys]

    rows = []
    for place in range(len(keys)):
        runs = [run for run in found.chosen_runs(place) if run is not None]
        rows.append(mean(lambda key, runs=runs: [number(run["cross"].get(key)) for run in runs]))  # type: ignore[misc]
    return {
        "losses": found.labels,
        "rows": rows,
        "constant": mean(lambda key: [number(one[key]) for one in constants]),
    }
