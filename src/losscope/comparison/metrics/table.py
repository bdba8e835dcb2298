"""Which metrics there are, what they fit, and what they are called.

Each row says: the name (scikit-learn's without ``neg_`` and ``_score``), the title on the page,
the tasks it fits, its direction, whether it needs probabilities, its margin of practical
equivalence, and its function. A margin is absolute, or a share of the target's own spread
(``relative``), since 0.01 means nothing where the unit is dollars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from losscope.comparison.metrics import decision, deviation, probability, ranking
from losscope.comparison.metrics._mean import Array

Function = Callable[[Array, Array, Array | None], Array]
# Targets, predictions and weights of some rows.
Rows = tuple[Array, Array, Array | None]

BINARY, CLASSES, LABELS = ("binary",), ("multiclass",), ("multilabel",)
REGRESSION, COUNTS = ("regression",), ("counts",)
VALUES = REGRESSION + COUNTS


@dataclass(frozen=True)
class Metric:
    """One metric for some tasks; `function` gives one value a run, ``(R,)``.

    `fitted` is given validation rows and others, where what the metric needs (the threshold of a
    decision) is chosen on the former.
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    greater_is_better: bool
    function: Function
    margin: float
    probabilities: bool = False
    relative: bool = False
    descriptive: bool = True
    fitted: Callable[[Rows, Rows], Array] | None = None

    def sign(self) -> float:
        """+1 if greater is better, else −1: ``sign · value`` grows with quality."""
        return 1.0 if self.greater_is_better else -1.0

    def to_dict(self) -> dict[str, object]:
        """Name, title and direction, as the result prints them."""
        return {
            "name": self.name,
            "title": self.title,
            "greater_is_better": self.greater_is_better,
        }


def _p(name: str, title: str, tasks: tuple[str, ...], function: Function, margin: float) -> Metric:
    return Metric(name, title, tasks, False, function, margin, probabilities=True)


def _up(
    name: str, title: str, tasks: tuple[str, ...], function: Function, margin: float = 0.01
) -> Metric:
    return Metric(name, title, tasks, True, function, margin)


def _unit(name: str, title: str, function: Function, tasks: tuple[str, ...] = VALUES) -> Metric:
    return Metric(name, title, tasks, False, function, 0.01, relative=True)


METRICS: tuple[Metric, ...] = (
    _p("log_loss", "log-loss", BINARY + CLASSES, probability.log_loss, 0.01),
    _p("log_loss", "log-loss (mean over labels)", LABELS, probability.log_loss_labels, 0.01),
    _up("accuracy", "accuracy", BINARY, decision.accuracy),
    _up("accuracy", "accuracy", CLASSES, decision.accuracy_classes),
    _up("accuracy", "accuracy (all labels right)", LABELS, decision.accuracy),
    _up("balanced_accuracy", "balanced accuracy", BINARY + CLASSES, decision.balanced_accuracy),
    _up("f1", "F1", BINARY, decision.f1),
    _up("f1", "F1 (mean over classes)", CLASSES, decision.f1_macro),
    _up("f1", "F1 (mean over labels)", LABELS, decision.f1_labels),
    Metric("hamming_loss", "Hamming loss", LABELS, False, decision.hamming_loss, 0.01),
    _up("roc_auc", "ROC AUC", BINARY, ranking.roc_auc),
    _up("roc_auc", "ROC AUC (one against the rest)", CLASSES, ranking.roc_auc),
    _up("roc_auc", "ROC AUC (mean over labels)", LABELS, ranking.roc_auc),
    _up("average_precision", "average precision", BINARY, ranking.average_precision),
    _up(
        "average_precision",
        "average precision (one against the rest)",
        CLASSES,
        ranking.average_precision,
    ),
    _up(
        "average_precision",
        "average precision (mean over labels)",
        LABELS,
        ranking.average_precision,
    ),
    _p("brier", "Brier score", BINARY + CLASSES, probability.brier, 0.005),
    _p("brier", "Brier score (mean over labels)", LABELS, probability.brier_labels, 0.005),
    _p("ece", "calibration error", BINARY + CLASSES, probability.calibration_error, 0.01),
    _p(
        "ece",
        "calibration error (mean over labels)",
        LABELS,
        probability.calibration_error_labels,
        0.01,
    ),
    _unit("rmse", "RMSE", deviation.rmse),
    _unit("mae", "MAE", deviation.mae),
    _up("r2", "R²", VALUES, deviation.r2),
    _unit("pinball", "pinball loss at the median", deviation.pinball),
    Metric("poisson_deviance", "Poisson deviance", COUNTS, False, deviation.poisson_deviance, 0.01),
    Metric(
        "poisson_deviance",
        "Poisson deviance",
        REGRESSION,
        False,
        deviation.poisson_deviance,
        0.01,
        descriptive=False,
    ),
    Metric(
        "gamma_deviance",
        "gamma deviance",
        VALUES,
        False,
        deviation.gamma_deviance,
        0.01,
        descriptive=False,
    ),
)

# What scikit-learn and others call them, once "neg_", "mean_", "_score" and "_loss" are gone.
ALIASES = {
    "logloss": "log_loss",
    "log": "log_loss",
    "cross_entropy": "log_loss",
    "acc": "accuracy",
    "brier_score": "brier",
    "expected_calibration_error": "ece",
    "calibration_error": "ece",
    "auc": "roc_auc",
    "roc_auc_ovr": "roc_auc",
    "ap": "average_precision",
    "avg_precision": "average_precision",
    "root_mean_squared_error": "rmse",
    "absolute_error": "mae",
    "hamming": "hamming_loss",
}
