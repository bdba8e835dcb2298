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
        Dialect("torch", "torch.nn.MSELoss()", names=("F.mse_loss",)),
        Dialect(
            "keras", "keras.losses.MeanSquaredError()", names=("mean_squared_error", "mse", "MSE")
        ),
        Dialect("optax", "optax.losses.squared_error(predictions, targets)"),
        Dialect("optax", "optax.l2_loss(predictions, targets)", factor="1/2"),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfSquaredError()",
            "raw_prediction",
            ("identity",),
            factor="1/2",
            names=(
                'sklearn.ensemble.HistGradientBoostingRegressor(loss="squared_error")',
                'sklearn.ensemble.GradientBoostingRegressor(loss="squared_error")',
            ),
        ),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDRegressor(loss="squared_error")',
            "raw_prediction",
            ("identity",),
            factor="1/2",
            role="objective",
        ),
        Dialect(
            "sklearn",
            'sklearn.neural_network.MLPRegressor(loss="squared_error")',
            "raw_prediction",
            ("identity",),
            factor="1/2",
            slope="K/2",
            note="it reports half the mean over outputs but descends half their sum",
        ),
        Dialect("sklearn", "sklearn.metrics.mean_squared_error(y_true, y_pred)", role="metric"),
        Dialect(
            "lightgbm",
            'dict(objective="regression")',
            "raw_prediction",
            ("identity",),
            factor="1/2",
            names=("regression_l2", "l2", "mean_squared_error", "mse"),
            role="objective",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:squarederror")',
            "raw_prediction",
            ("identity",),
            factor="1/2",
            role="objective",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(a − y)²."""
        return (a - y) ** 2
