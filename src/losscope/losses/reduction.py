"""From the losses of examples to one number, with its divisor said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

KINDS = ("mean", "sum", "weighted mean", "none")


@dataclass(frozen=True)
class Reduction:
    """What becomes of the losses of N examples with weights w.

    "mean" is Σ w ℓ / N (Keras, and PyTorch's losses without class weights), "weighted mean"
    Σ w ℓ / Σ w (scikit-learn, PyTorch's CrossEntropyLoss with labels and class weights), "sum" is
    Σ w ℓ, and "none" leaves w ℓ, one number an example.

    Parameters
    ----------
    kind : "mean", "sum", "weighted mean" or "none".
    """

    kind: str = "mean"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise LosscopeError(f"unknown reduction {self.kind!r}; write one of {', '.join(KINDS)}")

    def normaliser(self, n: int, weights: ArrayLike | None = None) -> float:
        """What the sum is divided by: N, Σw, or 1."""
        if self.kind == "mean":
            return float(n)
        if self.kind == "weighted mean":
            return float(n if weights is None else np.sum(np.asarray(weights)))
        return 1.0

    def describe(self) -> str:
        """The formula, its divisor included."""
        return {
            "mean": "Σ w ℓ / N, divided by the number of examples",
            "weighted mean": "Σ w ℓ / Σ w, divided by the sum of the weights",
            "sum": "Σ w ℓ, not divided",
            "none": "w ℓ, one number an example",
        }[self.kind]

    def __call__(
        self,
        losses: ArrayLike,
        sample_weight: ArrayLike | None = None,
        inside: ArrayLike | None = None,
    ) -> Any:
        """Reduce the losses of examples.

        Parameters
        ----------
        losses : (N,), from `Loss.value`.
        sample_weight : (N,), multiplies them; none negative.
        inside : (N,), weights that the losses already hold, from `Loss.example_weights`; they enter
            the divisor of a weighted mean only.

        Raises
        ------
        LosscopeError : for shapes that differ, negative weights, no examples, weights of sum 0.
        """
        values = np.asarray(losses, dtype=np.float64)
        weights = _checked(sample_weight, values)
        weighted = values if weights is None else values * weights
        if self.kind == "none":
            return weighted
        if self.kind == "sum":
            return float(np.sum(weighted))
        held = _checked(inside, values)
        both = held if weights is None else weights if held is None else weights * held
        divisor = self.normaliser(len(values), both)
        if divisor == 0.0:
            what = "there are no examples" if len(values) == 0 else "their weights sum to 0"
            raise LosscopeError(f"the {self.kind} of these losses is 0/0: {what}; use the sum")
        return float(np.sum(weighted) / divisor)


def _checked(weights: ArrayLike | None, values: NDArray[Any]) -> NDArray[Any] | None:
    if weights is None:
        return None
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != values.shape:
        raise LosscopeError(
            f"sample_weight must have one weight an example, {values.shape}, got {found.shape}"
        )
    bad = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if bad.size:
        raise LosscopeError(
            f"sample_weight must not be negative or infinite, got {found[bad[0]]:g} in row {bad[0]}"
        )
    return found


__all__ = ["KINDS", "Reduction"]
