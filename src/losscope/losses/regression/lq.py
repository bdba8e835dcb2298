"""Lq loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import Interval


class Lq(Loss):
    """|a − y|^q: absolute error at q = 1, squared error at q = 2, the largest error as q grows."""

    name = "lq"
    title = "Lq"
    aliases = ("lp", "lq_loss", "power_loss")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, False
    kinks = "at a = y for q = 1, where the slope is taken as 0"
    not_to_be_confused_with = {"gce": "which is also called Lq loss, and is for classes"}
    sources = ("Sposito, Minimizing the Sum of Absolute Deviations, 1978",)
    dialects = (
        Dialect("torch", "torch.nn.MSELoss()", requires={"q": 2.0}),
        Dialect("torch", "torch.nn.L1Loss()", requires={"q": 1.0}),
        Dialect("keras", "keras.losses.MeanSquaredError()", requires={"q": 2.0}),
        Dialect("keras", "keras.losses.MeanAbsoluteError()", requires={"q": 1.0}),
    )

    q = Parameter(1.5, Interval(low=1.0), "the power", "q")

    def adapt(self) -> None:
        """At q = 1 it is absolute error, at q = 2 squared error."""
        if self.parameters["q"] == 1.0:
            self.proper, self.robust, self.elicits = True, True, "median"
        if self.parameters["q"] == 2.0:
            self.proper, self.elicits = True, "mean"

    @property
    def lipschitz(self) -> float | None:
        """1 at q = 1; none else."""
        return 1.0 if self.parameters["q"] == 1.0 else None

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """|a − y|^q."""
        return Abs(a - y) ** self.q
