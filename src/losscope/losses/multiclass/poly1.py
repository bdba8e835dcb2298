"""Poly-1 cross-entropy."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Total, log
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX, Interval


class Poly1(Loss):
    """Cross-entropy plus ε (1 − p): the first term of its Taylor series weighed anew."""

    name = "poly1"
    title = "poly-1 cross-entropy"
    aliases = ("poly", "poly_loss", "poly1_cross_entropy", "poly_loss_cross_entropy")
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = False, False, False, False
    not_to_be_confused_with = {"ce": "which is this with ε = 0"}
    sources = ("Leng et al., PolyLoss, 2022",)
    dialects = (
        Dialect(
            "optax",
            "optax.losses.poly_loss_cross_entropy(logits, labels, epsilon={epsilon})",
            "raw_prediction",
            ("softmax",),
        ),
    )

    epsilon = Parameter(
        2.0, Interval(low=-1.0, low_in=False), "weight added to the term 1 − p", "ε"
    )

    def adapt(self) -> None:
        """With ε = 0 it is cross-entropy; up to ε = 1 it stays convex."""
        self.convex = self.parameters["epsilon"] <= 1.0
        if self.parameters["epsilon"] == 0.0:
            self.proper, self.elicits = True, "mean"

    @property
    def lipschitz(self) -> float:
        """√2 (1 + ε p)(1 − p) at its largest p, for two classes."""
        e = self.parameters["epsilon"]
        return math.sqrt(2.0) * ((1.0 + e) ** 2 / (4.0 * e) if e > 1.0 else 1.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ y_k (−log a_k + ε (1 − a_k))."""
        return -Total(y * log(a)) + self.epsilon * Total(y * (1 - a))
