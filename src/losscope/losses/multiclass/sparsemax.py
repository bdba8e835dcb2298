"""Sparsemax loss."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import SparsePeak, Total, sparsemax
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ONE_HOT


class Sparsemax(Loss):
    """The Fenchel–Young loss of the projection onto the simplex: probabilities may be exactly 0.

    Its slope is Π(z) − y, prediction minus target, as that of cross-entropy is softmax(z) − y. It
    is exactly 0 once the true class leads by 1.
    """

    name = "sparsemax"
    title = "sparsemax"
    aliases = (
        "sparsemax_loss",
        "multiclass_sparsemax",
        "multiclass_sparsemax_loss",
        "fenchel_young",
    )
    tasks = ("multiclass",)
    output = "identity"
    score = True
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    kinks = "none in the slope; the second derivative jumps where a class enters the support"
    not_to_be_confused_with = {"ce": "the Fenchel–Young loss of softmax, which never reaches 0"}
    sources = (
        "Martins and Astudillo, From Softmax to Sparsemax, 2016",
        "Blondel, Martins and Niculae, Learning with Fenchel–Young Losses, 2020",
    )
    dialects = (
        Dialect(
            "optax",
            "optax.losses.multiclass_sparsemax_loss(scores, labels)",
            "raw_prediction",
            ("identity",),
            target="index",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """‖Π(z) − y‖ ≤ √2."""
        return math.sqrt(2.0)

    def probability(self, a: sp.Expr) -> sp.Expr:
        """Π(a), the projection onto the simplex."""
        return sparsemax(a)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max over probabilities p of ⟨p, a⟩ + ½ (1 − ‖p‖²), less a_class."""
        return SparsePeak(a - Total(y * a))
