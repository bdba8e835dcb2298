"""ℓ and dℓ/dz over the raw prediction z, as numbers, as spark-lines and as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.losses import derived
from losscope.losses.domains import Interval
from losscope.network import activations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from losscope.losses.base import Loss

_BLOCKS = "▁▂▃▄▅▆▇█"
_CLASSES = 3


@dataclass(frozen=True)
class Curve:
    """One target, and the loss along z.

    Parameters
    ----------
    label : "y = 1".
    z : the raw prediction that moves, (points,); others rest.
    value, slope : ℓ and ∂ℓ/∂z there.
    """

    label: str
    z: NDArray[np.float64]
    value: NDArray[np.float64]
    slope: NDArray[np.float64]


def curves(loss: Loss, points: int = 121) -> list[Curve]:
    """The curves of a loss under its matched activation, one for each telling target."""
    z = np.linspace(*_range(loss), points)
    return [_curve(loss, label, z, raw, y) for label, raw, y in _scenes(loss, z)]


def sketch(loss: Loss, points: int = 9) -> tuple[str, str]:
    """Spark-lines of ℓ and dℓ/dz for the first of its targets.

    For a list of many losses: the slope is a difference quotient, since a spark-line shows no more.
    """
    fine = 8 * points + 1
    z = np.linspace(*_range(loss), fine)
    _, raw, y = _scenes(loss, z)[0]
    prediction = _activated(loss, raw)
    value = loss.value(target=y, prediction=prediction, exact=False)
    slope = np.gradient(value, z)
    middle = slice(4, None, 8)
    return spark(value[middle]), spark(slope[middle])


def spark(values: NDArray[np.float64]) -> str:
    """Numbers as a line of eight heights, the least at the bottom."""
    low, high = float(np.min(values)), float(np.max(values))
    span = high - low
    if not span > 1e-12 * max(abs(low), abs(high), 1e-300):
        return _BLOCKS[3] * len(values)
    heights = np.minimum((values - low) / span * len(_BLOCKS), len(_BLOCKS) - 1).astype(int)
    return "".join(_BLOCKS[height] for height in heights)


def where_drawn(loss: Loss) -> str:
    """In words, what moves and what rests in the curves."""
    if loss.heads > 1:
        return "the first head moves, the others rest at 0"
    if loss.vector:
        rest = "1" if _rest(loss) else "0"
        return f"one of {_CLASSES} outputs moves, the others rest at {rest}"
    return "one output"


def _range(loss: Loss) -> tuple[float, float]:
    if loss.output in ("sigmoid", "softmax"):
        return (-6.0, 6.0)
    inside = loss.prediction
    if loss.output == "identity" and isinstance(inside, Interval) and np.isfinite(inside.low):
        return (inside.low + 0.05, inside.low + 5.0)
    return (-3.0, 3.0)


def _rest(loss: Loss) -> float:
    return 1.0 if "regression" in loss.tasks else 0.0


def _scenes(
    loss: Loss, z: NDArray[np.float64]
) -> list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]:
    """Label, raw predictions (points, K) and targets (points, K) of each curve."""
    if loss.vector:
        raw = np.full((len(z), _CLASSES), _rest(loss))
        raw[:, 0] = z
        here, other = np.eye(_CLASSES)[0], np.eye(_CLASSES)[1]
        named = [("this class", here), ("another class", other)]
        if "regression" in loss.tasks:
            named = [("y = (1, 0, 0)", here)]
        return [(label, raw, np.tile(y, (len(z), 1))) for label, y in named]
    raw = np.zeros((len(z), loss.heads))
    raw[:, 0] = z
    return [(f"y = {_shown(y)}", raw, np.full((len(z), 1), y)) for y in _targets(loss)]


def _targets(loss: Loss) -> tuple[float, ...]:
    if loss.signs or derived.silent_at_zero(loss):
        return (1.0, -1.0)
    if loss.output == "sigmoid":
        return (1.0, 0.0)
    if loss.output == "exp":
        return (2.0,)
    zero = bool(np.all(loss.target.contains(np.zeros((1, 1)))))
    return (0.0,) if zero else (1.0,)


def _shown(y: float) -> str:
    return f"{y:g}".replace("-", "−")


def _activated(loss: Loss, raw: NDArray[np.float64]) -> NDArray[np.float64]:
    match loss.output:
        case "sigmoid":
            return np.asarray(1 / (1 + np.exp(-raw)))
        case "exp":
            return np.asarray(np.exp(raw))
        case "softmax":
            grown = np.exp(raw)
            return np.asarray(grown / grown.sum(axis=1, keepdims=True))
    assert activations.get(loss.output).name == "identity"
    return raw


def _curve(
    loss: Loss,
    label: str,
    z: NDArray[np.float64],
    raw: NDArray[np.float64],
    y: NDArray[np.float64],
) -> Curve:
    value = loss.value(target=y, raw_prediction=raw)
    slope = loss.gradient(target=y, raw_prediction=raw)[:, 0]
    return Curve(label, z, value, slope)


__all__ = ["Curve", "curves", "sketch", "spark", "where_drawn"]
