"""Binary cross-entropy."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import UNIT


class BinaryCrossEntropy(Loss):
    """Negative log-likelihood of a Bernoulli target.

    Also called logistic loss, log loss, binomial deviance / 2.
    """

    name = "bce"
    title = "binary cross-entropy"
    aliases = (
        "ce",
        "cross-entropy",
        "crossentropy",
        "binary_crossentropy",
        "binary_cross_entropy",
        "log_loss",
        "logloss",
        "logistic",
        "BCELoss",
        "BCEWithLogitsLoss",
        "CrossEntropyLoss",
        "sigmoid_binary_cross_entropy",
    )
    tasks = ("binary", "multilabel", "multiclass")
    output = "sigmoid"
    target = UNIT
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "ce": "the cross-entropy of many exclusive classes, under a softmax",
        "hinge": "which wants targets −1 and +1 and a raw score",
    }
    sources = (
        "Good, Rational Decisions, 1952",
        "Cox, Regression Analysis of Binary Sequences, 1958",
    )
    dialects = (
        Dialect("torch", "torch.nn.BCEWithLogitsLoss()", "raw_prediction", ("sigmoid",)),
        Dialect("torch", "torch.nn.BCELoss()", "prediction", note="each log is cut at −100"),
        Dialect(
            "keras",
            "keras.losses.BinaryCrossentropy(from_logits=True)",
            "raw_prediction",
            ("sigmoid",),
        ),
        Dialect("keras", "keras.losses.BinaryCrossentropy()", "prediction", note="clipped at 1e-7"),
    )

    @property
    def lipschitz(self) -> float:
        """|a − y| ≤ 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−y log a − (1 − y) log(1 − a)."""
        return -y * log(a) - (1 - y) * log(1 - a)
