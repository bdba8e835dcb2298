"""Kullback–Leibler divergence."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Total, log, xlogy
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX


class KullbackLeibler(Loss):
    """How far a predicted distribution is from the target distribution, in nats.

    Cross-entropy less the target's own entropy: the same slope, and 0 at a = y.
    """

    name = "kl"
    title = "Kullback–Leibler divergence"
    aliases = ("kl_divergence", "KLDivergence", "KLDivLoss", "kullback_leibler", "kld")
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "ce": "the same slope; they differ by the entropy of the target, 0 for labels",
        "reverse KL": "which takes the logarithm of a/y, averaged under a",
    }
    sources = ("Kullback and Leibler, On Information and Sufficiency, 1951",)
    dialects = (
        Dialect(
            "torch",
            'torch.nn.KLDivLoss(reduction="batchmean")',
            "log_prediction",
            ("softmax",),
            names=("F.kl_div",),
            defaults={"log_target": False},
            unit="elements",
            note='its default reduction "mean" divides by K as well',
        ),
        Dialect(
            "keras",
            "keras.losses.KLDivergence()",
            names=("kl_divergence", "kld", "KLD"),
            guard={"a": "clip(a, 1e-7, 1)", "y": "clip(y, 1e-7, 1)"},
            note="clips both at 1e-7",
        ),
        Dialect(
            "optax",
            "optax.kl_divergence(log_predictions, targets)",
            "log_prediction",
            ("softmax",),
        ),
    )

    @property
    def lipschitz(self) -> float:
        """‖a − y‖ ≤ √2."""
        return math.sqrt(2.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ y_k log (y_k / a_k)."""
        return Total(xlogy(y, y)) - Total(y * log(a))
