"""Asymmetric loss of exclusive classes."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import K, Total, log
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import NONNEGATIVE, ONE_HOT, ZERO_OR_ABOVE_ONE, Interval


class AsymmetricSingle(Loss):
    """Focal loss on a smoothed label, with one γ for the true class and one for its rivals."""

    name = "asymmetric_single"
    title = "asymmetric single-label"
    aliases = ("asl", "AsymmetricLossSingleLabel", "asymmetric_loss", "asl_single_label")
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = False, False, False, False
    not_to_be_confused_with = {"asl": "for several labels at once"}
    sources = ("Ridnik et al., Asymmetric Loss for Multi-Label Classification, 2021",)

    gamma_neg = Parameter(4.0, NONNEGATIVE, "how fast interest in rivals fades", "γ₋")
    gamma_pos = Parameter(1.0, ZERO_OR_ABOVE_ONE, "how fast interest in the true class fades", "γ₊")
    smoothing = Parameter(
        0.1, Interval(0.0, 1.0, high_in=False), "share of the label spread over all classes", "ε"
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−Σ t_k w_k log a_k: t is y smoothed, w is (1 − a)^γ₊ for the class, a^γ₋ for others."""
        smoothed = (1 - self.smoothing) * y + self.smoothing / K
        weight = y * (1 - a) ** self.gamma_pos + (1 - y) * a**self.gamma_neg
        return -Total(smoothed * weight * log(a))
