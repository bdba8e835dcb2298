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
from losscope.training.compiler import Compiler

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
    numbers : what depends on the step t = 1, 2, … alone.
    """

    name: str
    lines: tuple[tuple[str, str], ...]
    state: tuple[str, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, Callable[[int], float]] = field(default_factory=dict)

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

ADAM = Rule(
    "adam",
    (
        ("first", "first * beta1 + g * rest1"),
        ("second", "second * beta2 + g ** 2 * rest2"),
        ("theta", "theta - first / (np.sqrt(second) / root + epsilon) * (rate / unbias)"),
    ),
    state=("first", "second"),
    constants={
        "beta1": 0.9,
        "rest1": 1.0 - 0.9,
        "beta2": 0.999,
        "rest2": 1.0 - 0.999,
        "epsilon": 1e-8,
    },
    numbers={
        "unbias": lambda t: 1.0 - 0.9**t,
        "root": lambda t: float((1.0 - 0.999**t) ** 0.5),
    },
)
"""Moments with bias correction, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Kingma and Ba, 2015."""

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
    """A rule at work on the parameters of a stack, in place."""

    def __init__(self, rule: Rule, parameters: Array, gradient: Array, rates: Array) -> None:
        self.rule = rule
        self.parameters, self.gradient, self.rates = parameters, gradient, rates
        self.state = tuple(np.zeros_like(parameters) for _ in rule.state)
        self.numbers = {name: np.empty((1, 1), parameters.dtype) for name in rule.numbers}
        self.steps = 0
        self._calls: list[Any] = []

    def step(self) -> None:
        """Update the parameters once, by the gradient as it stands."""
        self._calls = self._calls or self._compiled()
        self.steps += 1
        for name, number in self.rule.numbers.items():
            self.numbers[name][...] = number(self.steps)
        for function, arguments, named in self._calls:
            function(*arguments, **named)

    def numbers_of(self, steps: int) -> Array:
        """The rule's numbers for the next steps, shape (steps, numbers)."""
        rules = self.rule.numbers.values()
        after = range(self.steps + 1, self.steps + 1 + steps)
        rows = [[number(t) for number in rules] for t in after]
        return np.array(rows, self.parameters.dtype).reshape(steps, len(rules))

    def _compiled(self) -> list[Any]:
        """The rule's lines, block by block: a block stays in the cache from line to line."""
        flat = {"theta": self.parameters, "g": self.gradient}
        flat |= dict(zip(self.rule.state, self.state, strict=True))
        compiler = Compiler({}, self.parameters.dtype)
        count, size = self.parameters.shape
        for runs, columns in blocks(count, size, self.parameters.itemsize):
            arrays = {name: array[runs, columns] for name, array in flat.items()}
            compiler.arrays = {
                **arrays,
                **self.numbers,
                **self.rule.constants,
                "rate": self.rates[runs],
            }
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
