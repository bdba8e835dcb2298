"""Absolute error."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect


class AbsoluteError(Loss):
    """|a − y|: pulls with the same force at any distance.

    Also called L1 loss, least absolute deviations.
    """

    name = "mae"
    title = "absolute error"
    aliases = ("absolute_error", "mean_absolute_error", "l1", "L1Loss", "lad")
    tasks = ("regression", "counts", "binary", "multiclass", "multilabel")
    output = "identity"
    proper, convex, bounded, robust = True, True, False, True
    elicits = "median"
    kinks = "at a = y, where the slope is taken as 0"
    sources = ("Boscovich, 1757", "Laplace, 1774")
    dialects = (
        Dialect("torch", "torch.nn.L1Loss()", names=("F.l1_loss",)),
        Dialect(
            "keras", "keras.losses.MeanAbsoluteError()", names=("mean_absolute_error", "mae", "MAE")
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.AbsoluteError()",
            "raw_prediction",
            ("identity",),
            names=(
                'sklearn.ensemble.HistGradientBoostingRegressor(loss="absolute_error")',
                'sklearn.ensemble.GradientBoostingRegressor(loss="absolute_error")',
            ),
            note="the slope at a = y is 1, and leaves are refitted to the weighted median",
        ),
        Dialect("sklearn", "sklearn.metrics.mean_absolute_error(y_true, y_pred)", role="metric"),
        Dialect(
            "lightgbm",
            'dict(objective="regression_l1")',
            "raw_prediction",
            ("identity",),
            names=("l1", "mean_absolute_error", "mae"),
            role="objective",
            executed=False,
            note="leaves are refitted to the weighted median",
        ),
        Dialect(
            "xgboost",
            'dict(objective="reg:absoluteerror")',
            "raw_prediction",
            ("identity",),
            role="objective",
            executed=False,
            note="leaves are refitted to the weighted median",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """The slope is −1, 0 or 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """|a − y|."""
        return Abs(a - y)
