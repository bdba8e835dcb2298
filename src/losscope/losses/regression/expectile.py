"""Expectile loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import BETWEEN


class Expectile(Loss):
    """Squared error that weighs the two sides differently, and so finds an expectile.

    Also called asymmetric least squares. Twice the loss at τ = ½ is squared error.
    """

    name = "expectile"
    title = "expectile"
    aliases = ("expectile_loss", "asymmetric_squared", "als", "expectileerror")
    tasks = ("regression", "counts")
    output = "identity"
    proper, convex, bounded, robust = True, True, False, False
    elicits = "expectile"
    kinks = "none in the slope; the second derivative jumps at a = y"
    not_to_be_confused_with = {"pinball": "which weighs distances, and finds a quantile"}
    sources = ("Newey and Powell, Asymmetric Least Squares, 1987",)
    dialects = (
        Dialect("torch", "torch.nn.MSELoss()", factor="2", requires={"tau": 0.5}),
        Dialect("keras", "keras.losses.MeanSquaredError()", factor="2", requires={"tau": 0.5}),
        Dialect(
            "optax",
            "optax.losses.squared_error(predictions, targets)",
            factor="2",
            requires={"tau": 0.5},
        ),
    )

    tau = Parameter(0.5, BETWEEN, "the expectile that is sought", "τ")

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """(1 − τ) max(0, a − y)² + τ max(0, y − a)²."""
        return (1 - self.tau) * relu(a - y) ** 2 + self.tau * relu(y - a) ** 2
