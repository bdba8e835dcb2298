"""Squared ε-insensitive loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE


class SquaredEpsilonInsensitive(Loss):
    """Squared error beyond a tube of radius ε, nothing inside."""

    name = "squared_epsilon_insensitive"
    title = "squared ε-insensitive"
    aliases = ("squared_eps_insensitive", "l2_svr")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, False
    kinks = "none in the slope; the second derivative jumps at |a − y| = ε"
    sources = ("Lee, Hsieh and Huang, ε-SSVR, 2005",)
    dialects = (
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDRegressor(loss="squared_epsilon_insensitive", '
            "epsilon={epsilon})",
            "raw_prediction",
            ("identity",),
            role="objective",
        ),
    )

    epsilon = Parameter(0.1, NONNEGATIVE, "error that costs nothing", "ε")

    def adapt(self) -> None:
        """With ε = 0 it is squared error."""
        if self.parameters["epsilon"] == 0.0:
            self.proper, self.elicits = True, "mean"

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, |a − y| − ε)²."""
        return relu(Abs(a - y) - self.epsilon) ** 2
