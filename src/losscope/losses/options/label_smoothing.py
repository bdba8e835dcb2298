"""Label smoothing."""

from __future__ import annotations

from typing import Any

import sympy as sp

from losscope.calculus.functions import K
from losscope.errors import LosscopeError
from losscope.losses.domains import Interval, Simplex
from losscope.losses.options.base import Option
from losscope.losses.parameters import exact


class LabelSmoothing(Option):
    """Targets moved towards indifference: (1 − ε) y + ε/K over K classes, (1 − ε) y + ε/2 for one.

    The first as in PyTorch, Keras and optax for exclusive classes; the second as in Keras for two
    classes and for labels (timm writes ε/K there, others flip with probability ε: twice this).
    Class weights apply to the smoothed target, as in PyTorch.
    """

    keyword = "label_smoothing"
    also = ("smoothing_of_labels",)
    rank = 30

    def check(self, setting: Any) -> float:
        """A number in [0, 1), for a loss that takes soft targets."""
        if not isinstance(setting, int | float) or not 0 <= setting < 1:
            raise LosscopeError(f"label_smoothing must be a number in [0, 1), got {setting!r}")
        soft = self.target == Simplex() or (
            isinstance(self.target, Interval) and (self.target.low, self.target.high) == (0, 1)
        )
        if not soft:
            raise self.refuse(
                f"its target is {self.target.describe()}, and smoothed labels are not"
            )
        return float(setting)

    def adapt(self) -> None:
        """Probabilities are pulled towards indifference; the shape in z stays."""
        if self.setting:
            self.proper, self.elicits = (False if self.proper is not None else None), None

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """ℓ at the smoothed target."""
        share = exact(self.setting)
        return self.loss.formula(a, (1 - share) * y + share / (K if self.vector else 2))
