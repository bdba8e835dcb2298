"""From probabilities to decisions: a threshold chosen on validation rows, or costs that decide.

A threshold is never chosen on test rows. It serves a metric of decisions (F1 unless told otherwise)
or a cost matrix, whose rows are the true classes and whose columns are the decisions. For exclusive
classes a cost matrix decides by itself: each row gets the class of least expected cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array
    from losscope.data import Dataset

COST = "cost"
CRITERIA = ("f1", "accuracy", "balanced_accuracy", COST)
TITLES = {
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    COST: "cost of a row",
}
HALF = 0.5
Matrix: TypeAlias = tuple[tuple[float, ...], ...]


def planned(criterion: str | None, matrix: Any, dataset: Dataset) -> tuple[str, Matrix]:
    """What decisions are made for: a criterion ("" for none), and the cost matrix (or none).

    Raises
    ------
    LosscopeError
        For a criterion that is none, a matrix of another shape, or a task without decisions.
    """
    costs = _matrix(matrix, dataset)
    if criterion is None:
        by_default = "f1" if dataset.task in {"binary", "multilabel"} else ""
        return (COST if costs else by_default), costs
    wanted = str(criterion).strip().lower().replace("-", "_").replace(" ", "_")
    if wanted not in CRITERIA:
        raise LosscopeError(
            f"threshold: expected one of {', '.join(CRITERIA)}, got {criterion!r}; it is what a "
            "threshold is chosen for on validation rows"
        )
    if dataset.task not in {"binary", "multilabel"}:
        raise LosscopeError(
            f"threshold: a {dataset.task} target has no threshold to choose"
            + ("; a cost matrix decides by itself" if dataset.task == "multiclass" else "")
        )
    if (wanted == COST) != bool(costs):
        missing = "a cost matrix" if wanted == COST else "threshold=cost (or no threshold=)"
        raise LosscopeError(f"threshold={wanted} and the cost matrix contradict: give {missing}")
    return wanted, costs


def _matrix(matrix: Any, dataset: Dataset) -> Matrix:
    if matrix is None:
        return ()
    classes = len(dataset.classes)
    if dataset.task not in {"binary", "multiclass"}:
        raise LosscopeError(f"cost matrix: a {dataset.task} target has no classes to decide for")
    try:
        found = np.asarray(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != (classes, classes) or not np.isfinite(found).all():
        order = ", ".join(dataset.classes[:6]) + (", …" if classes > 6 else "")
        raise LosscopeError(
            f"cost matrix: expected {classes} × {classes} finite numbers, a row for each true "
            f"class and a column for each decision ({order}), such as 0,1;5,0; got {matrix!r}"
        )
    off = ~np.eye(classes, dtype=bool)
    if not (found[off] > np.broadcast_to(np.diag(found)[:, np.newaxis], found.shape)[off]).all():
        raise LosscopeError(
            "cost matrix: a wrong decision must cost more than the right one of its row; got "
            f"{found.tolist()}"
        )
    return tuple(tuple(float(v) for v in row) for row in found)


def implied_threshold(costs: Matrix) -> float | None:
    """The probability above which deciding positive is cheaper, were probabilities right."""
    if len(costs) != 2:
        return None
    (right0, wrong0), (wrong1, right1) = costs
    return (wrong0 - right0) / ((wrong0 - right0) + (wrong1 - right1))


def decide(
    task: str,
    criterion: str,
    costs: Matrix,
    valid: tuple[Array, Array, Array | None],
    test: tuple[Array, Array, Array | None],
) -> dict[str, Any] | None:
    """Decisions of one run: thresholds chosen on validation rows, what they give on test rows.

    Parameters
    ----------
    task, criterion, costs
        From the plan; see `planned`.
    valid, test
        Targets ``(n, K)``, probabilities ``(n, K)`` and weights ``(n,)`` or None.

    Returns
    -------
    dict or None
        "thresholds" (one a column; none for exclusive classes), "chosen" and "plain": metrics on
        test rows at these thresholds, and at one half (or the largest probability). None where no
        decision is asked for or a probability is not finite.
    """
    if not criterion or not (np.isfinite(valid[1]).all() and np.isfinite(test[1]).all()):
        return None
    Y, P, w = test
    weights = np.ones(len(Y)) if w is None else w
    if task == "multiclass":
        cheapest = (P @ np.asarray(costs)).argmin(axis=1)
        return {
            "thresholds": [],
            "chosen": _of_classes(Y, cheapest, weights, costs),
            "plain": _of_classes(Y, P.argmax(axis=1), weights, costs),
        }
    Y_valid, P_valid, w_valid = valid
    valid_weights = np.ones(len(Y_valid)) if w_valid is None else w_valid
    thresholds = [
        best_threshold(Y_valid[:, k], P_valid[:, k], valid_weights, criterion, costs)
        for k in range(Y.shape[1])
    ]
    return {
        "thresholds": thresholds,
        "chosen": _of_columns(Y, np.array(thresholds) < P, weights, costs),
        "plain": _of_columns(Y, HALF < P, weights, costs),
    }


def best_threshold(y: Array, p: Array, w: Array, criterion: str, costs: Matrix = ()) -> float:
    """Threshold t of best criterion for "positive if p > t"; of several the one nearest to ½.

    Parameters
    ----------
    y, p, w
        0/1 targets, probabilities and weights, ``(n,)``.

    Returns
    -------
    float
        Midway between two neighbouring probabilities; at least the largest where deciding all
        negative is best, and below the smallest where all positive is.
    """
    order = np.argsort(-p, kind="stable")
    p, y, w = p[order], y[order], w[order]
    hits = np.concatenate([[0.0], np.cumsum(w * y)])
    false = np.concatenate([[0.0], np.cumsum(w * (1 - y))])
    above, below = np.concatenate([[1.0], p]), np.concatenate([p, [0.0]])
    middle = (above + below) / 2
    middle = np.where(middle < above, middle, below)
    middle[0] = max(float(p[0]), HALF)
    cut = np.concatenate([[True], p[:-1] > p[1:], [p[-1] > 0]])
    with np.errstate(all="ignore"):
        score = _SCORES[criterion](hits, false, hits[-1], false[-1], costs)
    score = np.where(cut & np.isfinite(score), score, -np.inf)
    best = np.flatnonzero(score >= score.max() - 1e-12 * abs(score.max()))
    if not np.isfinite(score.max()):
        return HALF
    return float(middle[best[np.argmin(np.abs(middle[best] - HALF))]])


_Score: TypeAlias = Callable[..., "Array"]
_SCORES: dict[str, _Score] = {
    "f1": lambda tp, fp, P, *_: 2 * tp / (tp + fp + P),
    "accuracy": lambda tp, fp, P, N, _: (tp + N - fp) / (P + N),
    "balanced_accuracy": lambda tp, fp, P, N, _: (tp / P + (N - fp) / N) / 2,
    COST: lambda tp, fp, P, N, c: (
        -(c[0][0] * (N - fp) + c[0][1] * fp + c[1][0] * (P - tp) + c[1][1] * tp) / (P + N)
    ),
}


def _of_columns(Y: Array, decided: Any, w: Array, costs: Matrix) -> dict[str, float | None]:
    """Precision, recall, F1, accuracy and cost of 0/1 decisions; means over labels."""
    weights = w[:, np.newaxis]
    hits = (weights * (Y * decided)).sum(axis=0)
    false = (weights * ((1 - Y) * decided)).sum(axis=0)
    positive, negative = (weights * Y).sum(axis=0), (weights * (1 - Y)).sum(axis=0)
    found = {
        "f1": _mean(2 * hits, hits + false + positive),
        "precision": _mean(hits, hits + false),
        "recall": _mean(hits, positive),
        "accuracy": _mean(hits + negative - false, positive + negative),
        "balanced_accuracy": None,
    }
    if (positive > 0).all() and (negative > 0).all():
        found["balanced_accuracy"] = float(
            np.mean((hits / positive + (negative - false) / negative) / 2)
        )
    if costs:
        total = _SCORES[COST](hits, false, positive, negative, costs)
        found[COST] = float(-total.mean())
    return found


def _of_classes(Y: Array, decided: Any, w: Array, costs: Matrix) -> dict[str, float | None]:
    """Accuracy, balanced accuracy and cost of decisions between exclusive classes."""
    true = Y.argmax(axis=1)
    right = w * (true == decided)
    recalls = [right[true == k].sum() / w[true == k].sum() for k in np.unique(true)]
    return {
        "accuracy": float(right.sum() / w.sum()),
        "balanced_accuracy": float(np.mean(recalls)),
        COST: float((w * np.asarray(costs)[true, decided]).sum() / w.sum()),
    }


def _mean(above: Array, below: Array) -> float | None:
    """Mean over columns of a ratio, where it is defined."""
    defined = below > 0
    return float(np.mean(above[defined] / below[defined])) if defined.any() else None
