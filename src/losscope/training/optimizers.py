"""How a step follows from the gradient: SGD, momentum, Adam, as PyTorch defines them.

A rule is a few lines of NumPy, written once; every engine runs these lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain
from losscope.training.compiler import Call, Compiler

Array = NDArray[Any]
BLOCK_BYTES = 2**18
"""Size of the pieces in which arrays are updated: measured best, between calls and cache misses."""


@dataclass(frozen=True)
class Rule:
    """θ := θ − α · direction(gradient).

    Parameters
    ----------
    name : as its users say it.
    lines : what is computed, in order; `theta`, `g`, `rate`, the state and the numbers by name.
    state : arrays of the parameters' shape that a step remembers; zero at first.
    constants : numbers that stay.
    numbers : what depends on the steps t = 1, 2, … alone, for several t at once.
    """

    name: str
    lines: tuple[tuple[str, str], ...]
    state: tuple[str, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, Callable[[Array], Array]] = field(default_factory=dict)

    def __call__(self, parameters: Array, gradient: Array, rates: Array) -> Optimizer:
        """The rule over arrays of shape (runs, parameters) and rates of shape (runs, 1)."""
        return Optimizer(self, parameters, gradient, rates)


SGD = Rule("sgd", (("theta", "theta - g * rate"),))
"""Robbins and Monro, 1951."""

MOMENTUM = Rule(
    "momentum",
    (("velocity", "velocity * beta + g"), ("theta", "theta - velocity * rate")),
    state=("velocity",),
    constants={"beta": 0.9},
)
"""v := 0.9 v + g, θ := θ − α v. Polyak, 1964."""


def _grown(t: Array) -> Array:
    """√ of what the weights of the squares add up to after t steps: 1 + β₂ + … + β₂ᵗ⁻¹."""
    return np.sqrt((1.0 - 0.999**t) / (1.0 - 0.999))


ADAM = Rule(
    "adam",
    (
        ("first", "first * beta1 + g"),
        ("second", "second * beta2 + g ** 2"),
        ("theta", "theta - first / (np.sqrt(second) + epsilon) * (rate * scale)"),
    ),
    state=("first", "second"),
    constants={"beta1": 0.9, "beta2": 0.999},
    numbers={
        "epsilon": lambda t: 1e-8 * _grown(t),
        "scale": lambda t: _grown(t) * (1.0 - 0.9) / (1.0 - 0.9**t),
    },
)
"""Moments with bias correction, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Kingma and Ba, 2015.

The moments are kept without the factors 1 − β, and these stand, with the bias corrections, in the
two numbers that depend on the step alone: the same steps from four passes fewer over all weights.
"""

OPTIMIZERS = {rule.name: rule for rule in (SGD, MOMENTUM, ADAM)}


def get(name: str) -> Rule:
    """Return the optimizer of that name; LosscopeError when there is none."""
    found = OPTIMIZERS.get(plain(name))
    if found is None:
        raise LosscopeError(
            f"unknown optimizer {name!r}{did_you_mean(name, OPTIMIZERS)} "
            f"(known: {', '.join(OPTIMIZERS)})"
        )
    return found


class Optimizer:
    """A rule at work on the parameters of a stack, in place.

    Parameters
    ----------
    rule : what a step computes.
    parameters, gradient : (runs, parameters); a step changes the former, reads the latter.
    rates : (runs, 1).
    """

    def __init__(self, rule: Rule, parameters: Array, gradient: Array, rates: Array) -> None:
        self.rule = rule
        self.parameters, self.gradient, self.rates = parameters, gradient, rates
        self.state = tuple(np.zeros_like(parameters) for _ in rule.state)
        self.numbers = np.empty(len(rule.numbers), parameters.dtype)
        self.steps = 0
        self._calls: list[Call] = []

    def step(self) -> None:
        """Update the parameters once, by the gradient as it stands."""
        self._calls = self._calls or self.calls(slice(0, len(self.parameters)))
        self.numbers[...] = self.numbers_of(1)[0]
        self.steps += 1
        for function, arguments, named in self._calls:
            function(*arguments, **named)

    def numbers_of(self, steps: int) -> Array:
        """The rule's numbers for the next steps, shape (steps, numbers)."""
        found = np.empty((steps, len(self.rule.numbers)), self.parameters.dtype)
        t = np.arange(self.steps + 1.0, self.steps + steps + 1.0)
        for column, number in enumerate(self.rule.numbers.values()):
            found[:, column] = number(t)
        return found

    def calls(self, runs: slice) -> list[Call]:
        """The rule's lines for some runs, block by block: it stays in the cache from line to line.

        They read `numbers`, which whoever makes the calls sets before each step.
        """
        flat = {"theta": self.parameters, "g": self.gradient}
        flat |= dict(zip(self.rule.state, self.state, strict=True))
        flat = {name: array[runs] for name, array in flat.items()}
        rates = self.rates[runs]
        compiler = Compiler({}, self.parameters.dtype)
        numbers = {name: self.numbers[k, ...] for k, name in enumerate(self.rule.numbers)}
        count, size = flat["theta"].shape
        for part, columns in blocks(count, size, self.parameters.itemsize):
            arrays = {name: array[part, columns] for name, array in flat.items()}
            rate = rates[part]
            rate = rate.reshape(()) if len(rate) == 1 else rate  # a number: faster calls
            compiler.arrays = {**arrays, **numbers, **self.rule.constants, "rate": rate}
            for name, line in self.rule.lines:
                compiler.assign(arrays[name], line)
        return compiler.calls

    def snapshot(self) -> tuple[Any, ...]:
        """Copy of everything a step changes."""
        return self.parameters.copy(), tuple(s.copy() for s in self.state), self.steps

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Go back to a snapshot."""
        parameters, state, self.steps = snapshot
        self.parameters[...] = parameters
        for mine, saved in zip(self.state, state, strict=True):
            mine[...] = saved

    def retire(self, run: int) -> None:
        """Take a run that has failed out of the computation: all zero, and it stays so."""
        for array in (self.parameters, *self.state):
            array[run] = 0.0
        self.rates[run] = 0.0


def blocks(runs: int, size: int, itemsize: int) -> list[tuple[slice, slice]]:
    """Cut (runs, size) into pieces of at most BLOCK_BYTES that are contiguous in memory."""
    most = BLOCK_BYTES // itemsize
    if size > most:
        step = -(-size // -(-size // most))
        cuts = [slice(start, start + step) for start in range(0, size, step)]
        return [(slice(run, run + 1), cut) for run in range(runs) for cut in cuts]
    step = -(-runs // -(-runs // max(1, most // size)))
    return [(slice(start, start + step), slice(0, size)) for start in range(0, runs, step)]
