"""Squared hinge loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class SquaredHinge(Loss):
    """The hinge, squared: smooth at the margin, and heavy on scores that are far wrong.

    Targets are −1 and +1. A score is no probability, so this is no scoring rule as it stands; but
    unlike the hinge it knows probabilities: its best score is 2p − 1, and (1 + a) / 2, cut to
    [0, 1], gives p back. In that sense, through this link, it is proper.
    """

    name = "squared_hinge"
    title = "squared hinge"
    aliases = ("SquaredHinge", "l2_hinge", "l2_svm")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    kinks = "none in the slope; the second derivative jumps at y a = 1"
    sources = ("Cortes and Vapnik, Support-Vector Networks, 1995",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.SquaredHinge()",
            "raw_prediction",
            ("identity",),
            names=("squared_hinge",),
            note="a batch of 0 and 1 only is turned into signs",
        ),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDClassifier(loss="squared_hinge")',
            "raw_prediction",
            ("identity",),
            target="zero_one",
            names=("sklearn.svm.LinearSVC()",),
            role="objective",
        ),
    )

    def probability(self, a: sp.Expr) -> sp.Expr:
        """(1 + a) / 2, cut to [0, 1]."""
        return relu((1 + a) / 2) - relu((a - 1) / 2)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, 1 − y a)²."""
        return relu(1 - y * a) ** 2
