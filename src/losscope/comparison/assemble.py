"""From the records of a comparison to its result: the dictionary that everything else reads."""

from __future__ import annotations

import math
import statistics as st
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import (
    decided,
    environment,
    equations,
    learned,
    metrics,
    outcomes,
    verdict,
    way,
    weighting,
)
from losscope.comparison.baselines import CONSTANT, LINEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from losscope.comparison.metrics import Metric
    from losscope.comparison.outcomes import Pair
    from losscope.comparison.request import Asked
    from losscope.comparison.rounds import Chosen
    from losscope.comparison.runner import Runner
    from losscope.comparison.statistics import Array
    from losscope.comparison.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Found:
    """All that was found, with the questions that several parts of the result ask of it."""

    runner: Runner
    asked: tuple[Asked, ...]
    chosen: Chosen
    metric: Metric

    @property
    def labels(self) -> list[str]:
        """The losses as the user typed them."""
        return [one.label for one in self.asked]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The plan's seeds."""
        return self.runner.job.plan.seeds

    def chosen_runs(self, place: int) -> list[dict[str, Any] | None]:
        """The run each seed chose for a loss; None where all of them failed."""
        return [
            None if rate is None else self.runner.run_of(seed, place, rate)
            for seed, rate in zip(self.seeds, self.chosen.choices[place], strict=True)
        ]

    def per_seed(self, place: int, at: str, metric: str) -> Array:
        """A metric on test rows of each seed's chosen run, at the "last" or "best" epoch."""
        values = [
            math.nan if run is None else _number(run[at]["test"].get(metric))
            for run in self.chosen_runs(place)
        ]
        return np.array(values, dtype=np.float64)

    def pairs(self, at: str) -> tuple[Pair, ...]:
        """Every pair judged by the primary metric."""
        values = {
            label: self.per_seed(place, at, self.metric.name)
            for place, label in enumerate(self.labels)
        }
        return outcomes.judge(
            values,
            greater_is_better=self.metric.greater_is_better,
            ratio=self.ratio,
            margin=self.runner.job.plan.margin,
        )

    @property
    def ratio(self) -> float:
        """Test rows divided by training rows, mean over seeds."""
        rows = [self.runner.extras_of(seed, "baselines")["rows"] for seed in self.seeds]
        return float(np.mean([test / train for train, _, test in rows]))


def result(
    found: Found,
    *,
    metric_given: bool,
    notices: Sequence[str],
    command: str,
    seconds: float,
) -> tuple[dict[str, Any], Verdict]:
    """Give the whole result as plain JSON (NaN is null), and the verdict it holds."""
    from losscope import __version__

    job = found.runner.job
    equation_dict, differing, n_equations = equations.of(job, found.labels)
    judged = _verdict(found, differing, n_equations)
    cross = _cross_table(found)
    whole = {
        "losscope": __version__,
        "name": job.plan.name,
        "plan": job.plan.to_dict(),
        "environment": environment.describe(job.plan.precision, job.engine),
        "data": _data(found),
        "network": {
            key: job.plan.to_dict()[key]
            for key in (
                "layers",
                "activation",
                "output",
                "initializer",
                "optimizer",
                "epochs",
                "batch_size",
                "l2",
                "precision",
            )
        },
        "metric": {
            **found.metric.to_dict(),
            "chosen": "given" if metric_given else "default",
            "margin": job.plan.margin,
        },
        "metrics": [m.to_dict() for m in metrics.shown(job.plan.task, found.metric)],
        "losses": _losses(found),
        "learning_rates": {
            "mode": job.plan.learning_rates.mode,
            "grid": list(job.plan.learning_rates.grid),
            "grids": dict(zip(found.labels, map(list, found.chosen.grids), strict=True)),
            "extended": {
                label: list(added)
                for label, added in zip(found.labels, found.chosen.added, strict=True)
                if added
            },
        },
        "seeds": list(found.seeds),
        "runs": _runs(found),
        "table": _table(found, judged.pairs, cross),
        "baselines": _baselines(found),
        "cross_table": cross,
        "decisions": decided.of(found, _spread),
        "weighted": way.weighted(found, _spread),
        "per_label": way.per_label(found, _spread),
        "two_accuracies": way.two_accuracies(found),
        "reach": way.reach(found),
        "derivatives": way.derivatives(found),
        "plane": found.runner.extras_of(found.seeds[0], "baselines")["plane"],
        "verdict": judged.to_dict(),
        "equations": equation_dict,
        "notices": [*job.dataset.notices, *notices],
        "command": command,
        "seconds": seconds,
    }
    strict: dict[str, Any] = _strict(whole)
    return strict, judged


def _verdict(found: Found, differing: tuple[str, ...], n_equations: int) -> Verdict:
    pairs = found.pairs("last")
    values = {
        label: found.per_seed(place, "last", found.metric.name)
        for place, label in enumerate(found.labels)
    }
    said = verdict.sentences(
        pairs, values, found.metric, found.runner.job.plan.margin, found.pairs("best")
    )
    return verdict.Verdict(
        learning=learned.judge(_curves(found), _starts(found), found.labels[0], found.metric),
        pairs=pairs,
        sentences=said,
        chosen=verdict.chosen(pairs, values, found.metric),
        differing=differing,
        equations=n_equations,
    )


def _curves(found: Found) -> dict[str, list[list[float] | None]]:
    return {
        label: [
            None if run is None else [_number(v) for v in run["curves"]["valid_metric"]]
            for run in found.chosen_runs(place)
        ]
        for place, label in enumerate(found.labels)
    }


def _starts(found: Found) -> list[learned.Start]:
    keys = found.runner.job.keys
    starts = [found.runner.extras_of(seed, "start") for seed in found.seeds]
    made = []
    for label, key in zip(found.labels[1:], keys[1:], strict=True):
        cosines = [s["cosines"][keys[0]][key] for s in starts]
        usable = [
            (s["lengths"][key] / s["lengths"][keys[0]], math.degrees(math.acos(cosine)))
            for s, cosine in zip(starts, cosines, strict=True)
            if cosine is not None
        ]
        if usable:
            times, degrees = (st.median(column) for column in zip(*usable, strict=True))
            made.append(learned.Start(label, times, degrees))
        else:
            made.append(learned.Start(label, math.nan, None))
    return made


def _data(found: Found) -> dict[str, Any]:
    dataset = found.runner.job.dataset
    return {
        "name": dataset.name,
        "task": dataset.task,
        "rows": dataset.n_rows,
        "columns": list(dataset.columns),
        "features": dataset.n_features,
        "classes": list(dataset.classes),
        "class_counts": list(dataset.class_counts),
        "positive": dataset.positive,
        "target_names": list(dataset.target_names),
        "fingerprint": dataset.fingerprint,
        "notices": list(dataset.notices),
        "split": dataset.split,
        "sizes": dict(
            zip(
                ("train", "valid", "test"),
                found.runner.extras_of(found.seeds[0], "baselines")["rows"],
                strict=True,
            )
        ),
    }


def _losses(found: Found) -> list[dict[str, Any]]:
    """Every loss as asked, resolved, spelled elsewhere; weights as the first seed has them."""
    from losscope.comparison.request import resolution

    plan, dataset = found.runner.job.plan, found.runner.job.dataset
    first = weighting.fitted(found.runner.job.losses, dataset.fold(found.seeds[0]).Y_train)
    return [
        {
            "label": one.label,
            "name": one.loss.name,
            "spelling": one.loss.spelling,
            "title": one.loss.title,
            "output": one.output,
            "own_output": one.output != plan.output,
            "resolution": resolution(one, plan.task),
            "torch": weighting.in_torch(loss, one.output),
            "keras": loss.in_keras(one.output),
        }
        for one, loss in zip(found.asked, first, strict=True)
    ]


# Parts of a run that the result holds in summary.
_ELSEWHERE = {"loss", "cross", "weighted", "labels", "elementwise", "decisions", "way"}


def _runs(found: Found) -> list[dict[str, Any]]:
    made = []
    for place, label in enumerate(found.labels):
        for seed, taken in zip(found.seeds, found.chosen.choices[place], strict=True):
            for rate in found.chosen.grids[place]:
                run = found.runner.run_of(seed, place, rate)
                kept = {key: value for key, value in run.items() if key not in _ELSEWHERE}
                kept["way"] = run["way"] if rate == taken else None
                made.append({"loss": label, "seed": seed, "chosen": rate == taken, **kept})
    return made


def _table(found: Found, pairs: Sequence[Pair], cross: dict[str, Any]) -> list[dict[str, Any]]:
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
        metric.name: _spread(found.per_seed(place, at, metric.name))
        for metric in metrics.shown(found.runner.job.plan.task, found.metric)
    }


def _baselines(found: Found) -> list[dict[str, Any]]:
    task = found.runner.job.plan.task
    each = [found.runner.extras_of(seed, "baselines")["metrics"] for seed in found.seeds]
    return [
        {
            "title": title,
            "metrics": {
                metric.name: _spread(
                    np.array([_number(one[title].get(metric.name)) for one in each])
                )
                for metric in metrics.shown(task, found.metric)
            },
        }
        for title in (LINEAR[task], CONSTANT)
    ]


def _cross_table(found: Found) -> dict[str, Any]:
    """Trained with i, measured by j: mean over seeds, and that of j's best constant prediction."""
    keys = found.runner.job.keys
    constants = [found.runner.extras_of(seed, "baselines")["constants"] for seed in found.seeds]

    def mean(of: Callable[[str], list[float]]) -> list[float | None]:
        return [_spread(np.array(of(key), dtype=np.float64))["mean"] for key in keys]

    rows = []
    for place in range(len(keys)):
        runs = [run for run in found.chosen_runs(place) if run is not None]
        rows.append(mean(lambda key, runs=runs: [_number(run["cross"].get(key)) for run in runs]))  # type: ignore[misc]
    return {
        "losses": found.labels,
        "rows": rows,
        "constant": mean(lambda key: [_number(one[key]) for one in constants]),
    }


def _spread(values: Array) -> dict[str, Any]:
    finite = values[np.isfinite(values)]
    return {
        "mean": float(finite.mean()) if len(finite) else None,
        "std": float(finite.std(ddof=1)) if len(finite) > 1 else None,
        "per_seed": [float(v) if math.isfinite(v) else None for v in values],
    }


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _strict(value: Any) -> Any:
    """JSON has no NaN and no infinity: null stands for them."""
    if isinstance(value, dict):
        return {str(key): _strict(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
