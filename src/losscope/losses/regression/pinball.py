"""Pinball loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import BETWEEN


class Pinball(Loss):
    """Absolute error that weighs the two sides differently, and so finds a quantile.

    Also called quantile loss, check loss, tick loss. Twice pinball at τ = ½ is absolute error.
    """

    name = "pinball"
    title = "pinball (quantile)"
    aliases = ("quantile", "quantile_loss", "pinball_loss", "PinballLoss", "check_loss", "tick")
    tasks = ("regression", "counts")
    output = "identity"
    proper, convex, bounded, robust = True, True, False, True
    elicits = "quantile"
    kinks = "at a = y, where the slope is taken as 0"
    not_to_be_confused_with = {
        "expectile": "which weighs squares, and finds an expectile",
        "log_linear_quantile": "pinball under a log link",
    }
    sources = ("Koenker and Bassett, Regression Quantiles, 1978",)
    dialects = (
        Dialect(
            "sklearn",
            "sklearn._loss.loss.PinballLoss(quantile={tau})",
            "raw_prediction",
            ("identity",),
            names=(
                'sklearn.ensemble.HistGradientBoostingRegressor(loss="quantile", quantile={tau})',
                'sklearn.ensemble.GradientBoostingRegressor(loss="quantile", alpha={tau})',
                "sklearn.linear_model.QuantileRegressor(quantile={tau})",
            ),
            note="GradientBoostingRegressor(alpha=) is 0.9 when not given",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_pinball_loss(y_true, y_pred, alpha={tau})",
            role="metric",
        ),
        Dialect("torch", "torch.nn.L1Loss()", factor="2", requires={"tau": 0.5}),
        Dialect("keras", "keras.losses.MeanAbsoluteError()", factor="2", requires={"tau": 0.5}),
        Dialect(
            "lightgbm",
            'dict(objective="quantile", alpha={tau})',
            "raw_prediction",
            ("identity",),
            defaults={"alpha": 0.9},
            role="objective",
            executed=False,
            note="leaves are refitted to the quantile",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:quantileerror", quantile_alpha={tau})',
            "raw_prediction",
            ("identity",),
            role="objective",
            executed=False,
            note="leaves are refitted to the quantile",
        ),
    )

    tau = Parameter(0.5, BETWEEN, "the quantile that is sought", "τ")

    @property
    def lipschitz(self) -> float:
        """The slope is 1 − τ above the target, −τ below."""
        return max(self.parameters["tau"], 1.0 - self.parameters["tau"])

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(1 − τ) max(0, a − y) + τ max(0, y − a)."""
        return (1 - self.tau) * relu(a - y) + self.tau * relu(y - a)
