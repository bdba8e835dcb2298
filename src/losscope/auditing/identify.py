"""Which loss does a number come from?  Its value, in several states, is enough to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.words import factor_words, loss_words
from losscope.errors import LosscopeError

Array = np.ndarray[Any, Any]
FIRST = ("mse", "mae", "bce", "ce")
_EXACT = 1e-8


@dataclass(frozen=True)
class Identity:
    """value = factor · Σ loss(prediction, target), or its root, perhaps with a penalty."""

    loss: str
    title: str
    prediction: str
    target: str
    factor: float
    examples: int
    outputs: int
    root: bool = False
    penalty: float = 0.0  # times the sum of squared weights

    @property
    def text(self) -> str:
        """Say it in one line, in the program's own names."""
        words = loss_words(self.loss, self.title, self.prediction, self.target)
        text = factor_words(self.factor, self.examples, self.outputs) + words
        text = f"√({text})" if self.root else text
        return f"{text} + {self.penalty:.4g} Σ W²" if self.penalty else text


def identify(
    values: Sequence[float],
    pairs: Sequence[tuple[str, str, list[Array], list[Array]]],
    examples: Callable[[tuple[int, ...]], int],
    weights: Sequence[float] = (),
) -> Identity | None:
    """Find the loss and the arrays whose sum is proportional to `values` in every state."""
    from losscope import losses

    numbers = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(numbers)) or np.ptp(numbers) == 0:
        return None
    rest = tuple(n for n in losses.names() if n not in FIRST)
    for group in (FIRST, rest):
        for name in group:
            for prediction, target, held, wanted in pairs:
                found = _one(name, numbers, prediction, target, held, wanted, examples, weights)
                if found is not None:
                    return found
        if len(pairs) > 60:
            break
    return None


def _one(  # noqa: PLR0917 - the parts of one record
    name: str,
    values: Array,
    prediction: str,
    target: str,
    held: list[Array],
    wanted: list[Array],
    examples: Callable[[tuple[int, ...]], int],
    weights: Sequence[float],
) -> Identity | None:
    from losscope import losses

    loss = losses.get(name)
    totals = []
    for a, y in zip(held, wanted, strict=True):
        total = total_of(loss, a, y)
        if total is None:
            return None
        totals.append(total)
    sums = np.array(totals)
    count = examples(held[0].shape)
    size = max(1, held[0].size // max(count, 1))
    if len({h.size for h in held}) > 1:  # batches of several sizes: a mean
        sums = sums / np.array([examples(h.shape) for h in held])
    for root in (False, True):
        seen = values**2 if root else values
        factor = _ratio(seen, sums)
        if factor is not None:
            return Identity(name, loss.title, prediction, target, factor, count, size, root)
    penalty = _with_penalty(values, sums, np.asarray(weights, dtype=np.float64))
    if penalty is not None:
        return Identity(
            name, loss.title, prediction, target, penalty[0], count, size, penalty=penalty[1]
        )
    return None


def _ratio(values: Array, sums: Array) -> float | None:
    if np.any(sums == 0) or np.ptp(sums) <= 1e-9 * np.max(np.abs(sums)):
        return None
    ratios = values / sums
    if np.ptp(ratios) > _EXACT * np.max(np.abs(ratios)) or not np.all(np.isfinite(ratios)):
        return None
    return float(np.median(ratios))


def _with_penalty(values: Array, sums: Array, weights: Array) -> tuple[float, float] | None:
    if len(weights) != len(values) or len(values) < 4 or np.any(weights == 0):
        return None
    (factor, penalty), left = fit.solve(np.column_stack([sums, weights]), values)
    if left > _EXACT * np.linalg.norm(values):
        return None
    return (float(factor), float(penalty)) if factor and penalty else None


def total_of(loss: Any, a: Array, y: Array) -> float | None:
    """Give the sum of a loss over all examples, whichever way the arrays lie."""
    if loss.vector:
        if y.ndim == 1:
            a, y = a.reshape(1, -1), y.reshape(1, -1)
        if y.ndim != 2:
            return None
        if not np.allclose(y.sum(axis=1), 1) and np.allclose(y.sum(axis=0), 1):
            a, y = a.T, y.T
    else:
        a, y = a.reshape(-1, 1), y.reshape(-1, 1)
    try:
        with np.errstate(all="ignore"):
            total = float(np.sum(loss.value(target=y, prediction=a)))
    except (LosscopeError, FloatingPointError):
        return None
    return total if np.isfinite(total) else None
