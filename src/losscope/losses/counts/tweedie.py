"""Tweedie loss."""

from __future__ import annotations

import sympy as sp

from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE, POSITIVE, Interval


class Tweedie(Loss):
    """Between Poisson (p = 1) and gamma (p = 2): targets with many zeros and a heavy tail.

    Half the Tweedie deviance, without the terms that only hold y.
    """

    name = "tweedie"
    title = "Tweedie"
    aliases = ("tweedie_deviance", "HalfTweedieLoss", "tweedie_nll")
    tasks = ("counts",)
    output = "exp"
    target = NONNEGATIVE
    prediction = POSITIVE
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "poisson": "the limit p → 1, up to a constant that grows without bound",
        "gamma": "the limit p → 2, likewise",
    }
    sources = (
        "Tweedie, An Index which Distinguishes Important Exponential Families, 1984",
        "Jørgensen, Exponential Dispersion Models, 1987",
    )
    dialects = (
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfTweedieLoss(power={power})",
            "raw_prediction",
            ("exp",),
            names=('sklearn.linear_model.TweedieRegressor(power={power}, link="log")',),
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_tweedie_deviance(y_true, y_pred, power={power})",
            factor="2",
            offset="2*y**(2 - power)/((1 - power)*(2 - power))",
            defaults={"power": 0.0},
            role="metric",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="tweedie", tweedie_variance_power={power})',
            "raw_prediction",
            ("exp",),
            role="objective",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:tweedie", tweedie_variance_power={power})',
            "raw_prediction",
            ("exp",),
            role="objective",
        ),
    )

    power = Parameter(
        1.5, Interval(1.0, 2.0, low_in=False, high_in=False), "how the variance grows: a^p", "p"
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """a^(2−p) / (2 − p) − y a^(1−p) / (1 − p)."""
        p = self.power
        return a ** (2 - p) / (2 - p) - y * a ** (1 - p) / (1 - p)
