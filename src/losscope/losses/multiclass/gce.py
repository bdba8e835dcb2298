"""Generalised cross-entropy."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Total
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX, Interval


class GeneralisedCrossEntropy(Loss):
    """(1 − p^q) / q: cross-entropy as q falls to 0, absolute error at q = 1. Bounded by 1/q.

    Made for wrong labels: an example that the network finds impossible stops pulling.
    """

    name = "gce"
    title = "generalised cross-entropy"
    aliases = (
        "generalized_cross_entropy",
        "CategoricalGeneralizedCrossEntropy",
        "lq",
        "truncated_lq",
    )
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = False, False, True, True
    not_to_be_confused_with = {"lq": "the regression loss |a − y|^q"}
    sources = ("Zhang and Sabuncu, Generalized Cross Entropy Loss, 2018",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.CategoricalGeneralizedCrossEntropy(q={q})",
            outputs=("softmax",),
            target="index",
            defaults={"q": 0.5},
        ),
    )

    q = Parameter(
        0.7, Interval(0.0, 1.0, low_in=False), "0 for cross-entropy, 1 for absolute error", "q"
    )

    @property
    def lipschitz(self) -> float:
        """√2 p^q (1 − p) at p = q / (1 + q), for two classes."""
        q = self.parameters["q"]
        return math.sqrt(2.0) * math.pow(q / (1.0 + q), q) / (1.0 + q)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ y_k (1 − a_k^q) / q."""
        return Total(y * (1 - a**self.q)) / self.q
