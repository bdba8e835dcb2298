"""Multi-class perceptron loss."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Peak, Total
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ONE_HOT


class MulticlassPerceptron(Loss):
    """By how much the strongest class outscores the true one; nothing when that is the true one.

    Equal scores cost nothing at all.
    """

    name = "multiclass_perceptron"
    title = "multi-class perceptron"
    aliases = ("perceptron", "perceptron_loss", "multiclass_perceptron_loss")
    tasks = ("multiclass",)
    output = "identity"
    score = True
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = False, True, False, False
    kinks = "where classes tie for the maximum; the first of them takes the slope"
    not_to_be_confused_with = {"crammer_singer": "which asks for a margin of 1"}
    sources = ("Collins, Discriminative Training Methods for Hidden Markov Models, 2002",)
    dialects = (
        Dialect(
            "optax",
            "optax.losses.multiclass_perceptron_loss(scores, labels)",
            "raw_prediction",
            ("identity",),
            target="index",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """One class is pushed, one pulled: √2."""
        return math.sqrt(2.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max_k a_k − a_class."""
        return Peak(a - Total(y * a))
