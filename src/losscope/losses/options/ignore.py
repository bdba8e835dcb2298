"""Targets to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from losscope.calculus.functions import Peak, where
from losscope.errors import LosscopeError
from losscope.losses.domains import Or, Values
from losscope.losses.options.base import Option
from losscope.losses.parameters import exact

if TYPE_CHECKING:
    from losscope.losses.base import Array


class Ignore(Option):
    """Targets equal to a marker (−1, −100, 255 …) cost nothing and pull at nothing.

    A target is ignored output by output; where classes enter together, the whole row must hold the
    marker. They still count in a plain mean: `weighted mean` divides by the targets that are left.
    """

    keyword = "ignore"
    also = ("ignore_index", "ignore_value", "mask_value")
    rank = 40

    def check(self, setting: Any) -> float:
        """A number that is not a target itself."""
        if isinstance(setting, bool) or not isinstance(setting, int | float):
            raise LosscopeError(f"ignore must be a number, got {setting!r}")
        marker = float(setting)
        if not np.isfinite(marker):
            raise LosscopeError("ignore must be a finite number; replace NaN targets by −1, say")
        if not self.vector and self.target.contains(np.array([[marker]])).all():
            raise self.refuse(f"{marker:g} is {self.target.describe()}, a target like any other")
        return marker

    def adapt(self) -> None:
        """The marker is a legitimate target now."""
        self.target = Or(self.loss.target, Values((self.setting,)), whole_row=self.vector)

    def target_symbol(self, output: str | None = None) -> sp.Symbol:
        """The symbol y, which may now be negative."""
        return type(super().target_symbol(output))("y", real=True)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """0 at the marker, else ℓ."""
        marked = sp.Eq(Peak(y) if self.vector else y, exact(self.setting))
        return where(marked, sp.S.Zero, self.loss.formula(a, y))

    def example_weights(self, target: Array) -> Array:
        """The share of an example's targets that are left, times what is inside."""
        marked = np.asarray(target) == self.setting
        left = 1.0 - np.mean(marked, axis=1)
        filled = np.where(marked, 0.0, target)
        return np.asarray(left * self.loss.example_weights(filled))
