"""How a step follows from the gradient: SGD, momentum, Adam, as PyTorch defines them.

Each acts in place on flat arrays of shape (runs, parameters), so that one call updates every layer
of every run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain

Array = NDArray[Any]


class Optimizer:
    """θ := θ − α · direction(gradient)."""

    name = ""

    def __init__(self, parameters: Array, learning_rates: Array) -> None:
        self.parameters = parameters
        self.rates = learning_rates
        self.scratch = np.empty_like(parameters)
        self.state: tuple[Array, ...] = ()
        self.steps = 0

    def step(self, gradient: Array) -> None:
        """Update the parameters once."""
        raise NotImplementedError

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


class SGD(Optimizer):
    """θ := θ − α g. Robbins and Monro, 1951."""

    name = "sgd"

    def step(self, gradient: Array) -> None:
        """One multiplication, one subtraction."""
        np.multiply(gradient, self.rates, out=self.scratch)
        np.subtract(self.parameters, self.scratch, out=self.parameters)


class Momentum(Optimizer):
    """v := 0.9 v + g, θ := θ − α v. Polyak, 1964."""

    name = "momentum"
    beta = 0.9

    def __init__(self, parameters: Array, learning_rates: Array) -> None:
        super().__init__(parameters, learning_rates)
        self.velocity = np.zeros_like(parameters)
        self.state = (self.velocity,)

    def step(self, gradient: Array) -> None:
        """Velocity, then position."""
        np.multiply(self.velocity, self.beta, out=self.velocity)
        np.add(self.velocity, gradient, out=self.velocity)
        np.multiply(self.velocity, self.rates, out=self.scratch)
        np.subtract(self.parameters, self.scratch, out=self.parameters)


class Adam(Optimizer):
    """Moments with bias correction, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Kingma and Ba, 2015."""

    name = "adam"
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, parameters: Array, learning_rates: Array) -> None:
        super().__init__(parameters, learning_rates)
        self.first, self.second = np.zeros_like(parameters), np.zeros_like(parameters)
        self.state = (self.first, self.second)

    def step(self, gradient: Array) -> None:
        """First and second moment, then position."""
        self.steps += 1
        scratch = self.scratch
        np.multiply(self.first, self.beta1, out=self.first)
        np.multiply(gradient, 1.0 - self.beta1, out=scratch)
        np.add(self.first, scratch, out=self.first)
        np.multiply(self.second, self.beta2, out=self.second)
        np.square(gradient, out=scratch)
        np.multiply(scratch, 1.0 - self.beta2, out=scratch)
        np.add(self.second, scratch, out=self.second)
        np.sqrt(self.second, out=scratch)
        np.divide(scratch, (1.0 - self.beta2**self.steps) ** 0.5, out=scratch)
        np.add(scratch, self.epsilon, out=scratch)
        np.divide(self.first, scratch, out=scratch)
        np.multiply(scratch, self.rates / (1.0 - self.beta1**self.steps), out=scratch)
        np.subtract(self.parameters, scratch, out=self.parameters)


OPTIMIZERS: dict[str, type[Optimizer]] = {cls.name: cls for cls in (SGD, Momentum, Adam)}


def get(name: str) -> type[Optimizer]:
    """Return the optimizer of that name; LosscopeError when there is none."""
    found = OPTIMIZERS.get(plain(name))
    if found is None:
        raise LosscopeError(
            f"unknown optimizer {name!r}{did_you_mean(name, OPTIMIZERS)} "
            f"(known: {', '.join(OPTIMIZERS)})"
        )
    return found
