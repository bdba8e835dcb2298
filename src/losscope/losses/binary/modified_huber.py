"""Modified Huber loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu, where
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class ModifiedHuber(Loss):
    """The squared hinge with a straight tail: it forgives scores that are far wrong.

    Its best score is 2p − 1, so a probability can be read off.
    """

    name = "modified_huber"
    title = "modified Huber"
    aliases = ("modified_huber_loss", "smoothed_squared_hinge")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    kinks = "none in the slope; the second derivative jumps at y a = ±1"
    not_to_be_confused_with = {"huber": "the regression loss"}
    sources = ("Zhang, Solving Large Scale Linear Prediction Problems by SGD, 2004",)
    dialects = (
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDClassifier(loss="modified_huber")',
            "raw_prediction",
            ("identity",),
            target="zero_one",
            role="objective",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """4, on the tail."""
        return 4.0

    def probability(self, a: sp.Expr) -> sp.Expr:
        """(1 + a) / 2, cut to [0, 1]."""
        return relu((1 + a) / 2) - relu((a - 1) / 2)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, 1 − m)² where m = y a ≥ −1, else −4 m."""
        margin = y * a
        return where(margin >= -1, relu(1 - margin) ** 2, -4 * margin)
