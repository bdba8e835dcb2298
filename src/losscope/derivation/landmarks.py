"""dℓ/dz in numbers, from very wrong to very right: what the loss tells one example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW
from losscope.losses import derived
from losscope.losses.domains import Counts, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.derivation.equations import Derivation

_SCORES = (-6.0, -4.0, -2.0, 0.0, 4.0)


@dataclass(frozen=True)
class Landmarks:
    """Slopes of one example.

    Parameters
    ----------
    example : which one, in words: "example y = 1".
    z : raw predictions, from very wrong to very right.
    slopes : dℓ/dz at each z, for each derivation; NaN where the loss is not defined.
    remarks : what stands out, for each derivation; may be empty.
    """

    example: str
    z: tuple[float, ...]
    slopes: tuple[tuple[float, ...], ...]
    remarks: tuple[str, ...]


def landmarks(derivations: Sequence[Derivation]) -> Landmarks:
    """Slopes of the derivations at common raw predictions."""
    first = derivations[0]
    target, z, example = _example(first)
    slopes = tuple(_slopes(d, target, z) for d in derivations)
    return Landmarks(example, z, slopes, tuple(_remark(row) for row in slopes))


def _example(d: Derivation) -> tuple[float, tuple[float, ...], str]:
    """Target, raw predictions and words for the example."""
    output, loss = d.network.output, d.loss
    if _by_direction(d):
        return 1.0, _SCORES, "y = (1, 0, …), other outputs at 1"
    if loss.vector or output == "softmax":
        return 1.0, _SCORES, "true class, other classes at 0"
    if output in ("sigmoid", "tanh") or loss.signs or derived.silent_at_zero(loss):
        return 1.0, _SCORES, "example y = 1"
    if isinstance(loss.target, Counts) or output in ("exp", "softplus"):
        return 1.0, (4.0, 2.0, 1.0, 0.5, 0.0), "example y = 1"
    if isinstance(loss.prediction, Interval) and loss.prediction.high == 1.0:
        return 1.0, (-1.0, 0.1, 0.25, 0.75, 0.9), "example y = 1"
    if not loss.target.contains(np.zeros((1, 1))).all():
        return 1.0, (7.0, 4.0, 2.0, 1.5, 1.0), "example y = 1"
    return 0.0, (6.0, 4.0, 1.0, 0.1, 0.0), "example y = 0"


def _by_direction(d: Derivation) -> bool:
    """Whether whole rows of numbers are compared: with all others at 0 nothing would turn."""
    return d.loss.vector and "regression" in d.loss.tasks


def _slopes(d: Derivation, target: float, z: tuple[float, ...]) -> tuple[float, ...]:
    loss, output, outputs = d.loss, str(d.network.output), d.network.layers[-1]
    raw = np.full((len(z), outputs), 1.0 if _by_direction(d) else 0.0)
    raw[:, 0] = z
    classes = loss.vector or output == "softmax"
    y = np.full((len(z), outputs // loss.heads), 0.0 if classes else target)
    y[:, 0] = target
    symbols = (RAW, loss.target_symbol(output))
    with np.errstate(all="ignore"):
        found = compiled(loss.slope(output, outputs), symbols)(raw, loss.encode(y))
    return tuple(float(v) for v in np.broadcast_to(found, raw.shape)[:, 0])


def _remark(slopes: tuple[float, ...]) -> str:
    """What a reader should notice where the prediction is most wrong."""
    sizes = np.abs(slopes)
    if slopes[0] * slopes[1] < 0 and slopes[1] * slopes[2] > 0:
        return "the wrong way where most wrong"
    if not np.all(np.isfinite(sizes)):
        return "not defined everywhere"
    if sizes[0] == 0.0 and np.any(sizes > 0):
        return "nothing where most wrong"
    if sizes[0] < 0.25 * np.max(sizes):
        return "slow where most wrong"
    return ""
