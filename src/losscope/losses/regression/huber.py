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
    not_to_be_confused_with = {
        "SmoothL1": "Huber divided by δ",
        "modified Huber": "a margin loss",
        "HuberRegressor": "scikit-learn's, which learns the scale of the errors as well",
    }
    sources = ("Huber, Robust Estimation of a Location Parameter, 1964",)
    dialects = (
        Dialect("torch", "torch.nn.HuberLoss(delta={delta})", names=("F.huber_loss",)),
        Dialect(
            "torch",
            "torch.nn.SmoothL1Loss(beta={delta})",
            factor="1/delta",
            names=("F.smooth_l1_loss",),
            note="beta=0 is the absolute error",
        ),
        Dialect("keras", "keras.losses.Huber(delta={delta})", names=("huber",)),
        Dialect("optax", "optax.huber_loss(predictions, targets, delta={delta})"),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDRegressor(loss="huber", epsilon={delta})',
            "raw_prediction",
            ("identity",),
            defaults={"epsilon": 0.1},
            role="objective",
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HuberLoss(delta={delta})",
            "raw_prediction",
            ("identity",),
            defaults={"delta": 0.5},
            note="GradientBoostingRegressor(loss='huber') moves delta to a quantile of |y − a|",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="huber", alpha={delta})',
            "raw_prediction",
            ("identity",),
            defaults={"alpha": 0.9},
            role="objective",
        ),
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
