"""Weight of the positive class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import sympy as sp

from losscope.calculus.functions import per_class
from losscope.errors import LosscopeError
from losscope.losses.options.base import Option
from losscope.losses.options.class_weights import (
    as_unit,
    check_weights,
    present_everywhere,
    two_classes,
    unfitted,
    weigh_two,
)
from losscope.losses.parameters import exact

if TYPE_CHECKING:
    from losscope.losses.base import Array, Loss


class PosWeight(Option):
    """The positive class counts w times: −w y log a − (1 − y) log (1 − a) for cross-entropy.

    One number, one for each output, or "balanced": negatives over positives among the training
    targets, output by output.
    """

    keyword = "pos_weight"
    also: ClassVar[tuple[str, ...]] = ("positive_weight", "scale_pos_weight")
    rank = 21

    def check(self, setting: Any) -> Any:
        """A number ≥ 0, a list of them, or "balanced"."""
        if not two_classes(self.loss):
            raise self.refuse("it has no positive class; use class_weights")
        if isinstance(setting, int | float):
            setting = (setting,)
        weights = check_weights(setting, self.keyword)
        return weights[0] if weights != "balanced" and len(weights) == 1 else weights

    def adapt(self) -> None:
        """Weighted probabilities are not those of the data."""
        self.proper, self.elicits = (False if self.proper is not None else None), None

    @property
    def lipschitz(self) -> float | None:
        """The larger of w and 1, times that of the loss."""
        inner = self.loss.lipschitz
        known = inner is not None and isinstance(self.setting, float)
        return inner * max(1.0, self.setting) if known and inner is not None else None

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The positive part of ℓ times w."""
        if self.setting == "balanced":
            raise unfitted(self)
        weights = self.setting
        w = exact(weights) if isinstance(weights, float) else per_class(*map(exact, weights))
        return weigh_two(self.loss, a, y, sp.S.One, w)

    def fitted(self, target: Array) -> Loss:
        """Resolve "balanced" from training targets, in the loss's own encoding."""
        setting = self.setting
        if setting == "balanced":
            share = as_unit(self.loss, np.asarray(target))
            positive, negative = share.sum(axis=0), (1 - share).sum(axis=0)
            present_everywhere(positive, self)
            setting = tuple(float(v) for v in negative / positive)
        return type(self)(self.loss.fitted(target), setting)

    def example_weights(self, target: Array) -> Array:
        """1, or w for positives (mean over outputs), times what is inside."""
        if self.setting == "balanced":
            raise unfitted(self)
        share = as_unit(self.loss, target)
        own = 1 + (np.asarray(self.setting) - 1) * share
        return np.asarray(self.loss.example_weights(target) * np.mean(own, axis=1))


class Alpha(PosWeight):
    """The α of focal losses: weight α for the positive class, 1 − α for the negative one."""

    keyword = "alpha"
    also = ("alpha_balance",)

    def check(self, setting: Any) -> Any:
        """A number in [0, 1]."""
        if not two_classes(self.loss):
            raise self.refuse("it has no positive class; use class_weights")
        if not isinstance(setting, int | float) or not 0 <= setting <= 1:
            raise LosscopeError(f"alpha must be a number in [0, 1], got {setting!r}")
        return float(setting)

    @property
    def lipschitz(self) -> float | None:
        """The larger of α and 1 − α, times that of the loss."""
        inner = self.loss.lipschitz
        return None if inner is None else inner * max(self.setting, 1.0 - self.setting)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The positive part of ℓ times α, the negative part times 1 − α."""
        share = exact(self.setting)
        return weigh_two(self.loss, a, y, 1 - share, share)

    def fitted(self, target: Array) -> Loss:
        """Nothing to resolve here."""
        return type(self)(self.loss.fitted(target), self.setting)

    def example_weights(self, target: Array) -> Array:
        """α for positives, 1 − α for negatives (mean over outputs), times what is inside."""
        share = as_unit(self.loss, target)
        own = self.setting * share + (1 - self.setting) * (1 - share)
        return np.asarray(self.loss.example_weights(target) * np.mean(own, axis=1))
