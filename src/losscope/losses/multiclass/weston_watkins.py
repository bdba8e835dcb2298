"""Multi-class hinge of Weston and Watkins."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import K, Total, relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ONE_HOT, POSITIVE, Values


class WestonWatkins(Loss):
    """Every rival that comes within the margin of the true class costs.

    Divided by the number of classes K, as PyTorch's MultiMarginLoss does.
    """

    name = "weston_watkins"
    title = "Weston–Watkins hinge"
    aliases = ("MultiMarginLoss", "multi_margin", "multi_margin_loss", "multiclass_margin")
    tasks = ("multiclass",)
    output = "identity"
    score = True
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = False, True, False, False
    kinks = "for p = 1 where a rival is exactly at the margin; its slope is taken as 0 there"
    not_to_be_confused_with = {"crammer_singer": "which counts the strongest rival alone"}
    sources = (
        "Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999",
    )
    dialects = (
        Dialect(
            "torch",
            "torch.nn.MultiMarginLoss(p={power}, margin={margin})",
            "raw_prediction",
            ("identity",),
            target="index",
            names=("F.multi_margin_loss",),
            options={"weight": "class_weights"},
        ),
    )

    margin = Parameter(1.0, POSITIVE, "lead that the true class should have", "m")
    power = Parameter(1.0, Values((1.0, 2.0)), "1 for the hinge, 2 for its square", "p")

    @property
    def lipschitz(self) -> float | None:
        """√(1 − 1/K) for the hinge, which grows to 1; none for its square."""
        return 1.0 if self.parameters["power"] == 1.0 else None

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ over rivals k of max(0, m − a_class + a_k)^p, over K."""
        return Total((1 - y) * relu(self.margin + a - Total(y * a)) ** self.power) / K
