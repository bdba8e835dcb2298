"""From the records of a comparison to its result: the dictionary that everything else reads."""

from __future__ import annotations

import math
import statistics as st
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from losscope.comparison import (
    decided,
    environment,
    equations,
    learned,
    metrics,
    tables,
    verdict,
    way,
    weighting,
)
from losscope.comparison.found import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.found import Found
    from losscope.comparison.job import Job
    from losscope.comparison.verdict import Verdict


@dataclass(frozen=True)
class Ahead:
    """What no run changes, and can be told before they are done."""

    equations: dict[str, Any]
    differing: tuple[str, ...]
    count: int
    derivatives: dict[str, Any]


def ahead(job: Job, labels: Sequence[str]) -> Ahead:
    """Equations and derivatives of the losses."""
    return Ahead(*equations.of(job, labels), way.derivatives(job, labels))


def result(
    found: Found,
    told: Ahead,
    *,
    metric_given: bool,
    notices: Sequence[str],
    command: str,
    seconds: float,
) -> tuple[dict[str, Any], Verdict]:
    """Give the whole result as plain JSON (NaN is null), and the verdict it holds."""
    from losscope import __version__

    job = found.runner.job
    judged = _verdict(found, told.differing, told.count)
    cross = tables.cross_table(found)
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
        "runs": tables.runs(found),
        "table": tables.table(found, judged.pairs, cross),
        "baselines": tables.baselines(found),
        "cross_table": cross,
        "decisions": decided.of(found),
        "weighted": way.weighted(found),
        "per_label": way.per_label(found),
        "two_accuracies": way.two_accuracies(found),
        "reach": way.reach(found),
        "derivatives": told.derivatives,
        "plane": found.runner.extras_of(found.seeds[0], "baselines")["plane"],
        "verdict": judged.to_dict(),
        "equations": told.equations,
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
            None if run is None else [number(v) for v in run["curves"]["valid_metric"]]
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
            "takes": {f: weighting.fed(loss, f, one.output) for f in ("torch", "keras")},
        }
        for one, loss in zip(found.asked, first, strict=True)
    ]


def _strict(value: Any) -> Any:
    """JSON has no NaN and no infinity: null stands for them."""
    if type(value) is float:  # nearly all of a quarter of a million values
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _strict(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
