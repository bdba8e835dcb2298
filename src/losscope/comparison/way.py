"""What the loss did on the way, in the result: derivatives as curves, steps to a level, labels."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import weighting
from losscope.comparison.bins import short
from losscope.comparison.diagnosis import log_odds_of
from losscope.comparison.found import spread
from losscope.comparison.saying import article, count, figure, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.calibration import Array
    from losscope.comparison.found import Found
    from losscope.comparison.job import Job
    from losscope.losses import Loss

POINTS = 121
FAR = 8.0  # scores from −8 to 8: beyond, every loss is as it is there


def derivatives(job: Job, labels: Sequence[str]) -> dict[str, Any]:
    """dℓ/dz of each loss as a curve, for the examples to be drawn on, and what z stands for.

    One output: over z, a curve for each class. Exclusive classes: of the true class's score, over
    the log-odds of the true class, the others being equal. Values: over the residual.
    """
    first = job.dataset.fold(job.plan.seeds[0])
    losses = weighting.fitted(job.losses, first.Y_train)
    curves = {
        label: _curve(loss, output, job.plan.task, job.dataset.n_outputs)
        for label, loss, output in zip(labels, losses, job.outputs, strict=True)
    }
    return {"over": _over(job.plan.task), "curves": curves}


def _over(task: str) -> str:
    return {
        "binary": "z",
        "multilabel": "z",
        "multiclass": "log-odds of the true class",
        "regression": "residual, a − y (in standard deviations of y)",
        "counts": "residual, a − y",
    }[task]


def _curve(loss: Loss, output: str, task: str, outputs: int) -> dict[str, list[list[float]]]:
    z = np.linspace(-FAR, FAR, POINTS)
    if task == "counts":  # dℓ/dz depends on z and y apart: there is no single curve
        return {}
    if task == "multiclass":
        Y = np.zeros((POINTS, outputs))
        Y[:, 0] = 1
        Z = np.zeros((POINTS, outputs))
        Z[:, 0] = z + np.log(outputs - 1)
        place = log_odds_of(Z, Y)
        return {"1": _points(place, _slope(loss, output, Z, Y)[:, 0])}
    if task == "regression":
        Y = np.zeros((POINTS, outputs))
        Z = np.repeat(z[:, np.newaxis] / 2, outputs, axis=1)
        return {"1": _points(Z[:, 0], outputs * _slope(loss, output, Z, Y)[:, 0])}
    Z = np.repeat(z[:, np.newaxis], outputs, axis=1)
    return {
        str(kind): _points(
            z, outputs * _slope(loss, output, Z, np.full((POINTS, outputs), float(kind)))[:, 0]
        )
        for kind in (0, 1)
    }


def _slope(loss: Loss, output: str, Z: Array, Y: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(loss.gradient(target=loss.encode(Y), raw_prediction=Z, output=output))


def _points(x: Array, y: Array) -> list[list[float]]:
    good = np.isfinite(x) & np.isfinite(y)
    return [[short(float(a)), short(float(b))] for a, b in zip(x[good], y[good], strict=True)]


def reach(found: Found) -> dict[str, Any]:
    """Epochs and steps until the primary metric first reaches a level on validation rows.

    The level is the plan's, or by default the worst of the losses' median best values: one that
    every loss reaches on half of its seeds.
    """
    plan = found.runner.job.plan
    sign = found.metric.sign()
    curves = [
        [
            None if run is None else np.array(run["curves"]["valid_metric"], dtype=np.float64)
            for run in found.chosen_runs(place)
        ]
        for place in range(len(found.labels))
    ]
    bests = [
        [float(np.nanmax(sign * c)) for c in mine if c is not None and np.isfinite(c).any()]
        for mine in curves
    ]
    level = plan.reach
    if level is None:
        middles = [statistics.median_low(mine) for mine in bests if mine]
        level = sign * min(middles) if middles else None
    per_epoch = -(-_train_rows(found) // plan.batch_size)
    rows = [
        _reached(label, mine, sign, level, per_epoch)
        for label, mine in zip(found.labels, curves, strict=True)
    ]
    return {
        "level": level,
        "given": plan.reach is not None,
        "steps_per_epoch": per_epoch,
        "rows": rows,
        "sentence": _sentence(found, rows, level),
    }


def _train_rows(found: Found) -> int:
    return int(found.runner.extras_of(found.seeds[0], "baselines")["rows"][0])


def _reached(
    label: str, curves: list[Array | None], sign: float, level: float | None, per_epoch: int
) -> dict[str, Any]:
    epochs: list[int | None] = []
    for curve in curves:
        there = (
            np.flatnonzero(sign * curve >= sign * level - 1e-12 * abs(level))
            if curve is not None and level is not None
            else np.empty(0)
        )
        epochs.append(int(there[0]) if len(there) else None)
    known = [epoch for epoch in epochs if epoch is not None]
    # A median over all seeds: those that never reach it count as later than any other.
    half = 2 * len(known) > len(epochs)
    ranked = sorted(epoch if epoch is not None else 10**9 for epoch in epochs)
    median = ranked[(len(ranked) - 1) // 2] if half else None
    return {
        "loss": label,
        "epochs": epochs,
        "reached": len(known),
        "median_epochs": median,
        "median_steps": None if median is None else median * per_epoch,
    }


def _sentence(found: Found, rows: list[dict[str, Any]], level: float | None) -> str:
    if level is None:
        return ""
    parts = [
        f"{row['loss']} on {row['reached']} of {len(row['epochs'])} seeds"
        if row["median_epochs"] is None
        else f"{row['loss']} after {count(row['median_steps'], 'step')} "
        f"({count(row['median_epochs'], 'epoch')})"
        for row in rows
    ]
    return (
        f"{article(found.metric.title)} of {figure(level)} on validation rows is reached by "
        f"{listed(parts)}; medians over seeds."
    )


def per_label(found: Found) -> list[dict[str, Any]]:
    """Each label's (or class's) own calibration error, average precision and F1, by loss."""
    made = []
    for place, label in enumerate(found.labels):
        runs = [run["labels"] for run in found.chosen_runs(place) if run is not None]
        if runs and runs[0]:
            made.append(
                {
                    "loss": label,
                    **{
                        name: [
                            spread(np.array([run[name][k] for run in runs], dtype=np.float64))
                            for k in range(len(runs[0][name]))
                        ]
                        for name in runs[0]
                    },
                }
            )
    return made


def weighted(found: Found) -> list[dict[str, Any]]:
    """Metrics with test rows weighted otherwise: by a loss's own weights, or not at all."""
    keys = dict(zip(found.runner.job.keys, found.labels, strict=True))
    chosen = [found.chosen_runs(place) for place in range(len(found.labels))]
    names = next((list(run["weighted"]) for runs in chosen for run in runs if run), [])
    return [
        {
            "by": f"weighted as {keys[name]} weighs them" if name in keys else name,
            "rows": [
                {
                    "loss": label,
                    "metrics": {
                        metric: spread(
                            np.array(
                                [run["weighted"][name][metric] if run else np.nan for run in runs],
                                dtype=np.float64,
                            )
                        )
                        for metric in next(r for r in runs if r)["weighted"][name]
                    },
                }
                for label, runs in zip(found.labels, chosen, strict=True)
                if any(runs)
            ],
        }
        for name in names
    ]


def two_accuracies(found: Found) -> dict[str, Any] | None:
    """Exclusive classes: the share of right rows beside the share of right entries of one-hot rows.

    The second is what binary cross-entropy's "accuracy" counts; K − 1 of K entries are zeros that
    are easy to get right, so that predicting nothing at all has (K − 1) / K.
    """
    job = found.runner.job
    if job.plan.task != "multiclass":
        return None
    classes = job.dataset.n_outputs
    rows: list[dict[str, Any]] = []
    for place, label in enumerate(found.labels):
        runs = [run for run in found.chosen_runs(place) if run is not None]
        if runs:
            entries = statistics.fmean(run["elementwise"] for run in runs)
            rights = statistics.fmean(run["last"]["test"]["accuracy"] for run in runs)
            rows.append({"loss": label, "elementwise": entries, "accuracy": rights})
    nothing = (classes - 1) / classes
    trapped = [
        one.label for one in found.asked if not one.loss.vector and one.loss.target.kind == "unit"
    ]
    shown = next((row for row in rows if row["loss"] in trapped), rows[0] if rows else None)
    sentence = ""
    if shown is not None:
        sentence = (
            f"{shown['loss']}: {100 * shown['accuracy']:.1f} % of rows are right. Counted entry by "
            f"entry of the one-hot rows, as frameworks count 'accuracy' beside a binary "
            f"cross-entropy, it would read {100 * shown['elementwise']:.1f} %; predicting no class "
            f"at all reads {100 * nothing:.1f} % there."
        )
    return {"rows": rows, "nothing": nothing, "trapped": trapped, "sentence": sentence}
