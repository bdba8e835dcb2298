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
        Dialect("torch", "torch.nn.L1Loss()"),
        Dialect("keras", "keras.losses.MeanAbsoluteError()"),
    )

    @property
    def lipschitz(self) -> float:
        """The slope is −1, 0 or 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """|a − y|."""
        return Abs(a - y)
