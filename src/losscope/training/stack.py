"""The runs of one call as they stand: parameters, and what they predict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

from losscope.derivation.derive import derived
from losscope.losses import Loss
from losscope.network import Network, initialise
from losscope.training.program import Head, Parameters, Program

Array = NDArray[Any]
BLOCK = 256
"""Rows evaluated at once: fixed, since the bits of a product depend on its shape."""


@cache
def libraries() -> ThreadpoolController:
    """The BLAS libraries loaded so far, NumPy's among them; finding them anew takes 10 ms."""
    return ThreadpoolController()


@dataclass(frozen=True)
class Run:
    """One network: its loss, its learning rate, its output activation."""

    loss: Loss
    learning_rate: float
    output: str


class Stack:
    """The runs as they stand: predictions and parameters."""

    def __init__(
        self, network: Network, runs: Sequence[Run], dtype: Any, l2: float, weighted: bool
    ) -> None:
        self.network = network
        self.runs = tuple(runs)
        self.dtype = np.dtype(dtype)
        self.alive = np.ones(len(runs), dtype=bool)
        self.order = sorted(range(len(runs)), key=lambda i: (_head_key(runs[i]), i))
        self.heads = _heads([self.runs[i] for i in self.order], network, l2, weighted)
        self.parameters_ = Parameters(network.layers, len(runs), self.dtype)
        self._programs: dict[tuple[int, bool], Program] = {}

    def program(self, rows: int, *, backward: bool = True) -> Program:
        """The program for batches of that many rows, compiled once."""
        key = (rows, backward)
        if key not in self._programs:
            self._programs[key] = Program(self.heads, self.parameters_, rows, backward=backward)
        return self._programs[key]

    def place(self, run: int) -> int:
        """Where a run stands on the leading axis; runs of one loss stand side by side."""
        return self.order.index(run)

    def predict_raw(self, X: ArrayLike) -> Array:
        """Raw predictions z, shape (runs, N, outputs)."""
        return self._evaluate(X, f"Z{self.network.depth}")

    def predict(self, X: ArrayLike) -> Array:
        """Predictions after each run's output activation, shape (runs, N, outputs)."""
        return self._evaluate(X, f"A{self.network.depth}")

    def _evaluate(self, X: ArrayLike, name: str) -> Array:
        data = np.asarray(X)
        found = np.empty((len(self.runs), len(data), self.network.layers[-1]), self.dtype)
        with libraries().limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            for start in range(0, len(data), BLOCK):
                block = data[start : start + BLOCK]
                program = self.program(len(block), backward=False)
                program.x[...] = block
                program.forward()
                found[self.order, start : start + len(block)] = program.arrays[name]
        return found

    def gradients(self, X: Array, Y: Array, weights: Array | None) -> Array:
        """Gradient of each run's cost over all these rows, as parameters stand: (runs, parameters).

        They are in the order of `snapshot`; each loss encodes the targets for itself.
        """
        program = self.program(len(X))
        program.x[...] = X
        for head, target in zip(self.heads, program.y, strict=True):
            target[...] = head.derivation.loss.encode(Y)
        if weights is not None:
            program.w[...] = weights.reshape(-1, 1)
        with libraries().limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            program.forward()
            program.backward()
        found = np.empty_like(self.parameters_.gradient)
        found[self.order] = self.parameters_.gradient
        return found

    def parameters(self, run: int) -> list[tuple[Array, Array]]:
        """Copies of (W, b) of each layer of one run; b has shape (units,)."""
        place, arrays = self.place(run), self.parameters_.arrays
        return [
            (arrays[f"W{layer}"][place].copy(), arrays[f"b{layer}"][place, 0].copy())
            for layer in range(1, self.network.depth + 1)
        ]

    def snapshot(self) -> Array:
        """A copy of all parameters, (runs, parameters): `standing_at` takes it."""
        found = np.empty_like(self.parameters_.flat)
        found[self.order] = self.parameters_.flat
        return found

    @contextmanager
    def standing_at(self, parameters: Array) -> Iterator[None]:
        """Let the runs stand where a snapshot says, for a moment: it changes no weight for good."""
        now = self.snapshot()
        self.parameters_.flat[...] = parameters[self.order]
        try:
            yield
        finally:
            self.parameters_.flat[...] = now[self.order]

    def initialise(self, seed: int, output_bias: ArrayLike | None = None) -> None:
        """Every run from the same bits; biases at zero, the output's where it is given."""
        network = self.network
        start = initialise(network.layers, network.initializer, seed)
        for layer, (weights, bias) in enumerate(start, start=1):
            self.parameters_.arrays[f"W{layer}"][...] = weights
            self.parameters_.arrays[f"b{layer}"][...] = bias
        if output_bias is not None:
            self.parameters_.arrays[f"b{network.depth}"][...] = output_bias


def _head_key(run: Run) -> tuple[str, str]:
    return (run.loss.spelling, run.output)


def _heads(runs: Sequence[Run], network: Network, l2: float, weighted: bool) -> list[Head]:
    """One head for each loss: runs of a loss stand side by side."""
    heads: list[Head] = []
    start = 0
    for stop in range(1, len(runs) + 1):
        if stop == len(runs) or _head_key(runs[stop]) != _head_key(runs[start]):
            own = Network(
                network.layers, network.activation, runs[start].output, network.initializer
            )
            heads.append(Head(derived(own, runs[start].loss, l2, weighted), slice(start, stop)))
            start = stop
    return heads
