"""Which loss does a number come from?  Its value, in several states, is enough to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.words import factor_words, loss_words, title_of
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.losses import Loss

Array = np.ndarray[Any, Any]
FIRST = ("mse", "mae", "bce", "ce")
RAW = ("bce", "ce")  # what is worked out from logits, as their names say
_EXACT, _ROUGHLY = 1e-8, 1e-4
_MOST_PAIRS, _MOST_PENALISED = 150, 12


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
    raw: bool = False  # the prediction is a raw one, fed through the loss's own output

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
    likely: tuple[str, ...] = (),
) -> Identity | None:
    """Find the loss and the arrays whose sum is proportional to `values` in every state.

    `likely` are losses that are tried among the first, as that of what is descended.
    """
    from losscope import losses

    numbers = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(numbers)) or np.ptp(numbers) == 0:
        return None
    first = (*FIRST, *(n for n in likely if n not in FIRST))
    rest = tuple(n for n in losses.names() if n not in first)
    few = _MOST_PAIRS // 5
    for group, most, raw in ((first, _MOST_PAIRS, False), (rest, few, False), (RAW, few, True)):
        for loss in map(losses.get, group):
            for place, (prediction, target, held, wanted) in enumerate(pairs[:most]):
                beside = weights if place < _MOST_PENALISED else ()
                found = _one(loss, numbers, prediction, target, held, wanted, examples, beside, raw)
                if found is not None:
                    return replace(found, raw=raw)
    return None


def _one(  # noqa: PLR0917 - the parts of one record
    loss: Loss,
    values: Array,
    prediction: str,
    target: str,
    held: list[Array],
    wanted: list[Array],
    examples: Callable[[tuple[int, ...]], int],
    weights: Sequence[float],
    raw: bool,
) -> Identity | None:
    totals: list[float] = []
    for a, y in zip(held, wanted, strict=True):
        total = total_of(loss, a, y, raw=raw)
        if total is None:
            return None
        totals.append(total)
        if len(totals) == 2 and not weights and _unlike(values, totals, held):
            return None
    sums, title = np.array(totals), title_of(loss)
    count = examples(held[0].shape)
    size = max(1, held[0].size // max(count, 1))
    if len({h.size for h in held}) > 1:  # batches of several sizes: a mean, unless it is a sum
        factor = _ratio(values, sums)
        if factor is not None:
            return Identity(loss.spelling, title, prediction, target, factor, count, size)
        sums = sums * count / np.array([examples(h.shape) for h in held])
    for root in (False, True):
        seen = values**2 if root else values
        factor = _ratio(seen, sums)
        if factor is not None:
            return Identity(loss.spelling, title, prediction, target, factor, count, size, root)
    penalty = _with_penalty(values, sums, np.asarray(weights, dtype=np.float64))
    if penalty is not None:
        return Identity(
            loss.spelling, title, prediction, target, penalty[0], count, size, penalty=penalty[1]
        )
    return None


def _unlike(values: Array, totals: list[float], held: list[Array]) -> bool:
    """Tell from two states that a number is no multiple of a loss, nor the root of one."""
    if held[0].size != held[1].size or 0.0 in totals or 0.0 in values[:2]:
        return False
    ratio = (values[1] / values[0]) / (totals[1] / totals[0])
    squared = (values[1] / values[0]) ** 2 / (totals[1] / totals[0])
    return bool(abs(ratio - 1) > _ROUGHLY and abs(squared - 1) > _ROUGHLY)


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
    seen = abs(penalty) * np.linalg.norm(weights) > 1e-5 * np.linalg.norm(values)
    return (float(factor), float(penalty)) if factor and penalty > 0 and seen else None


def total_of(loss: Any, a: Array, y: Array, *, raw: bool = False) -> float | None:
    """Give the sum of a loss over all examples, whichever way the arrays lie.

    A raw prediction goes through the loss's own output, as in `logaddexp(0, z) - y * z`.
    """
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
            made = {"raw_prediction": a} if raw else {"prediction": a}
            total = float(np.sum(loss.value(target=y, **made, exact=False)))
    except (LosscopeError, FloatingPointError):
        return None
    return total if np.isfinite(total) else None
