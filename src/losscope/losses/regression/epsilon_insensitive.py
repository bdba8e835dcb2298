"""ε-insensitive loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE


class EpsilonInsensitive(Loss):
    """Absolute error beyond a tube of radius ε, nothing inside: support vector regression."""

    name = "epsilon_insensitive"
    title = "ε-insensitive"
    aliases = ("eps_insensitive", "svr", "epsilon_insensitive_loss")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, True
    kinks = "at |a − y| = ε, where the slope is taken as 0"
    not_to_be_confused_with = {"huber": "which is steep outside and curved inside"}
    sources = ("Vapnik, The Nature of Statistical Learning Theory, 1995",)
    dialects = (
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDRegressor(loss="epsilon_insensitive", epsilon={epsilon})',
            "raw_prediction",
            ("identity",),
            names=("sklearn.svm.SVR(epsilon={epsilon})",),
            role="objective",
        ),
    )

    epsilon = Parameter(0.1, NONNEGATIVE, "error that costs nothing", "ε")

    def adapt(self) -> None:
        """With ε = 0 it is absolute error."""
        if self.parameters["epsilon"] == 0.0:
            self.proper, self.elicits = True, "median"

    @property
    def lipschitz(self) -> float:
        """The slope is −1, 0 or 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, |a − y| − ε)."""
        return relu(Abs(a - y) - self.epsilon)
