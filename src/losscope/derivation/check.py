"""A derivation held against derivatives that know nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from losscope.derivation import naive
from losscope.derivation.evaluate import Array, run
from losscope.losses.domains import Interval

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation

_EXAMPLES = 5
_DIRECTIONS = 3
_STEP = 1e-30
_ENOUGH = 8
"""Digits from which an equation counts as right; true ones reach 12 and more."""


@dataclass(frozen=True)
class Check:
    """What a check found.

    Parameters
    ----------
    digits : digits to which each equation agrees, by name; 0 for one that cannot be computed.
    reason : why nothing could be checked, where that is so.
    """

    digits: dict[str, int]
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether every equation is right."""
        return not self.reason and not self.wrong

    @property
    def wrong(self) -> list[str]:
        """Names of the equations that are not right."""
        return [name for name, digits in self.digits.items() if digits < _ENOUGH]

    @property
    def worst(self) -> int:
        """Digits of the least accurate equation."""
        return min(self.digits.values(), default=0)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.reason:
            return f"Not checked: {self.reason}."
        if self.wrong:
            return f"WRONG: {', '.join(self.wrong)}. Please report this."
        return f"Checked: {self.worst} digits."


def check(derivation: Derivation, seed: int = 0) -> Check:
    """Compare every equation with complex-step derivatives of the cost as it is defined.

    Both forms are held against it: the one that runs and the one that is shown. Random data,
    random parameters; along random directions, each of which mixes all entries of an array.
    """
    with np.errstate(all="ignore"):
        arrays = _data(derivation, np.random.default_rng(seed))
        if arrays is None:
            return Check({}, "no random data was found on which this pairing is defined")
        digits: dict[str, int] = {}
        for shown in (False, True):
            for name, found in _compare(derivation, arrays, shown, seed).items():
                digits[name] = min(found, digits.get(name, 15))
    return Check(digits)


def _compare(
    derivation: Derivation, arrays: dict[str, Array], shown: bool, seed: int
) -> dict[str, int]:
    rows = derivation.convention == "rows"
    given = arrays if rows else {name: array.T for name, array in arrays.items()}
    gradients = [e.name for e in derivation.phase("backward")]
    forward = _forward(derivation, arrays)
    try:
        found = run(derivation, dict(given), shown=shown)
    except ValueError:  # shapes that do not fit, a planted fault for instance
        return dict.fromkeys(gradients, 0)
    stream = np.random.default_rng(seed + 1)
    digits = {}
    exact = naive.cost(derivation, arrays).real
    digits["J"] = _digits(abs(float(found["J"]) - exact), abs(exact))
    for name in gradients:
        gradient = found[name] if rows else found[name].T
        wanted = forward[name[1:]].shape if name[1] == "Z" else arrays[name[1:]].shape
        if gradient.shape != wanted:
            digits[name] = 0
            continue
        if name[1] == "Z" and not rows and derivation.reduction == "mean":
            gradient = gradient / len(arrays["X"])  # the course's dZ is per example
        worst = 15
        for _ in range(_DIRECTIONS):
            direction = stream.normal(size=wanted)
            slope = _slope(derivation, arrays, forward, name[1:], direction)
            parts = gradient * direction
            size = max(float(np.sqrt(np.sum(parts**2))), abs(slope))
            worst = min(worst, _digits(abs(float(np.sum(parts)) - slope), size))
        digits[name] = worst
    return digits


def _slope(
    derivation: Derivation,
    arrays: dict[str, Array],
    forward: dict[str, Array],
    moving: str,
    direction: Array,
) -> float:
    """Derivative of J as one array moves along a direction."""
    layer = int(moving[1:])
    if moving[0] == "Z":
        raw = forward[moving] + 1j * _STEP * direction
        return naive.cost(derivation, arrays, start=layer, raw=raw).imag / _STEP
    moved = {**arrays, moving: arrays[moving] + 1j * _STEP * direction}
    if not (derivation.l1 or derivation.l2):  # begin where the layer stands: layers below are still
        before = forward.get(f"A{layer - 1}", arrays["X"])
        raw = before @ moved[f"W{layer}"] + moved[f"b{layer}"]
        return naive.cost(derivation, moved, start=layer, raw=raw).imag / _STEP
    return naive.cost(derivation, moved).imag / _STEP


def _digits(error: float, size: float) -> int:
    if not np.isfinite(error):
        return 0
    if error == 0.0 or size == 0.0:
        return 15 if error == 0.0 else 0
    return max(0, min(15, int(-log10(error / size))))


def _forward(derivation: Derivation, arrays: dict[str, Array]) -> dict[str, Array]:
    """Z and A of every layer, straight from the definitions; real numbers, rows."""
    network = derivation.network
    found: dict[str, Array] = {}
    active = arrays["X"]
    for layer, name in enumerate((*network.activations, str(network.output)), start=1):
        z = active @ arrays[f"W{layer}"] + arrays[f"b{layer}"]
        active = np.real(naive.activated(name, z))
        found[f"Z{layer}"], found[f"A{layer}"] = z, active
    return found


def _data(derivation: Derivation, stream: np.random.Generator) -> dict[str, Array] | None:
    """Random inputs, targets and parameters at which the loss has a value."""
    network, loss = derivation.network, derivation.loss
    outputs = network.layers[-1]
    arrays: dict[str, Array] = {"X": stream.normal(size=(_EXAMPLES, network.layers[0]))}
    kind = loss.target_symbol(str(network.output))
    target = loss.target.sample(stream, (_EXAMPLES, outputs // loss.heads))
    if type(kind).__name__ == "UnitTarget" and not loss.signs:
        target = np.clip(target, 0.0, 1.0)
        target = np.where(loss.target.contains(target), target, 0.5)  # where 0 is no target
    arrays["Y"] = target
    arrays["w"] = stream.uniform(0.5, 1.5, size=(_EXAMPLES, 1))
    for layer, (n_in, n_out) in enumerate(
        zip(network.layers[:-1], network.layers[1:], strict=True), start=1
    ):
        arrays[f"W{layer}"] = stream.normal(size=(n_in, n_out)) / np.sqrt(n_in)
        arrays[f"b{layer}"] = 0.1 * stream.normal(size=(1, n_out))
    return _inside(derivation, arrays)


def _inside(derivation: Derivation, arrays: dict[str, Array]) -> dict[str, Array] | None:
    """Shrink and shift the last layer until predictions lie where the loss is defined."""
    last = derivation.network.depth
    usable = partial(_usable, derivation)
    for scale, shift in ((1.0, 0.0), (0.1, 0.5), (0.1, 1.0), (0.01, 0.5), (0.1, -1.0)):
        moved = dict(arrays)
        moved[f"W{last}"] = scale * arrays[f"W{last}"]
        moved[f"b{last}"] = arrays[f"b{last}"] * scale + shift
        if usable(moved):
            return moved
    return None


def _usable(derivation: Derivation, arrays: dict[str, Array]) -> bool:
    forward = _forward(derivation, arrays)
    prediction = forward[f"A{derivation.network.depth}"]
    domain = derivation.loss.prediction
    if isinstance(domain, Interval) and not (
        np.all(prediction > domain.low) and np.all(prediction < domain.high)
    ):
        return False
    return bool(np.isfinite(naive.cost(derivation, arrays).real))
