"""The equations of a derivation as one program for a stack of runs.

Runs stand on the leading axis: Z1 has shape (runs, rows, units). Every line is shared by all of
them, but for the head: the output activation and `dZ[L]`, one line for each loss. That is where the
loss enters, and nothing else in this file knows which loss it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.derivation import Derivation, differing
from losscope.derivation.expressions import references
from losscope.derivation.printers.lines import numpy_line
from losscope.network import Network
from losscope.training.compiler import Compiler

Array = NDArray[Any]


@dataclass(frozen=True)
class Head:
    """Runs that share a loss and an output activation: a slice of the stack."""

    derivation: Derivation
    runs: slice


class Parameters:
    """Weights and biases of all runs, flat in memory, and the views that equations name."""

    def __init__(self, layers: Sequence[int], runs: int, dtype: np.dtype[Any]) -> None:
        places = self.places(layers)
        self.flat = np.zeros((runs, max(stop for _, stop, _ in places.values())), dtype)
        self.gradient = np.zeros_like(self.flat)
        self.arrays: dict[str, Array] = {}
        for name, (start, stop, shape) in places.items():
            for key, flat in ((name, self.flat), (f"d{name}", self.gradient)):
                self.arrays[key] = flat[:, start:stop].reshape(runs, *shape)

    @staticmethod
    def places(layers: Sequence[int]) -> dict[str, tuple[int, int, tuple[int, int]]]:
        """Where each array stands in a run's parameters: start, stop, shape; in that order."""
        found, start = {}, 0
        for layer, (n_in, n_out) in enumerate(pairwise(layers), start=1):
            for name, shape in ((f"W{layer}", (n_in, n_out)), (f"b{layer}", (1, n_out))):
                stop = start + shape[0] * n_out
                found[name] = (start, stop, shape)
                start = stop
        return found


class Program:
    """Forward and backward pass of a stack for batches of exactly `rows` examples.

    Parameters
    ----------
    heads : the losses, each with its slice of the stack; together they cover it.
    parameters : what is trained; shared by programs for other batch sizes.
    rows : examples in a batch.
    backward : whether gradients are wanted; evaluation needs none.
    """

    def __init__(
        self, heads: Sequence[Head], parameters: Parameters, rows: int, *, backward: bool = True
    ) -> None:
        first = heads[0].derivation
        self.network: Network = first.network
        self.depth = self.network.depth
        _assert_shared(heads, self.depth)
        runs, dtype = len(parameters.flat), parameters.flat.dtype
        self.x = np.empty((rows, self.network.layers[0]), dtype)
        self.w = np.ones((rows, 1), dtype)
        self.y = [np.empty((rows, self.network.layers[-1]), dtype) for _ in heads]
        self.costs = np.zeros(runs)
        self.arrays: dict[str, Any] = {**parameters.arrays, "X": self.x, "w": self.w, "m": rows}
        for layer, units in enumerate(self.network.layers[1:], start=1):
            for name in (f"Z{layer}", f"A{layer}", f"dZ{layer}"):
                self.arrays[name] = np.empty((runs, rows, units), dtype)
        self._forward = self._compile(heads, "forward", dtype)
        self._backward = self._compile(heads, "backward", dtype) if backward else []
        self._heads = heads

    def forward(self) -> None:
        """Compute Z and A of every layer from `x`."""
        for function, arguments, named in self._forward:
            function(*arguments, **named)

    def backward(self) -> None:
        """Compute dZ, dW and db of every layer from what `forward` left, and `y`."""
        for function, arguments, named in self._backward:
            function(*arguments, **named)

    def cost(self) -> Array:
        """J of each run, shape (runs,): for the reader. Nothing in `backward` reads it."""
        for compiled, total, target in self._cost:
            for function, arguments, named in compiled:
                function(*arguments, **named)
            target[...] = total()
        return self.costs

    @cached_property
    def _cost(self) -> list[tuple[Any, Any, Array]]:
        """Compiled when it is first asked for: a program that only predicts has no use for it."""
        dtype = self.x.dtype
        return [self._compile_cost(head, i, dtype) for i, head in enumerate(self._heads)]

    def _compile(self, heads: Sequence[Head], phase: str, dtype: Any) -> list[Any]:
        compiler = Compiler(self.arrays, dtype)
        last = {f"A{self.depth}", f"dZ{self.depth}"}
        for equation in heads[0].derivation.phase(phase):
            if equation.name not in last:
                line = numpy_line(equation.runs, stacked=True)
                compiler.assign(self.arrays[equation.name], line)
                continue
            for line, runs, index in _lines(heads, equation.name):
                part = Compiler(self._slice(runs, index), dtype)
                part.assign(part.arrays[equation.name], line)
                compiler.calls += part.calls
        return compiler.calls

    def _slice(self, runs: slice, index: int) -> dict[str, Any]:
        """Named arrays as one loss sees them: its own runs, its own encoding of the target."""
        shared = {"X", "w", "m"}
        sliced = {k: v if k in shared else v[runs] for k, v in self.arrays.items()}
        return {**sliced, "Y": self.y[index]}

    def _compile_cost(self, head: Head, index: int, dtype: Any) -> tuple[Any, Any, Array]:
        from losscope.training.cost import row_losses

        arrays = self._slice(head.runs, index)
        target = self.costs[head.runs]
        rows = np.empty((len(target), self.x.shape[0], 1), dtype)
        compiler = Compiler(arrays, dtype)
        compiler.assign(rows, row_losses(head.derivation))
        scale = 1.0 / self.x.shape[0] if head.derivation.reduction == "mean" else 1.0
        half = 0.5 * head.derivation.l2
        weights = [arrays[f"W{layer}"] for layer in range(1, self.depth + 1)]

        def total() -> Array:
            found: Array = scale * rows.sum(axis=(1, 2))
            if half:
                found = found + half * sum((w**2).sum(axis=(1, 2)) for w in weights)
            return found

        return compiler.calls, total, target


def _lines(heads: Sequence[Head], name: str) -> list[tuple[str, slice, int]]:
    """One equation of every loss: its line, the runs it is for, the place of the loss.

    Neighbours whose line is the same and reads no target, as an output activation, share it.
    """
    found: list[tuple[str, slice, int]] = []
    for index, head in enumerate(heads):
        runs = head.derivation[name].runs
        line = numpy_line(runs, stacked=True)
        if found and found[-1][0] == line and "Y" not in references(runs):
            found[-1] = (line, slice(found[-1][1].start, head.runs.stop), index)
        else:
            found.append((line, head.runs, index))
    return found


def _assert_shared(heads: Sequence[Head], depth: int) -> None:
    """A comparison differs in nothing but the loss: all other equations must be the same."""
    allowed = {f"A{depth}", f"dZ{depth}", "J"}
    changed = set(differing([head.derivation for head in heads])) - allowed
    if changed:
        raise AssertionError(f"equations that all losses must share differ: {sorted(changed)}")
