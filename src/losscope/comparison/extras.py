"""What belongs to a seed and to no run: baselines, best constants, first gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import baselines, metrics, planes, weighting
from losscope.comparison.constants import best_constant
from losscope.comparison.job import output_bias
from losscope.comparison.predictions import Predictor
from losscope.comparison.store import Record
from losscope.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.calibration import Array
    from losscope.comparison.job import Job
    from losscope.data import Fold
    from losscope.losses import Loss

FIRST_ROWS = 4096  # rows that the first gradients are taken over, at most


def of_seed(job: Job, seed: int, fold: Fold) -> list[Record]:
    """Baselines, best constants and first gradients of one seed, as records."""
    task = job.plan.task
    predict = Predictor(task, (), fold)
    primary = metrics.of_plan(job.plan)
    Y, Y_valid = predict.in_units(fold.Y_test), predict.in_units(fold.Y_valid)
    rows = {
        baselines.CONSTANT: baselines.constant(fold),
        baselines.LINEAR[task]: baselines.linear(task, fold),
    }
    measured = {
        title: {
            metric.name: float(
                metrics.measure(
                    metric,
                    Y,
                    predict.in_units(P)[np.newaxis],
                    fold.w_test,
                    (Y_valid, predict.in_units(P_valid)[np.newaxis], fold.w_valid),
                )[0]
            )
            for metric in metrics.shown(task, primary)
        }
        for title, (P_valid, P) in rows.items()
    }
    losses = weighting.fitted(job.losses, fold.Y_train)
    constants = {
        key: best_constant(loss, output, loss.encode(fold.Y_test), fold.w_test)
        for key, loss, output in zip(job.keys, losses, job.outputs, strict=True)
    }
    plane = planes.plane_of(task, fold)
    sizes = [len(fold.Y_train), len(fold.Y_valid), len(fold.Y_test)]
    return [
        Record(
            seed,
            "baselines",
            "",
            {
                "metrics": measured,
                "constants": constants,
                "rows": sizes,
                "plane": None if plane is None else plane.to_dict(),
            },
        ),
        Record(seed, "start", "", _first_gradients(job, seed, fold, losses)),
    ]


def _first_gradients(job: Job, seed: int, fold: Fold, losses: Sequence[Loss]) -> dict[str, Any]:
    """Length of each loss's first gradient and the cosine of each two, from the common start."""
    from losscope.training import Run, Stack

    plan, rows = job.plan, slice(0, FIRST_ROWS)
    weights = None if fold.w_train is None else fold.w_train[rows]
    network = Network(plan.layers, plan.activation, None, plan.initializer)
    runs = [Run(loss, 1.0, output) for loss, output in zip(losses, job.outputs, strict=True)]
    stack = Stack(network, runs, "float64", l2=0.0, weighted=weights is not None)
    stack.initialise(seed, output_bias(plan, fold))
    gradients = stack.gradients(fold.X_train[rows], fold.Y_train[rows], weights)
    lengths = [float(np.sqrt((g * g).sum())) for g in gradients]
    return {
        "lengths": dict(zip(job.keys, lengths, strict=True)),
        "cosines": {
            a: {b: _cosine(gradients[i], gradients[j]) for j, b in enumerate(job.keys)}
            for i, a in enumerate(job.keys)
        },
    }


def _cosine(a: Array, b: Array) -> float | None:
    lengths = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if not np.isfinite(lengths) or lengths == 0:
        return None
    return float(np.clip((a * b).sum() / lengths, -1.0, 1.0))
