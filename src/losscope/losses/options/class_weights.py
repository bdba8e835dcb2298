"""Class weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from losscope.calculus.functions import TARGETS, Total, per_class
from losscope.errors import LosscopeError
from losscope.losses.options.base import Option
from losscope.losses.parameters import exact

if TYPE_CHECKING:
    from losscope.losses.base import Array, Loss


class ClassWeights(Option):
    """A weight for each class: [w_1, …, w_K], for two classes [w_0, w_1], or "balanced".

    "balanced" is N / (K n_k), as in scikit-learn, from the training targets (see `Loss.fitted`).
    Cross-entropy and its kin weigh each term −w_k y_k log a_k; other losses are multiplied by the
    weight of their class, Σ w_k y_k. For hard labels both are the same.
    """

    keyword = "class_weights"
    also = ("class_weight", "weight")
    rank = 20

    def check(self, setting: Any) -> Any:
        """Positive numbers, one a class, or "balanced"."""
        if not (self.vector and self.target.kind == "simplex") and not two_classes(self.loss):
            raise self.refuse("it has no classes")
        return check_weights(setting, self.keyword, None if self.vector else 2)

    def adapt(self) -> None:
        """Weighted probabilities are not those of the data."""
        self.proper, self.elicits = (False if self.proper is not None else None), None

    @property
    def lipschitz(self) -> float | None:
        """The largest weight times that of the loss."""
        inner = self.loss.lipschitz
        return None if inner is None or self.setting == "balanced" else inner * max(self.setting)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Each class's part of ℓ times its weight."""
        if self.setting == "balanced":
            raise unfitted(self)
        weights = [exact(w) for w in self.setting]
        if not self.vector:
            return weigh_two(self.loss, a, y, *weights)
        w = per_class(*weights)
        if _homogeneous(self.loss, a):
            return self.loss.formula(a, w * y)
        return Total(w * y) * self.loss.formula(a, y)

    def fitted(self, target: Array) -> Loss:
        """Resolve "balanced" from training targets, in the loss's own encoding."""
        setting = self.setting
        if setting != "balanced" and self.vector:
            self._one_each(target)
        if setting == "balanced":
            counts = target.sum(axis=0) if self.vector else _two_counts(self.loss, target)
            present_everywhere(counts, self)
            setting = tuple(float(v) for v in counts.sum() / (len(counts) * counts))
        return type(self)(self.loss.fitted(target), setting)

    def _one_each(self, target: Array) -> None:
        classes = target.shape[1]
        if len(self.setting) != classes:
            raise LosscopeError(
                f"class_weights must be a list of {classes} numbers, one for each class, or "
                f"balanced; got {len(self.setting)}: {list(self.setting)}"
            )

    def example_weights(self, target: Array) -> Array:
        """The weight of each example's class (mean over outputs), times what is inside."""
        if self.setting == "balanced":
            raise unfitted(self)
        inner = self.loss.example_weights(target)
        weights = np.asarray(self.setting)
        if self.vector:
            self._one_each(target)
            return np.asarray(inner * (target @ weights))
        share = as_unit(self.loss, target)
        return np.asarray(inner * np.mean(weights[0] + (weights[1] - weights[0]) * share, axis=1))


def two_classes(loss: Loss) -> bool:
    """Whether the targets of each output are two classes, 0 and 1 or −1 and +1."""
    return loss.signs or (loss.target.kind == "unit" and not loss.vector)


def as_unit(loss: Loss, target: Any) -> Any:
    """Targets as the share of the positive class."""
    return (1 + target) / 2 if loss.signs else target


def weigh_two(loss: Loss, a: sp.Expr, y: sp.Expr, negative: sp.Expr, positive: sp.Expr) -> sp.Expr:
    """ℓ with a weight for each of two classes.

    Where ℓ is linear in a soft target, each part has its own weight; else the weights are mixed.
    """
    if loss.signs:
        return (negative * (1 - y) + positive * (1 + y)) / 2 * loss.formula(a, y)
    at_one, at_zero = loss.formula(a, sp.S.One), loss.formula(a, sp.S.Zero)
    if sp.expand(loss.formula(a, y) - y * at_one - (1 - y) * at_zero) == 0:
        return positive * y * at_one + negative * (1 - y) * at_zero
    return (positive * y + negative * (1 - y)) * loss.formula(a, y)


def check_weights(setting: Any, keyword: str, count: int | None = None) -> Any:
    """A tuple of positive numbers, or "balanced"."""
    if setting == "balanced":
        return setting
    numbers = setting if isinstance(setting, tuple | list) else ()
    good = all(isinstance(v, int | float) and 0 <= v < float("inf") for v in numbers)
    if not numbers or not good or (count is not None and len(numbers) != count):
        wanted = "two numbers, for the negative and the positive class" if count else "numbers ≥ 0"
        raise LosscopeError(f"{keyword} must be a list of {wanted}, or balanced; got {setting!r}")
    return tuple(float(v) for v in numbers)


def present_everywhere(counts: Any, option: Option) -> None:
    """Raise unless every class has training examples."""
    missing = np.flatnonzero(np.asarray(counts) == 0)
    if missing.size:
        raise LosscopeError(
            f"{option.keyword}=balanced: class {missing[0]} has no training example, so its weight "
            "would be infinite; leave the class out or give the weights"
        )


def unfitted(option: Option) -> LosscopeError:
    """The error for weights that are not known yet."""
    return LosscopeError(
        f"{option.keyword}=balanced is read off training targets, and none are known here; "
        f"write numbers, or in Python call loss.fitted(target) first"
    )


def _two_counts(loss: Loss, target: Array) -> Array:
    share = as_unit(loss, target)
    return np.array([(1 - share).sum(), share.sum()])


def _homogeneous(loss: Loss, a: sp.Expr) -> bool:
    """Whether ℓ is linear in the target row, so that a weight can stand on each class's term."""
    y = TARGETS["simplex"]
    return bool(sp.expand(loss.formula(a, 3 * y) - 3 * loss.formula(a, y)) == 0)
