"""Categorical focal loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Total, log
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX, ZERO_OR_ABOVE_ONE


class CategoricalFocal(Loss):
    """Cross-entropy that loses interest in examples it already gets right, by (1 − p)^γ.

    With γ = 0 it is cross-entropy. Between 0 and 1 its slope would be 0/0 in floating point where
    a class is all but certain, so such a γ is refused.
    """

    name = "categorical_focal"
    title = "categorical focal"
    aliases = ("focal", "focal_loss", "CategoricalFocalCrossentropy", "softmax_focal")
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = False, False, False, False
    not_to_be_confused_with = {"focal": "which asks of each class apart, under a sigmoid"}
    sources = ("Lin et al., Focal Loss for Dense Object Detection, 2017",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma={gamma}, from_logits=True)",
            "raw_prediction",
            ("softmax",),
            factor="alpha",
            defaults={"alpha": 0.25, "from_logits": False},
            options={"label_smoothing": "label_smoothing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            note="alpha multiplies every class; clips the probability at 1e-7",
        ),
        Dialect(
            "keras",
            "keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma={gamma})",
            names=("categorical_focal_crossentropy",),
            factor="alpha",
            defaults={"alpha": 0.25, "from_logits": False},
            options={"label_smoothing": "label_smoothing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            note="alpha multiplies every class; clips the probability at 1e-7",
        ),
    )

    gamma = Parameter(2.0, ZERO_OR_ABOVE_ONE, "how fast interest fades with confidence", "γ")

    def adapt(self) -> None:
        """With γ = 0 it is cross-entropy."""
        if self.parameters["gamma"] == 0.0:
            self.proper, self.convex, self.elicits = True, True, "mean"

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−Σ y_k (1 − a_k)^γ log a_k."""
        return -Total(y * (1 - a) ** self.gamma * log(a))
