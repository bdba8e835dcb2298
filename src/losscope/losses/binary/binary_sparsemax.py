"""Binary sparsemax loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu, where
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIGNS


class BinarySparsemax(Loss):
    """The Fenchel–Young loss of the projection onto [0, 1]: a hinge with a rounded corner.

    A quarter of modified Huber. Exactly 0 beyond the margin, and (1 + a)/2, cut to [0, 1], is a
    probability that can be exactly 0.
    """

    name = "binary_sparsemax"
    title = "binary sparsemax"
    aliases = ("sparsemax", "sparsemax_loss", "sparse_plus", "huberised_hinge")
    tasks = ("binary", "multilabel")
    output = "identity"
    score = True
    signs = True
    target = SIGNS
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    kinks = "none in the slope; the second derivative jumps at y a = ±1"
    not_to_be_confused_with = {"sparsemax": "its sibling for many exclusive classes"}
    sources = (
        "Martins and Astudillo, From Softmax to Sparsemax, 2016",
        "Blondel, Martins and Niculae, Learning with Fenchel–Young Losses, 2020",
    )
    dialects = (
        Dialect(
            "optax",
            "optax.losses.sparsemax_loss(logits, labels)",
            "raw_prediction",
            ("identity",),
            target="zero_one",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """1, on the tail."""
        return 1.0

    def probability(self, a: sp.Expr) -> sp.Expr:
        """(1 + a) / 2, cut to [0, 1]."""
        return relu((1 + a) / 2) - relu((a - 1) / 2)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, 1 − m)² / 4 where m = y a ≥ −1, else −m."""
        margin = y * a
        return where(margin >= -1, relu(1 - margin) ** 2 / 4, -margin)
