"""Cross-entropy in λ."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE, UNIT


class LambdaCrossEntropy(Loss):
    """Cross-entropy of "at least one event", when events arrive at rate w log (1 + e^z).

    The probability is 1 − (1 − a)^w with a = σ(z). With w = 1 it is binary cross-entropy.
    """

    name = "lambda_ce"
    title = "λ-parametrised cross-entropy"
    aliases = ("cross_entropy_lambda", "xentlambda", "lambda_cross_entropy")
    tasks = ("binary", "multilabel")
    output = "sigmoid"
    target = UNIT
    proper, bounded, robust = True, False, False
    elicits = "mean"
    not_to_be_confused_with = {"bce": "a weight w there multiplies the loss, here the rate"}
    sources = ("LightGBM, cross_entropy_lambda, 2017",)
    dialects = (
        Dialect(
            "lightgbm",
            'dict(objective="cross_entropy_lambda")',
            "raw_prediction",
            ("sigmoid",),
            names=("xentlambda",),
            requires={"weight": 1.0},
            role="objective",
            note="w is the weight of the row",
        ),
    )

    weight = Parameter(1.0, POSITIVE, "exposure: how many times the event could happen", "w")

    def adapt(self) -> None:
        """Convexity is known for w = 1, where it is binary cross-entropy."""
        self.convex = True if self.parameters["weight"] == 1.0 else None

    def probability(self, a: sp.Expr) -> sp.Expr:
        """1 − (1 − a)^w."""
        return 1 - (1 - a) ** self.weight

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−y log (1 − (1 − a)^w) − (1 − y) w log (1 − a)."""
        return -y * log(1 - (1 - a) ** self.weight) - (1 - y) * self.weight * log(1 - a)
