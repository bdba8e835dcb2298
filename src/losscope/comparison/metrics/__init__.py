"""What every run is measured by, whatever it was trained with.

Values equal scikit-learn's (the tests hold them to it), but are computed for all stacked runs at
once, since the validation metric is needed after every epoch. `table` says which metrics there are.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison.metrics import costs
from losscope.comparison.metrics.table import ALIASES, METRICS, Metric, Rows
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.comparison.metrics._mean import Array
    from losscope.comparison.plan import Plan

__all__ = [
    "Metric",
    "by_column",
    "cost",
    "default",
    "descriptive",
    "find",
    "for_task",
    "is_cost",
    "measure",
    "of_plan",
    "shown",
]

RARE = 0.2
cost = costs.metric


def for_task(task: str) -> tuple[Metric, ...]:
    """Every metric that fits a task, in the order of the table."""
    return tuple(metric for metric in METRICS if task in metric.tasks)


def descriptive(task: str) -> tuple[Metric, ...]:
    """The metrics that a comparison of this task shows without being asked."""
    return tuple(metric for metric in for_task(task) if metric.descriptive)


def shown(task: str, primary: Metric) -> tuple[Metric, ...]:
    """The primary metric first, then the descriptive ones."""
    return (primary, *(m for m in descriptive(task) if m.name != primary.name))


def default(task: str, positive_share: float | None = None) -> Metric:
    """The primary metric of a task when none is named.

    Log-loss for classes and labels, RMSE for regression, Poisson deviance for counts; average
    precision for a binary target whose positive class is under 20 % of the rows. It is asked of
    the positive class, not of the rarer one: of a common class average precision says nothing.
    """
    name = {"regression": "rmse", "counts": "poisson_deviance"}.get(task, "log_loss")
    if task == "binary" and positive_share is not None and positive_share < RARE:
        name = "average_precision"
    return find(name, task)


def find(name: str, task: str) -> Metric:
    """Metric of this name or alias that fits the task.

    Raises
    ------
    LosscopeError
        If no metric has the name (with the nearest one), or it does not fit the task.
    """
    wanted = _canonical(name)
    fitting = {metric.name: metric for metric in for_task(task)}
    if wanted in fitting:
        return fitting[wanted]
    offered = ", ".join(fitting)
    if any(metric.name == wanted for metric in METRICS):
        raise LosscopeError(
            f"metric {name!r} does not fit a {task} target; metrics that do: {offered}"
        )
    near = difflib.get_close_matches(wanted, [*fitting, *ALIASES], n=1, cutoff=0.5)
    hint = f" did you mean {ALIASES.get(near[0], near[0])!r}?" if near else ""
    raise LosscopeError(f"unknown metric {name!r};{hint} metrics for a {task} target: {offered}")


def _canonical(name: str) -> str:
    known = {metric.name for metric in METRICS}
    plain = str(name).strip().lower().replace("-", "_").replace(" ", "_").removeprefix("neg_")
    forms = [plain, *(plain.removesuffix(ending) for ending in ("_score", "_loss", "_score_loss"))]
    forms += [form.removeprefix("mean_") for form in forms]
    for form in forms:
        if form in known:
            return form
        if form in ALIASES:
            return ALIASES[form]
    return plain


def is_cost(name: str) -> bool:
    """Whether a name means the cost of decisions, by the plan's own matrix."""
    return _canonical(name) in (costs.NAME, "cost_of_a_row", "expected_cost")


def of_plan(plan: Plan) -> Metric:
    """The primary metric of a plan."""
    if plan.metric == costs.NAME:
        return cost(plan.task, plan.cost_matrix)
    return find(plan.metric, plan.task)


def measure(
    metric: Metric, Y: Array, P: Array, weights: Array | None = None, valid: Rows | None = None
) -> Array:
    """Value of a metric for each of R stacked runs.

    Parameters
    ----------
    metric
        From `find`.
    Y
        Target ``(N, K)``: 0/1, one-hot, or values in their own units.
    P
        Predictions ``(R, N, K)``: probabilities, or values in their own units.
    weights
        ``(N,)`` or None.
    valid
        The same of validation rows, for a metric that chooses something there; None where the rows
        are the validation rows.

    Returns
    -------
    array of shape (R,)
        NaN for a run whose predictions are not all finite, or where the metric is undefined.
    """
    if Y.ndim != 2 or P.ndim != 3 or P.shape[1:] != Y.shape:
        wanted = ", ".join(["runs", *map(str, Y.shape)])
        raise LosscopeError(
            f"metric {metric.name}: expected predictions of shape ({wanted})"
            f" for a target of shape {Y.shape}, got {P.shape}"
        )
    if metric.fitted is not None and valid is not None:
        return metric.fitted(valid, (Y, P, weights))
    finite = np.asarray(np.isfinite(P).all(axis=(1, 2)))
    if not finite.all():
        P = np.where(finite[:, np.newaxis, np.newaxis], P, P.dtype.type(0.5))
    if metric.name != "log_loss":  # which clips by the precision the predictions came in
        P = P.astype(np.float64, copy=False)
    return np.where(finite, metric.function(Y, P, weights), np.nan)


def by_column(
    task: str, Y: Array, P: Array, weights: Array | None = None
) -> list[dict[str, list[float]]]:
    """Give each label's (or class's, against the rest) own metrics, for each stacked run.

    Returns
    -------
    one dict a run
        "ece", "average_precision" and "f1", each a list over columns; empty for a single column
        or values.
    """
    if task not in {"multilabel", "multiclass"}:
        return [{} for _ in P]
    runs: list[dict[str, list[float]]] = [{name: [] for name in _BY_COLUMN} for _ in P]
    chosen = P if task == "multilabel" else (P.max(axis=2, keepdims=True) == P).astype(P.dtype)
    for name in _BY_COLUMN:
        metric = find(name, "binary")
        seen = chosen if name == "f1" else P
        for k in range(Y.shape[1]):
            column = slice(k, k + 1)
            values = measure(metric, Y[:, column], seen[:, :, column], weights)
            for run, value in zip(runs, values, strict=True):
                run[name].append(float(value))
    return runs


_BY_COLUMN = ("ece", "average_precision", "f1")
