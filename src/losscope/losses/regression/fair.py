"""Fair loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, log
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE


class Fair(Loss):
    """c² (|e|/c − log (1 + |e|/c)): a smooth relative of absolute error.

    Named after Ray Fair, not after fairness.
    """

    name = "fair"
    title = "Fair"
    aliases = ("fair_loss", "FairLoss")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, True
    not_to_be_confused_with = {"pseudo_huber": "whose slope reaches its limit faster"}
    sources = ("Fair, On the Robust Estimation of Econometric Models, 1974",)
    dialects = (
        Dialect(
            "lightgbm",
            'dict(objective="fair", fair_c={c})',
            "raw_prediction",
            ("identity",),
            role="objective",
        ),
    )

    c = Parameter(1.0, POSITIVE, "distance beyond which the pull hardly grows", "c")

    @property
    def lipschitz(self) -> float:
        """The slope is c e / (c + |e|)."""
        return self.parameters["c"]

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """c² (x − log (1 + x)), with x = |a − y| / c."""
        x = Abs(a - y) / self.c
        return self.c**2 * (x - log(1 + x))
