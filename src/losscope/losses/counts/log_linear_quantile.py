"""Log-linear quantile loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import BETWEEN, NONNEGATIVE


class LogLinearQuantile(Loss):
    """Pinball under a log link: a quantile of a positive target, from z = log a."""

    name = "log_linear_quantile"
    title = "log-linear quantile"
    aliases = ("LogLinQuantile", "log_quantile", "quantile", "pinball_exp")
    tasks = ("counts",)
    output = "exp"
    target = NONNEGATIVE
    proper, convex, bounded, robust = True, False, False, True
    elicits = "quantile"
    kinks = "at a = y, where the slope is taken as 0"
    not_to_be_confused_with = {"pinball": "the same formula under the identity"}
    sources = ("CatBoost, LogLinQuantile, 2017",)

    tau = Parameter(0.5, BETWEEN, "the quantile that is sought", "τ")

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(1 − τ) max(0, a − y) + τ max(0, y − a), with a = e^z."""
        return (1 - self.tau) * relu(a - y) + self.tau * relu(y - a)
