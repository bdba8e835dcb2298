"""Brier score of many classes."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Total
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX


class CategoricalBrier(Loss):
    """Squared distance between predicted and true class probabilities: Brier's own definition.

    For two classes it is twice the binary Brier score.
    """

    name = "categorical_brier"
    title = "categorical Brier score"
    aliases = ("brier", "brier_score", "multiclass_brier", "quadratic_score")
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = True, False, True, True
    elicits = "mean"
    not_to_be_confused_with = {"brier": "of one probability", "mse": "which is 1/K of this"}
    sources = ("Brier, Verification of Forecasts Expressed in Terms of Probability, 1950",)
    dialects = (
        Dialect("torch", "torch.nn.MSELoss()", unit="elements", note="a mean divides by K as well"),
        Dialect("keras", "keras.losses.MeanSquaredError()", factor="1/K"),
        Dialect("optax", "optax.losses.squared_error(predictions, targets)", unit="elements"),
        Dialect(
            "sklearn",
            "sklearn.metrics.brier_score_loss(y_true, y_proba, scale_by_half=False)",
            target="index",
            role="metric",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ (a_k − y_k)²."""
        return Total((a - y) ** 2)
