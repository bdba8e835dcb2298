"""Temperature."""

from __future__ import annotations

from typing import Any

import sympy as sp

from losscope.errors import LosscopeError
from losscope.losses.options.base import Option
from losscope.losses.parameters import exact


class Temperature(Option):
    """Raw predictions divided by T before the output activation: T > 1 softens, T < 1 sharpens.

    The gradient in z carries a factor 1/T; distillation multiplies the loss by T² to undo it twice.
    """

    keyword = "temperature"
    also = ("T",)
    rank = 10

    def check(self, setting: Any) -> float:
        """A positive number."""
        if not isinstance(setting, int | float) or not 0 < setting < float("inf"):
            raise LosscopeError(f"temperature must be a positive number, got {setting!r}")
        return float(setting)

    def adapt(self) -> None:
        """A score loss has no activation to soften, but its scores are divided all the same."""

    @property
    def lipschitz(self) -> float | None:
        """That of the loss, over T."""
        inner = self.loss.lipschitz
        return None if inner is None else inner / float(self.setting)

    def entering(self, z: sp.Expr) -> sp.Expr:
        """z / T."""
        return self.loss.entering(z / exact(self.setting))
