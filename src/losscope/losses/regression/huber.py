"""Huber loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, where
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE


class Huber(Loss):
    """Half squared error near the target, a line of slope δ beyond.

    With large δ it is half the squared error; divided by δ it is SmoothL1 with β = δ.
    """

    name = "huber"
    title = "Huber"
    aliases = ("HuberLoss", "huber_loss")
    tasks = ("regression", "counts", "binary", "multiclass", "multilabel")
    output = "identity"
    convex, bounded, robust = True, False, True
    kinks = "none in the slope; the second derivative jumps at |a − y| = δ"
    not_to_be_confused_with = {"SmoothL1": "Huber divided by δ", "modified Huber": "a margin loss"}
    sources = ("Huber, Robust Estimation of a Location Parameter, 1964",)
    dialects = (
        Dialect("torch", "torch.nn.HuberLoss(delta={delta})"),
        Dialect("keras", "keras.losses.Huber(delta={delta})"),
    )

    delta = Parameter(1.0, POSITIVE, "distance at which the parabola becomes a line", "δ")

    @property
    def lipschitz(self) -> float:
        """δ."""
        return self.parameters["delta"]

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """½ e² where |e| ≤ δ, else δ (|e| − ½ δ), with e = a − y."""
        e = a - y
        return where(Abs(e) <= self.delta, e**2 / 2, self.delta * (Abs(e) - self.delta / 2))
