"""The general method: initialise, then loop forward, loss, backward, update.

All runs of a call share the seed, and so the batches and the initial weights; they differ in the
loss and the learning rate alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

from losscope.derivation import Derivation, derive
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.network import Network, initialise
from losscope.training import optimizers
from losscope.training.program import Head, Parameters, Program

Array = NDArray[Any]
BLOCK = 256
"""Rows evaluated at once: fixed, since the bits of a product depend on its shape."""


@cache
def _libraries() -> ThreadpoolController:
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
        with _libraries().limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            for start in range(0, len(data), BLOCK):
                block = data[start : start + BLOCK]
                program = self.program(len(block), backward=False)
                program.x[...] = block
                program.forward()
                found[self.order, start : start + len(block)] = program.arrays[name]
        return found

    def parameters(self, run: int) -> list[tuple[Array, Array]]:
        """Copies of (W, b) of each layer of one run; b has shape (units,)."""
        place, arrays = self.place(run), self.parameters_.arrays
        return [
            (arrays[f"W{layer}"][place].copy(), arrays[f"b{layer}"][place, 0].copy())
            for layer in range(1, self.network.depth + 1)
        ]


@dataclass
class Trained:
    """What training leaves.

    Attributes
    ----------
    stack : the runs, for predictions and parameters.
    train_cost : (runs, epochs) mean cost over each epoch's batches as they were met; NaN where the
        value was not computed.
    failures : run index -> where it went wrong, in words.
    """

    stack: Stack
    train_cost: Array
    failures: dict[int, str] = field(default_factory=dict)


def train(
    layers: Sequence[int],
    runs: Sequence[Run],
    X: ArrayLike,
    Y: ArrayLike,
    *,
    activation: str | tuple[str, ...] = "relu",
    initializer: str = "glorot_uniform",
    seed: int = 0,
    epochs: int = 30,
    batch_size: int = 32,
    optimizer: str = "adam",
    precision: str = "float64",
    l2: float = 0.0,
    sample_weight: ArrayLike | None = None,
    values: bool = True,
    on_epoch: Callable[[int, Stack], None] | None = None,
) -> Trained:
    """Train a stack of networks that differ in loss and learning rate only.

    Parameters
    ----------
    layers : widths from inputs to outputs.
    runs : what is trained.
    X : (N, inputs).
    Y : (N, outputs): 0 and 1, one-hot rows or numbers; each loss encodes them for itself.
    activation, initializer : of the network; see `Network`.
    seed : fixes batches and initial weights.
    epochs, batch_size, optimizer, precision, l2 : as their names say; l2 penalises ½ λ Σ W².
    sample_weight : (N,), multiplies each example's loss.
    values : whether the cost is computed. It informs; the weights are the same bits without it.
    on_epoch : called with (epoch, stack) before the first epoch (0) and after each.

    Raises
    ------
    LosscopeError : for input that cannot be trained on.
    """
    data, targets = _arrays(X, Y, layers)
    _check_numbers(epochs, batch_size, runs, precision)
    network = Network(tuple(layers), activation, None, initializer)
    weights = None if sample_weight is None else np.asarray(sample_weight).reshape(-1, 1)
    stack = Stack(network, runs, precision, l2, weights is not None)
    _initialise(stack, seed)
    rates = np.array([[runs[i].learning_rate] for i in stack.order], stack.dtype)
    loop = _Loop(
        stack,
        optimizers.get(optimizer)(stack.parameters_.flat, rates),
        data.astype(stack.dtype),
        [h.derivation.loss.encode(targets).astype(stack.dtype) for h in stack.heads],
        None if weights is None else weights.astype(stack.dtype),
        batch_size,
        values,
    )
    cost = np.full((len(runs), epochs), np.nan)
    trained = Trained(stack, cost)
    shuffle = np.random.default_rng([seed, 0])
    with _libraries().limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
        if on_epoch:
            on_epoch(0, stack)
        for epoch in range(epochs):
            order = shuffle.permutation(len(data))
            cost[stack.order, epoch] = loop.epoch(order, epoch + 1, trained.failures)
            if on_epoch:
                on_epoch(epoch + 1, stack)
    return trained


@dataclass
class _Loop:
    """One epoch after another: gather a batch, forward, backward, update."""

    stack: Stack
    optimizer: optimizers.Optimizer
    data: Array
    targets: list[Array]
    weights: Array | None
    batch_size: int
    values: bool

    def epoch(self, order: NDArray[np.intp], epoch: int, failures: dict[int, str]) -> Array:
        """Go once through the data; a run that stops being finite is named and taken out."""
        before = self.optimizer.snapshot()
        while True:
            cost, _ = self._pass(order, watch=None)
            broken = self._broken()
            if not broken.any():
                return cost
            self.optimizer.restore(before)
            _, steps = self._pass(order, watch=broken)
            self.optimizer.restore(before)
            for place in np.flatnonzero(broken).tolist():
                run = self.stack.order[place]
                failures[run] = _failure(self.stack.runs[run], epoch, steps[place])
                self.stack.alive[run] = False
                self.optimizer.retire(place)
            before = self.optimizer.snapshot()

    def _pass(
        self, order: NDArray[np.intp], watch: NDArray[np.bool_] | None
    ) -> tuple[Array, dict[int, int]]:
        """Run all batches; with `watch`, say at which step each watched run breaks."""
        total = np.zeros(len(self.stack.runs))
        first: dict[int, int] = {}
        for step, start in enumerate(range(0, len(order), self.batch_size), start=1):
            rows = order[start : start + self.batch_size]
            program = self._load(rows)
            program.forward()
            if self.values:
                total += program.cost() * (len(rows) / len(order))
            program.backward()
            self.optimizer.step(self.stack.parameters_.gradient)
            if watch is not None:
                for place in np.flatnonzero(self._broken() & watch).tolist():
                    first.setdefault(place, step)
        return (total if self.values else np.full_like(total, np.nan)), first

    def _broken(self) -> NDArray[np.bool_]:
        """Runs with a parameter that is not finite any more."""
        return np.asarray(~np.isfinite(self.optimizer.parameters).all(axis=1))

    def _load(self, rows: NDArray[np.intp]) -> Program:
        program = self.stack.program(len(rows))
        np.take(self.data, rows, axis=0, out=program.x)
        for target, buffer in zip(self.targets, program.y, strict=True):
            np.take(target, rows, axis=0, out=buffer)
        if self.weights is not None:
            np.take(self.weights, rows, axis=0, out=program.w)
        return program


def _initialise(stack: Stack, seed: int) -> None:
    """Every run from the same bits."""
    network = stack.network
    start = initialise(network.layers, network.initializer, seed)
    for layer, (weights, bias) in enumerate(start, start=1):
        stack.parameters_.arrays[f"W{layer}"][...] = weights
        stack.parameters_.arrays[f"b{layer}"][...] = bias


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
            heads.append(Head(_derivation(own, runs[start].loss, l2, weighted), slice(start, stop)))
            start = stop
    return heads


@lru_cache(maxsize=256)
def _derivation(network: Network, loss: Loss, l2: float, weighted: bool) -> Derivation:
    return derive(network, loss, l2=l2, sample_weight=weighted)


def _failure(run: Run, epoch: int, step: int) -> str:
    return (
        f"{run.loss.spelling} at learning rate {run.learning_rate:g} stopped being finite at "
        f"epoch {epoch}, step {step}; a smaller learning rate may help"
    )


def _arrays(X: ArrayLike, Y: ArrayLike, layers: Sequence[int]) -> tuple[Array, Array]:
    data, targets = np.asarray(X), np.asarray(Y)
    if data.ndim != 2 or data.shape[1] != layers[0]:
        raise LosscopeError(
            f"X: expected shape (examples, {layers[0]}) for a network with {layers[0]} inputs, "
            f"got {data.shape}"
        )
    if targets.shape != (len(data), layers[-1]):
        raise LosscopeError(
            f"Y: expected shape ({len(data)}, {layers[-1]}), one row an example and one column an "
            f"output, got {targets.shape}; nothing is broadcast"
        )
    return data, targets


def _check_numbers(epochs: int, batch_size: int, runs: Sequence[Run], precision: str) -> None:
    if epochs < 0:
        raise LosscopeError(f"epochs: expected a whole number of at least 0, got {epochs}")
    if batch_size < 1:
        raise LosscopeError(f"batch size: expected a whole number of at least 1, got {batch_size}")
    if not runs:
        raise LosscopeError("runs: expected at least one, got none")
    for run in runs:
        if not 0 < run.learning_rate < float("inf"):
            raise LosscopeError(
                f"learning rate: expected a finite number above 0, got {run.learning_rate}"
            )
    if precision not in ("float64", "float32"):
        raise LosscopeError(f"precision: expected float64 or float32, got {precision!r}")
