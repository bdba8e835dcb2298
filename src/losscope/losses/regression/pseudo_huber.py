"""Pseudo-Huber loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import sqrt
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE


class PseudoHuber(Loss):
    """Huber without a seam: δ² (√(1 + (e/δ)²) − 1), smooth everywhere.

    Also called Charbonnier loss (up to its scale and constant), L1–L2 loss.
    """

    name = "pseudo_huber"
    title = "pseudo-Huber"
    aliases = ("charbonnier", "pseudohubererror", "l1_l2", "smooth_huber")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, True
    not_to_be_confused_with = {
        "huber": "which is exactly a parabola inside δ, exactly a line beyond"
    }
    sources = (
        "Charbonnier et al., Deterministic Edge-Preserving Regularization, 1997",
        "Hartley and Zisserman, Multiple View Geometry, 2003",
    )
    dialects = (
        Dialect(
            "xgboost",
            'dict(objective="reg:pseudohubererror", huber_slope={delta})',
            "raw_prediction",
            ("identity",),
            role="objective",
        ),
    )

    delta = Parameter(1.0, POSITIVE, "distance at which the parabola bends into a line", "δ")

    @property
    def lipschitz(self) -> float:
        """The slope tends to ±δ."""
        return self.parameters["delta"]

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """δ² (√(1 + (e/δ)²) − 1), with e = a − y."""
        return self.delta**2 * (sqrt(1 + ((a - y) / self.delta) ** 2) - 1)
