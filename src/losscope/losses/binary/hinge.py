"""Hinge loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class Hinge(Loss):
    """The loss of the support vector machine: nothing beyond the margin, a line before it.

    Targets are −1 and +1; the prediction is a raw score, not a probability.
    """

    name = "hinge"
    title = "hinge"
    aliases = ("hinge_loss", "svm", "HingeLoss", "max_margin")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = False, True, False, False
    elicits = "mode"
    kinks = "at y a = 1, where the slope is taken as 0"
    not_to_be_confused_with = {
        "HingeEmbeddingLoss": "PyTorch's loss of a distance, another thing altogether"
    }
    sources = ("Cortes and Vapnik, Support-Vector Networks, 1995",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.Hinge()",
            "raw_prediction",
            ("identity",),
            names=("hinge",),
            note="a batch of 0 and 1 only is turned into signs",
        ),
        Dialect(
            "optax", "optax.hinge_loss(predictor_outputs, targets)", "raw_prediction", ("identity",)
        ),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDClassifier(loss="hinge")',
            "raw_prediction",
            ("identity",),
            target="zero_one",
            names=("sklearn.svm.SVC()", 'sklearn.svm.LinearSVC(loss="hinge")'),
            role="objective",
            note="two labels of any kind; at the kink its slope is −y",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.hinge_loss(y_true, pred_decision)",
            "raw_prediction",
            ("identity",),
            role="metric",
        ),
        Dialect(
            "xgboost",
            'dict(objective="binary:hinge")',
            "raw_prediction",
            ("identity",),
            target="zero_one",
            role="objective",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """The slope is −y or 0."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, 1 − y a)."""
        return relu(1 - y * a)
