"""Pinball loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss, Parameter
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

    tau = Parameter(0.5, BETWEEN, "the quantile that is sought", "τ")

    @property
    def lipschitz(self) -> float:
        """The slope is 1 − τ above the target, −τ below."""
        return max(self.parameters["tau"], 1.0 - self.parameters["tau"])

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(1 − τ) max(0, a − y) + τ max(0, y − a)."""
        return (1 - self.tau) * relu(a - y) + self.tau * relu(y - a)
