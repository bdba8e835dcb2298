"""What it costs to put a loss on another output than its own, measured on the derived slope.

One example with the target 1 (its class, among several) is moved from z = −20 to z = 20, the other
raw predictions staying at 0; value and slope are compared with those on the matched output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW
from losscope.calculus.rules import spell_gaps
from losscope.derivation.through import Through
from losscope.network import activations

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation
    from losscope.losses import Loss

Array = NDArray[Any]
GRID = np.linspace(-20.0, 20.0, 401)


@dataclass(frozen=True)
class Path:
    """Value and slope along the grid."""

    value: Array
    slope: Array

    @property
    def defined(self) -> Array:
        """Where both are numbers."""
        return np.asarray(np.isfinite(self.value) & np.isfinite(self.slope))


def costs(derivation: Derivation) -> list[str]:
    """Sentences with figures; none for a loss on its own output."""
    loss, output = derivation.loss, str(derivation.network.output)
    outputs = derivation.network.layers[-1]
    own = loss.loss if isinstance(loss, Through) else loss
    if output == loss.output and own is loss:
        return []
    if loss.heads > 1 or (own.output == "softmax" and outputs < 2):
        return []
    here, there = follow(loss, output, outputs), follow(own, own.output, outputs)
    if not np.any(here.defined):
        return ["ℓ has no value at any z from −20 to 20."]
    found = [*_undefined(here), *_floor(here, there, own.output), *_dead(here)]
    return [*found, *_slower(here, there, own.output)]


def follow(loss: Loss, output: str, outputs: int) -> Path:
    """Value and slope of the first output's z along the grid."""
    others = 0.0 if activations.get(output).vector else 1.0 / outputs
    raw = np.full((len(GRID), outputs), others)
    raw[:, 0] = GRID
    classes = loss.vector or activations.get(output).vector
    target = np.full_like(raw, 0.0 if classes else 1.0)
    target[:, 0] = 1.0
    target = loss.encode(target)
    y = loss.target_symbol(output)
    with np.errstate(all="ignore"):
        value = compiled(spell_gaps(loss.in_raw(output, outputs)), (RAW, y))(raw, target)
        slope = compiled(loss.slope(output, outputs), (RAW, y))(raw, target)
    value = np.broadcast_to(value, (len(GRID), np.shape(value)[-1]))[:, 0]
    return Path(value, np.broadcast_to(slope, raw.shape)[:, 0])


def _undefined(here: Path) -> list[str]:
    inside = GRID[here.defined]
    if len(inside) == len(GRID):
        return []
    at_start = "" if here.defined[len(GRID) // 2] else "; a network starts near z = 0, outside"
    return [
        (
            f"ℓ has a value only for z from about {_figure(inside[0])} to {_figure(inside[-1])}, "
            f"not at {100 * np.mean(~here.defined):.0f} % of z from −20 to 20{at_start}."
        )
    ]


def _floor(here: Path, there: Path, own: str) -> list[str]:
    """Whether the best ℓ is out of reach, or there is no best."""
    lowest, reachable = (float(np.min(p.value[p.defined])) for p in (here, there))
    if lowest < reachable - 0.5 and np.nanargmin(here.value) in (0, len(GRID) - 1):
        return [
            f"ℓ has no least value: it is {_figure(lowest)} at the end of the range and falls on."
        ]
    if not np.all(here.defined) or not lowest > reachable + 1e-3:
        return []
    return [
        (
            f"ℓ cannot fall below {_figure(lowest, 4)}, however right the prediction "
            f"({_figure(reachable)} on {own})."
        )
    ]


def _dead(here: Path) -> list[str]:
    wrong = here.defined & (here.value > np.min(here.value[here.defined]) + 1e-6)
    still = wrong & (here.slope == 0.0)
    if not np.any(still):
        return []
    zone = GRID[still]
    ends = f"{_figure(zone[0])} to {_figure(zone[-1])}"
    return [f"dℓ/dz is 0 from z = {ends} though ℓ is not least: a dead zone."]


def _slower(here: Path, there: Path, own: str) -> list[str]:
    middle, wrong = len(GRID) // 2, int(np.argmin(np.abs(GRID + 10.0)))
    found = []
    for place in (middle, wrong):
        if here.defined[place] and there.defined[place] and there.slope[place] != 0.0:
            factor = float(here.slope[place] / there.slope[place])
            if not 0.5 <= factor <= 2.0:
                found.append(f"{_figure(factor)} times that on {own} at z = {_figure(GRID[place])}")
    return [f"dℓ/dz is {' and '.join(found)}."] if found else []


def _figure(number: float, digits: int = 3) -> str:
    return f"{number:.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
