"""Gamma loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE


class Gamma(Loss):
    """Negative log-likelihood of a gamma-distributed target with mean a: errors count by ratio.

    Half the gamma deviance, without its constant −1 − log y.
    """

    name = "gamma"
    title = "gamma"
    aliases = ("gamma_deviance", "HalfGammaLoss", "gamma_nll")
    tasks = ("counts",)
    output = "exp"
    target = POSITIVE
    prediction = POSITIVE
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "poisson": "whose variance grows with the mean, here with its square"
    }
    sources = ("Nelder and Wedderburn, Generalized Linear Models, 1972",)
    dialects = (
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfGammaLoss()",
            "raw_prediction",
            ("exp",),
            names=(
                'sklearn.ensemble.HistGradientBoostingRegressor(loss="gamma")',
                "sklearn.linear_model.GammaRegressor()",
            ),
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_gamma_deviance(y_true, y_pred)",
            factor="2",
            offset="-2*log(y) - 2",
            role="metric",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="gamma")',
            "raw_prediction",
            ("exp",),
            role="objective",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:gamma")',
            "raw_prediction",
            ("exp",),
            role="objective",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """log a + y / a."""
        return log(a) + y / a
