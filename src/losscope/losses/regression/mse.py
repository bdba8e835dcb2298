"""Squared error."""

from __future__ import annotations

import sympy as sp

from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect


class SquaredError(Loss):
    """(a − y)², without the ½ that some give it.

    Also called L2 loss, quadratic loss; on probabilities, the Brier score.
    """

    name = "mse"
    title = "squared error"
    aliases = ("squared_error", "mean_squared_error", "l2", "quadratic", "MSELoss")
    tasks = ("regression", "counts", "binary", "multiclass", "multilabel")
    output = "identity"
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "half squared error": "½ (a − y)², scikit-learn's and optax's l2_loss: half the gradient",
        "RMSE": "a metric; its root changes every gradient",
    }
    sources = ("Legendre, 1805", "Gauss, 1809", "Brier, Verification of Forecasts, 1950")
    dialects = (
        Dialect("torch", "torch.nn.MSELoss()"),
        Dialect("keras", "keras.losses.MeanSquaredError()"),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(a − y)²."""
        return (a - y) ** 2
