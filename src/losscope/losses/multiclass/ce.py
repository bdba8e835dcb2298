"""Categorical cross-entropy."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Total, log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX


class CrossEntropy(Loss):
    """Negative log-likelihood of one class among many exclusive ones.

    Also called softmax cross-entropy, multinomial log loss, negative log-likelihood.
    """

    name = "ce"
    title = "categorical cross-entropy"
    aliases = (
        "cce",
        "cross-entropy",
        "crossentropy",
        "categorical_crossentropy",
        "categorical_cross_entropy",
        "sparse_categorical_crossentropy",
        "softmax_cross_entropy",
        "log_loss",
        "logloss",
        "nll",
        "NLLLoss",
        "CrossEntropyLoss",
    )
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {"bce": "which treats each class as a question of its own"}
    sources = ("Good, Rational Decisions, 1952", "Bridle, Probabilistic Interpretation, 1990")
    dialects = (
        Dialect(
            "torch", "torch.nn.CrossEntropyLoss()", "raw_prediction", ("softmax",), target="index"
        ),
        Dialect(
            "keras",
            "keras.losses.CategoricalCrossentropy(from_logits=True)",
            "raw_prediction",
            ("softmax",),
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−Σ y_k log a_k."""
        return -Total(y * log(a))
