"""Perceptron loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class Perceptron(Loss):
    """The hinge without its margin: only wrong scores cost. A score of 0 costs nothing at all."""

    name = "perceptron"
    title = "perceptron"
    aliases = ("perceptron_loss", "hinge_at_zero")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = False, True, False, False
    kinks = "at a = 0, where the slope is taken as 0: a network that outputs 0 does not learn"
    not_to_be_confused_with = {"hinge": "which asks for a margin of 1"}
    sources = ("Rosenblatt, The Perceptron, 1958",)
    dialects = (
        Dialect(
            "optax",
            "optax.losses.perceptron_loss(predictor_outputs, targets)",
            "raw_prediction",
            ("identity",),
        ),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDClassifier(loss="perceptron")',
            "raw_prediction",
            ("identity",),
            target="zero_one",
            names=("sklearn.linear_model.Perceptron()",),
            role="objective",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """The slope is −y or 0."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, −y a)."""
        return relu(-y * a)
