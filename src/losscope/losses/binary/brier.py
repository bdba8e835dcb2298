"""Brier score of a probability."""

from __future__ import annotations

import sympy as sp

from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import UNIT


class Brier(Loss):
    """Squared error of a probability: strictly proper and bounded, but not convex in z.

    Under a sigmoid its slope vanishes where the prediction is confidently wrong: the textbook case
    of squared error that learns slowly.
    """

    name = "brier"
    title = "Brier score"
    aliases = ("brier_score", "brier_score_loss", "BrierScore", "squared_probability_error")
    tasks = ("binary", "multilabel")
    output = "sigmoid"
    target = UNIT
    proper, convex, bounded, robust = True, False, True, True
    elicits = "mean"
    not_to_be_confused_with = {"mse": "the same square where the output is no probability"}
    sources = ("Brier, Verification of Forecasts Expressed in Terms of Probability, 1950",)
    dialects = (
        Dialect("torch", "torch.nn.MSELoss()", outputs=("sigmoid",), names=("F.mse_loss",)),
        Dialect("keras", "keras.losses.MeanSquaredError()", outputs=("sigmoid",)),
        Dialect("optax", "optax.losses.squared_error(predictions, targets)", outputs=("sigmoid",)),
        Dialect(
            "sklearn",
            "sklearn.metrics.brier_score_loss(y_true, y_proba)",
            outputs=("sigmoid",),
            role="metric",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """The slope 2 a² (1 − a) is largest at a = 2/3."""
        return 8.0 / 27.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(a − y)²."""
        return (a - y) ** 2
