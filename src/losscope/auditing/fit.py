"""How well a candidate explains an update: one factor for all directions, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_NEARLY = 1e-5  # what a penalty must leave at least without it, to be one
_ALIKE = 3e-4  # what an ε inside a logarithm may leave of a number's slopes
EXACT = 1e-6  # a residual below this is rounding; above it, something differs


@dataclass(frozen=True)
class Fit:
    """update ≈ factor · candidate (+ l2 · parameter + l1 · its sign), and what is left of it."""

    factor: float
    residual: float
    l2: float = 0.0
    l1: float = 0.0
    by_pass: bool = False  # the factor changes from pass to pass
    slack: float = 0.0  # what rounding may leave where slopes nearly cancel
    paced: int = 0  # the factor goes as this power of the batch's size, where batches differ

    @property
    def exact(self) -> bool:
        """Whether only rounding is left."""
        return self.residual < EXACT + self.slack

    @property
    def shrinks(self) -> bool:
        """Whether what is beside the loss pulls towards zero, as a penalty does."""
        return min(self.l2 * self.factor, self.l1 * self.factor) >= 0


def solve(table: Array, wanted: Array) -> tuple[Array, float]:
    """Solve least squares with columns brought to one size; the residual is infinite if it cannot."""  # noqa: E501 - a sentence or a table row
    scale = np.linalg.norm(table, axis=0)
    if not (np.all(np.isfinite(scale)) and np.all(np.isfinite(wanted))):
        return np.zeros(table.shape[1]), float("inf")
    scale[scale == 0] = 1.0
    try:
        found, *_ = np.linalg.lstsq(table / scale, wanted, rcond=None)
    except np.linalg.LinAlgError:
        return np.zeros(table.shape[1]), float("inf")
    return found / scale, float(np.linalg.norm(wanted - (table / scale) @ found))


def left_over(tables: Array, wanted: Array) -> Array:
    """Solve many least squares at once, and say how long the rest of each is (infinite: no answer).

    `tables` has shape (problems, rows, columns), `wanted` (problems, rows).
    """
    scale = np.linalg.norm(tables, axis=1, keepdims=True)
    scale[scale == 0] = 1.0
    tables = tables / scale
    if not (np.all(np.isfinite(tables)) and np.all(np.isfinite(wanted))):
        return np.full(len(wanted), np.inf)
    inverse = np.linalg.pinv(tables, rcond=max(tables.shape[1:]) * np.finfo(float).eps)
    found = inverse @ wanted[:, :, None]
    rest: Array = np.linalg.norm(wanted - (tables @ found)[:, :, 0], axis=1)
    return rest


def plain(update: Array, along: Array) -> Fit:
    """Fit one factor."""
    size, length = float(np.linalg.norm(update)), float(along @ along)
    if size == 0 or length == 0 or not np.isfinite(length):
        return Fit(0.0, 1.0)
    factor = float(along @ update) / length
    return Fit(factor, float(np.linalg.norm(update - factor * along)) / size)


def residuals(update: Array, table: Array) -> Array:
    """Fit one factor for each row of a table, and say what each leaves of the update."""
    size, lengths = float(np.linalg.norm(update)), np.einsum("ij,ij->i", table, table)
    usable = (lengths > 0) & np.isfinite(lengths)
    left = np.ones(len(table))
    if size > 0 and usable.any():
        rows = table[usable]
        factors = (rows @ update) / lengths[usable]
        left[usable] = np.linalg.norm(update - factors[:, None] * rows, axis=1) / size
    return left


def penalised(update: Array, along: Array, weights: Array, signs: Array, size: int = 9) -> Fit:
    """Fit a factor and a penalty: L2 first, L1 if that leaves something, then both.

    The sign of a parameter of one or two numbers is a constant, so no L1 is seen in it.
    """
    best = first = plain(update, along)
    if not np.any(update) or first.residual < _NEARLY:
        return best
    both = ((weights,), (signs,), (weights, signs))
    for columns in both if size > 2 else both[:1]:
        if best.exact or len(update) < len(columns) + 3:
            break
        table = np.column_stack([along, *columns])
        if np.any(np.linalg.norm(table, axis=0) == 0):
            continue
        numbers, rest = solve(table, update)
        left = rest / float(np.linalg.norm(update))
        share = abs(float(numbers[0])) * float(np.linalg.norm(along))
        if left < EXACT and left < best.residual and share > 1e-3 * np.linalg.norm(update):
            first_is_l2 = columns[0] is weights
            l2 = float(numbers[1]) if first_is_l2 else 0.0
            l1 = float(numbers[-1]) if len(columns) == 2 or not first_is_l2 else 0.0
            best = Fit(float(numbers[0]), left, l2, l1)
    return best


def by_pass(update: Array, along: Array, states: Array) -> Fit:
    """Fit one factor for each pass: a rate that decays, a root of a loss, a clipped length."""
    left, size, factors = 0.0, float(update @ update), []
    for state in np.unique(states):
        rows = states == state
        fit = plain(update[rows], along[rows])
        factors.append(fit.factor)
        left += (fit.residual**2) * float(update[rows] @ update[rows])
    kinds = len(np.unique(states))
    if size == 0 or len(states) < 2 * kinds or len(states) < kinds + 3:
        return Fit(0.0, 1.0)
    return Fit(float(np.median(factors)), float(np.sqrt(left / size)), by_pass=True)


def times(number: list[Array], loss: list[Array]) -> float | None:
    """Give the factor of a loss in a number that is made of it alone; None where it is not.

    Both are slopes, by parameter.
    """
    fits = [plain(own, along) for own, along in zip(number, loss, strict=True) if np.any(along)]
    if not fits or any(found.residual > _ALIKE for found in fits):
        return None
    factor = fits[0].factor
    same = all(abs(found.factor - factor) <= _ALIKE * abs(factor) for found in fits)
    return factor if same and factor > 0 else None
