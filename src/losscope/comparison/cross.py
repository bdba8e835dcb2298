"""What every loss says of every run's predictions: a row of the cross table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison.predictions import OUTPUTS, is_score
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.calibration import Array
    from losscope.comparison.job import Job
    from losscope.data import Fold
    from losscope.losses import Loss


def values(
    job: Job,
    fold: Fold,
    losses: Sequence[Loss],
    outputs: Sequence[str],
    *,
    raw: Array,
    logits: Array,
) -> list[dict[str, float | None]]:
    """Mean value of every loss on each run's test predictions, by the loss's key.

    Parameters
    ----------
    job, fold, losses
        What is compared, the seed's rows, and its losses, fitted.
    outputs
        Each run's output activation.
    raw, logits
        Raw predictions of the test rows, ``(R, n, K)``; and on the task's own output.
    """
    made: list[dict[str, float | None]] = [{} for _ in outputs]
    alike = {o: [r for r, other in enumerate(outputs) if other == o] for o in outputs}
    for key, loss, own in zip(job.keys, losses, job.outputs, strict=True):
        for output, runs in alike.items():
            form, seen = _seen(job.plan.task, own, output, raw, logits)
            for r, mean in zip(runs, _means(loss, fold, form, seen[runs]), strict=True):
                made[r][key] = mean
    return made


def _seen(task: str, own: str, output: str, raw: Array, logits: Array) -> tuple[str, Array]:
    """What a loss that trains on output `own` measures of a network whose output is `output`.

    A loss of scores measures the raw prediction as it is; any other measures predictions on the
    task's own output, which for a network of scores are the calibrated ones.
    """
    if is_score(task, own):
        return own, raw
    if is_score(task, output):
        return OUTPUTS[task], logits
    return output, raw


def _means(loss: Loss, fold: Fold, output: str, seen: Array) -> list[float | None]:
    """Mean of a loss over the test rows for each run; None where it has no value."""
    together = _means_together(loss, fold, output, seen)
    if together is not None:
        return [*together]
    if len(seen) == 1:
        return [None]
    return [_means(loss, fold, output, one[np.newaxis])[0] for one in seen]  # whose has none?


def _means_together(loss: Loss, fold: Fold, output: str, seen: Array) -> list[float] | None:
    """Give the means of all runs at once; nothing where a prediction is outside the domain."""
    if not np.isfinite(seen).all():
        return None
    runs, rows, width = seen.shape
    try:
        with np.errstate(all="ignore"):
            each = loss.value(
                target=np.tile(loss.encode(fold.Y_test), (runs, 1)),
                raw_prediction=seen.reshape(runs * rows, width).astype(np.float64),
                output=output,
                exact=False,
            )
    except LosscopeError:
        return None
    return [float(np.average(one, weights=fold.w_test)) for one in each.reshape(runs, rows)]
