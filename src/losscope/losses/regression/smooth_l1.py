"""Smooth L1."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, where
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import POSITIVE


class SmoothL1(Loss):
    """Huber divided by its δ: a parabola near the target, a line of slope 1 beyond.

    As β falls to 0 it becomes absolute error, where Huber with δ falling to 0 vanishes.
    """

    name = "smooth_l1"
    title = "smooth L1"
    aliases = ("SmoothL1Loss", "smooth_l1_loss", "smooth absolute error")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, True
    kinks = "none in the slope; the second derivative jumps at |a − y| = β"
    not_to_be_confused_with = {"huber": "β times this loss, with slope δ beyond δ"}
    sources = ("Girshick, Fast R-CNN, 2015",)
    dialects = (
        Dialect("torch", "torch.nn.SmoothL1Loss(beta={beta})", names=("F.smooth_l1_loss",)),
        Dialect("torch", "torch.nn.HuberLoss(delta={beta})", factor="beta"),
        Dialect("keras", "keras.losses.Huber(delta={beta})", factor="beta"),
        Dialect("optax", "optax.huber_loss(predictions, targets, delta={beta})", factor="beta"),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDRegressor(loss="huber", epsilon={beta})',
            "raw_prediction",
            ("identity",),
            factor="beta",
            defaults={"epsilon": 0.1},
            role="objective",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="huber", alpha={beta})',
            "raw_prediction",
            ("identity",),
            factor="beta",
            defaults={"alpha": 0.9},
            role="objective",
        ),
    )

    beta = Parameter(1.0, POSITIVE, "distance at which the parabola becomes a line", "β")

    @property
    def lipschitz(self) -> float:
        """The slope is (a − y) / β, cut at 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """e² / 2β where |e| < β, else |e| − β/2, with e = a − y."""
        e = a - y
        return where(Abs(e) < self.beta, e**2 / (2 * self.beta), Abs(e) - self.beta / 2)
