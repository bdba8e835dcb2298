"""The general method: initialise, then loop forward, loss, backward, update.

All runs of a call share the seed, and so the batches and the initial weights; they differ in the
loss and the learning rate alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losscope.errors import LosscopeError
from losscope.network import Network
from losscope.training import engines, optimizers
from losscope.training.stack import Run, Stack, libraries

Array = NDArray[Any]


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
    output_bias: ArrayLike | None = None,
    values: bool = True,
    on_epoch: Callable[[int, Stack], None] | None = None,
    engine: str = "numpy",
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
    output_bias : (outputs,), where the last layer's bias starts in every run; None for zeros.
    values : whether the cost is computed. It informs; the weights are the same bits without it.
    on_epoch : called with (epoch, stack) before the first epoch (0) and after each.
    engine : what computes: "numpy", "numba" (the extra `fast`), "jax" (the extra `jax`), or "auto":
        Numba where it is installed, has loops for these losses, and this call is long enough.

    Raises
    ------
    LosscopeError : for input that cannot be trained on.
    """
    data, targets = _arrays(X, Y, layers)
    _check_numbers(epochs, batch_size, runs, precision)
    network = Network(tuple(layers), activation, None, initializer)
    weights = None if sample_weight is None else np.asarray(sample_weight).reshape(-1, 1)
    stack = Stack(network, runs, precision, l2, weights is not None)
    stack.initialise(seed, output_bias)
    rates = np.array([[runs[i].learning_rate] for i in stack.order], stack.dtype)
    rule = optimizers.get(optimizer)
    batches = engines.Batches(
        data.astype(stack.dtype),
        [h.derivation.loss.encode(targets).astype(stack.dtype) for h in stack.heads],
        None if weights is None else weights.astype(stack.dtype),
        batch_size,
    )
    state = rule(stack.parameters_.flat, stack.parameters_.gradient, rates)
    size = {"epochs": epochs, "rows": len(data), "batch_size": batch_size}
    heads = [(h.derivation.network, h.derivation.loss) for h in stack.heads]
    chosen = engines.resolve(engine, heads, networks=len(runs), **size)
    loop = engines.get(chosen)(stack, state, batches, values)
    cost = np.full((len(runs), epochs), np.nan)
    trained = Trained(stack, cost)
    shuffle = np.random.default_rng([seed, 0])
    with libraries().limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
        if on_epoch:
            on_epoch(0, stack)
        for epoch in range(epochs):
            order = shuffle.permutation(len(data))
            cost[stack.order, epoch] = loop.epoch(order, epoch + 1, trained.failures)
            if on_epoch:
                on_epoch(epoch + 1, stack)
    return trained


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
