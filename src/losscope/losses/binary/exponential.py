"""Exponential loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import exp, sigmoid
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class Exponential(Loss):
    """e^(−y a), the loss that AdaBoost descends. Its best score is half the log-odds."""

    name = "exponential"
    title = "exponential"
    aliases = ("exponential_loss", "ExponentialLoss", "adaboost", "exp_loss")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    sources = (
        "Freund and Schapire, A Decision-Theoretic Generalization of On-Line Learning, 1997",
    )
    dialects = (
        Dialect(
            "sklearn",
            "sklearn._loss.loss.ExponentialLoss()",
            "raw_prediction",
            ("identity",),
            target="zero_one",
            names=('sklearn.ensemble.GradientBoostingClassifier(loss="exponential")',),
        ),
    )

    def probability(self, a: sp.Expr) -> sp.Expr:
        """σ(2 a)."""
        return sigmoid(2 * a)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """e^(−y a)."""
        return exp(-y * a)
