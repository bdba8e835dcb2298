"""Asymmetric loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log, relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import NONNEGATIVE, ZERO_ONE, Interval


class Asymmetric(Loss):
    """Focal loss with its own γ for each side, and a margin below which absent labels cost nothing.

    For many labels of which few are present. Others sum over labels; here it is their mean.
    """

    name = "asl"
    title = "asymmetric"
    aliases = ("asymmetric_loss", "AsymmetricLoss", "AsymmetricLossMultiLabel", "asymmetric_focal")
    tasks = ("binary", "multilabel")
    output = "sigmoid"
    target = ZERO_ONE
    proper, convex, bounded, robust = False, False, False, False
    kinks = "none in the slope for γ₋ > 1; at a = m for γ₋ = 1, where the slope is taken as 0"
    not_to_be_confused_with = {"focal": "the same γ on both sides and no margin"}
    sources = ("Ridnik et al., Asymmetric Loss for Multi-Label Classification, 2021",)

    gamma_neg = Parameter(4.0, Interval(low=1.0), "how fast interest in absent labels fades", "γ₋")
    gamma_pos = Parameter(1.0, NONNEGATIVE, "how fast interest in present labels fades", "γ₊")
    clip = Parameter(
        0.05, Interval(0.0, 1.0, high_in=False), "probability below which absence is settled", "m"
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−y (1 − a)^γ₊ log a − (1 − y) s^γ₋ log (1 − s), with s = max(0, a − m)."""
        shifted = a if self.clip == 0 else relu(a - self.clip)
        present = (1 - a) ** self.gamma_pos * log(a)
        absent = shifted**self.gamma_neg * log(1 - shifted)
        return -y * present - (1 - y) * absent
