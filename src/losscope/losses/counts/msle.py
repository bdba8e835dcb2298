"""Squared logarithmic error."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ABOVE_MINUS_ONE


class SquaredLogarithmicError(Loss):
    """(log (1 + a) − log (1 + y))²: squared error of ratios, for numbers that are never negative.

    Its best constant is below the mean: 1 + a is the geometric mean of 1 + y.
    """

    name = "msle"
    title = "squared logarithmic error"
    aliases = (
        "mean_squared_logarithmic_error",
        "MeanSquaredLogarithmicError",
        "squared_logarithmic_error",
        "squared_log_error",
        "rmsle",
    )
    tasks = ("counts",)
    output = "exp"
    target = ABOVE_MINUS_ONE
    proper, convex, bounded, robust = True, False, False, False
    elicits = "geometric mean of 1 + y, less 1"
    not_to_be_confused_with = {"mse": "on log targets: the same but for the 1 added on both sides"}
    sources = ("Keras, MeanSquaredLogarithmicError, 2015",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.MeanSquaredLogarithmicError()",
            names=("mean_squared_logarithmic_error", "msle", "MSLE"),
            guard={"a": "max(a, 1e-7)", "y": "max(y, 1e-7)"},
            note="no gradient where the prediction is negative",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_squared_log_error(y_true, y_pred)",
            role="metric",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:squaredlogerror")',
            "raw_prediction",
            ("identity",),
            factor="1/2",
            role="objective",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(log (1 + a) − log (1 + y))²."""
        return (log(1 + a) - log(1 + y)) ** 2
