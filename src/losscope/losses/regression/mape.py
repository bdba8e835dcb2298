"""Absolute percentage error."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONZERO


class AbsolutePercentageError(Loss):
    """|a − y| / |y|: an error of one part in a hundred costs the same at any size.

    It rewards low predictions: the best constant is a median that weighs each target by 1/|y|.
    It has no value at y = 0, which frameworks paper over with floors that differ.
    """

    name = "mape"
    title = "absolute percentage error"
    aliases = (
        "mean_absolute_percentage_error",
        "MeanAbsolutePercentageError",
        "absolute_percentage_error",
        "relative absolute error",
    )
    tasks = ("regression", "counts")
    output = "identity"
    target = NONZERO
    proper, convex, bounded, robust = True, True, False, False
    elicits = "median weighted by 1/|y|"
    kinks = "at a = y, where the slope is taken as 0"
    not_to_be_confused_with = {"msle": "which looks at ratios from both sides alike"}
    sources = ("Gneiting, Making and Evaluating Point Forecasts, 2011",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.MeanAbsolutePercentageError()",
            factor="100",
            names=("mean_absolute_percentage_error", "mape", "MAPE"),
            note="a percentage; divides by at least 1e-7",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_absolute_percentage_error(y_true, y_pred)",
            role="metric",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="mape")',
            "raw_prediction",
            ("identity",),
            names=("mean_absolute_percentage_error",),
            role="objective",
            executed=False,
            note="divides by at least 1, so it is this loss where |y| ≥ 1",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """|a − y| / |y|, a fraction rather than a percentage."""
        return Abs(a - y) / Abs(y)
