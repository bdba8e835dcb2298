"""Focal loss for two classes."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE, UNIT


class Focal(Loss):
    """Cross-entropy that loses interest in examples it already gets right, by (1 − p)^γ.

    Also called binary focal cross-entropy. With γ = 0 it is binary cross-entropy.
    """

    name = "focal"
    title = "binary focal"
    aliases = ("binary_focal", "focal_loss", "BinaryFocalCrossentropy", "sigmoid_focal_loss")
    tasks = ("binary", "multilabel")
    output = "sigmoid"
    target = UNIT
    proper, convex, bounded, robust = False, False, False, False
    sources = ("Lin et al., Focal Loss for Dense Object Detection, 2017",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.BinaryFocalCrossentropy(gamma={gamma}, from_logits=True)",
            "raw_prediction",
            ("sigmoid",),
            defaults={"from_logits": False, "apply_class_balancing": False, "alpha": 0.25},
            options={"label_smoothing": "label_smoothing", "alpha": "alpha"},
            switches={"alpha": "apply_class_balancing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            hard=True,
            note="clips the probability at 1e-7 even from logits",
        ),
        Dialect(
            "keras",
            "keras.losses.BinaryFocalCrossentropy(gamma={gamma})",
            names=("binary_focal_crossentropy",),
            defaults={"from_logits": False, "apply_class_balancing": False, "alpha": 0.25},
            options={"label_smoothing": "label_smoothing", "alpha": "alpha"},
            switches={"alpha": "apply_class_balancing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            hard=True,
            note="clips the probability at 1e-7",
        ),
        Dialect(
            "optax",
            "optax.losses.sigmoid_focal_loss(logits, labels, gamma={gamma})",
            "raw_prediction",
            ("sigmoid",),
            options={"alpha": "alpha"},
            hard=True,
        ),
    )

    gamma = Parameter(2.0, NONNEGATIVE, "how fast interest fades with confidence", "γ")

    def adapt(self) -> None:
        """With γ = 0 it is cross-entropy."""
        if self.parameters["gamma"] == 0.0:
            self.proper, self.convex, self.elicits = True, True, "mean"

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−y (1 − a)^γ log a − (1 − y) a^γ log(1 − a)."""
        return -y * (1 - a) ** self.gamma * log(a) - (1 - y) * a**self.gamma * log(1 - a)
