"""Weights that a loss puts on examples: read off training rows, and metrics with and without them.

`ce(pos_weight=balanced)` does not know its weight until it has seen targets. It is fitted on each
seed's training rows. Weights change what is trained, not what is measured; so that nobody takes the
one for the other, metrics are also given with each row weighted as such a loss weighs it, and, if
the table has sample weights, with each row counted once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import metrics
from losscope.comparison.saying import figure, listed
from losscope.losses.spelled import fed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.calibration import Array
    from losscope.comparison.job import Job
    from losscope.data import Fold
    from losscope.losses import Loss

ONCE = "each row once"


def fitted(losses: Sequence[Loss], Y: Array) -> tuple[Loss, ...]:
    """The losses with all that is read off training targets ``(n, K)`` known."""
    return tuple(loss.fitted(loss.encode(Y)) for loss in losses)


def weightings(job: Job, losses: Sequence[Loss], fold: Fold) -> dict[str, Array | None]:
    """Other weightings of the test rows than the one metrics use, by name: `ONCE`, or a loss."""
    found: dict[str, Array | None] = {}
    if fold.w_test is not None:
        found[ONCE] = None
    for key, loss in zip(job.keys, losses, strict=True):
        own = loss.example_weights(loss.encode(fold.Y_test))
        if np.ptp(own) > 0:
            found[key] = own if fold.w_test is None else own * fold.w_test
    return found


def measured(
    job: Job, weights: dict[str, Array | None], Y: Array, P: Array
) -> list[dict[str, dict[str, float]]]:
    """Every metric under every weighting, for each of the stacked runs ``P (R, n, K)``."""
    task = job.plan.task
    primary = metrics.of_plan(job.plan)
    runs: list[dict[str, dict[str, float]]] = [{name: {} for name in weights} for _ in P]
    for name, w in weights.items():
        for metric in metrics.shown(task, primary):
            if metric.fitted is not None:  # what decisions cost is told beside the table
                continue
            for run, value in zip(runs, metrics.measure(metric, Y, P, w), strict=True):
                run[name][metric.name] = float(value)
    return runs


def in_torch(loss: Loss, output: str) -> str | None:
    """Give the loss's line in PyTorch; also that of a weighted binary cross-entropy.

    Class weights of exclusive classes have none: PyTorch divides by their sum over the batch.
    """
    line = loss.in_torch(output)
    weight = loss.options.get("pos_weight")
    inner = getattr(loss, "loss", None)
    if line is None and inner is not None and isinstance(weight, float):
        plain = inner.in_torch(output)
        if plain == "torch.nn.BCEWithLogitsLoss()":
            line = f"torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor({weight:.6g}))"
    return line


def fed(loss: Loss, framework: str, output: str) -> str | None:
    """Give what the loss's line takes: "raw predictions, before the sigmoid"."""
    found = fed_in(loss, framework, output)
    inner = getattr(loss, "loss", None)
    if found is None and inner is not None and framework == "torch" and in_torch(loss, output):
        return fed_in(inner, framework, output)
    return found


def said(losses: Sequence[Loss], labels: Sequence[str], first: Sequence[Loss]) -> list[str]:
    """What was read off training rows, aloud; `first` are the losses as the first seed has them."""
    sentences = []
    for loss, label, known in zip(losses, labels, first, strict=True):
        if known == loss:
            continue
        values = [f"{word} {_written(v)}" for word, v in _read_off(loss, known).items()]
        sentences.append(
            f"{label}: read off each seed's training rows; for the first seed {listed(values)}. "
            "Weights change the training; metrics are shown with and without them"
        )
    return sentences


def _read_off(loss: Loss, known: Loss) -> dict[str, Any]:
    return {
        word.replace("_", " "): value
        for word, value in known.options.items()
        if loss.options.get(word) != value
    }


def _written(value: Any) -> str:
    values = value if isinstance(value, tuple) else (value,)
    shown = [figure(float(v)) for v in values[:6]] + (["…"] if len(values) > 6 else [])
    return shown[0] if len(shown) == 1 else f"[{', '.join(shown)}]"
