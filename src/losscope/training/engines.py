"""What carries out the equations: NumPy, Numba or JAX, all from the same lines.

An engine goes once through the data for a whole stack. What goes wrong in a run is found here, the
same way for all of them.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.derivation.derive import derived
from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain
from losscope.losses import Loss
from losscope.network import Network
from losscope.training.optimizers import ADAM, Optimizer
from losscope.training.stack import Run, Stack

Array = NDArray[Any]
NEEDS = {"numpy": "numpy", "numba": "numba", "jax": "jax"}
EXTRAS = {"numba": "fast", "jax": "jax"}
COMPILING = (4.0, 1.0)
"""Seconds that compiling takes once: what all losses share, and each loss."""
SAVED = 0.25
"""Part of NumPy's time that machine code saves at least, once it is compiled."""


@dataclass(frozen=True)
class Batches:
    """The examples, in the precision of the arithmetic.

    Parameters
    ----------
    data : (N, inputs).
    targets : (N, outputs) for each head, as its loss encodes them.
    weights : (N, 1) or None.
    size : examples in a batch; the last one may have fewer.
    """

    data: Array
    targets: list[Array]
    weights: Array | None
    size: int


class Engine(ABC):
    """One epoch after another. Parameters are the stack's, at the start and end of each.

    Parameters
    ----------
    stack : the runs.
    optimizer : the rule, with the parameters and what it remembers.
    batches : the examples.
    values : whether costs are wanted; no parameter depends on it.
    """

    watches = False
    """Whether looking after every step if parameters are finite costs next to nothing."""

    def __init__(self, stack: Stack, optimizer: Optimizer, batches: Batches, values: bool) -> None:
        self.stack, self.optimizer, self.batches, self.values = stack, optimizer, batches, values

    @abstractmethod
    def through(self, order: NDArray[np.intp], *, watch: bool) -> tuple[Array, dict[int, int]]:
        """Run all batches; with `watch`, say at which step each run that breaks does so.

        Returns the mean cost of each run (NaN where values are not wanted) and steps by place.
        """

    def epoch(self, order: NDArray[np.intp], epoch: int, failures: dict[int, str]) -> Array:
        """Go once through the data; a run that stops being finite is named and taken out."""
        if self.watches:
            cost, steps = self.through(order, watch=True)
            for place, step in steps.items():
                self.fail(place, epoch, step, failures)
                cost[place] = 0.0
            return cost
        before = self.optimizer.snapshot()
        while True:
            cost, _ = self.through(order, watch=False)
            broken = self.broken()
            if not broken.any():
                return cost
            self.optimizer.restore(before)
            _, steps = self.through(order, watch=True)
            self.optimizer.restore(before)
            for place in np.flatnonzero(broken).tolist():
                self.fail(place, epoch, steps[place], failures)
            before = self.optimizer.snapshot()

    def fail(self, place: int, epoch: int, step: int, failures: dict[int, str]) -> None:
        """Name the run at that place and take it out."""
        run = self.stack.order[place]
        failures[run] = _failure(self.stack.runs[run], epoch, step)
        self.stack.alive[run] = False
        self.optimizer.retire(place)

    def broken(self) -> NDArray[np.bool_]:
        """Runs with a parameter that is not finite any more."""
        return np.asarray(~np.isfinite(self.optimizer.parameters).all(axis=1))


def resolve(
    name: str,
    heads: Sequence[tuple[Network, Loss]],
    *,
    networks: int,
    epochs: int,
    rows: int,
    batch_size: int,
) -> str:
    """The engine that a name stands for; "auto" is chosen by the work and the machine alone.

    So the same work is done by the same engine whatever was compiled before, in whatever order and
    company and by however many workers: its bits are those of one engine. Each of as many workers
    as there are cores may have to wait for the compiler, and must win that time back.

    Parameters
    ----------
    name : "auto", or that of an engine.
    heads : each loss with its network; they differ in the output activation at most.
    networks, epochs, rows, batch_size : the work.

    Raises
    ------
    LosscopeError : for an unknown engine, or one that is not installed.
    """
    chosen = plain(name)
    if chosen == "auto":
        shared, each = COMPILING
        layers = heads[0][0].layers
        own = seconds(layers, networks, epochs, rows, batch_size) / (os.cpu_count() or 1)
        pays = SAVED * own > shared + each * len(heads)
        return "numba" if pays and installed("numba") and covered(heads) else "numpy"
    if chosen not in NEEDS:
        raise LosscopeError(
            f"unknown engine {name!r}{did_you_mean(name, NEEDS)} (known: auto, {', '.join(NEEDS)})"
        )
    if not installed(chosen):
        raise LosscopeError(
            f"engine {chosen}: {NEEDS[chosen]} is not installed; install it with "
            f'pip install "losscope[{EXTRAS[chosen]}]", or use --engine numpy'
        )
    return chosen


def covered(heads: Sequence[tuple[Network, Loss]]) -> bool:
    """Whether fused loops can be written for all of these; nothing is compiled to find out."""
    from losscope.training.fused import source
    from losscope.training.fused.graph import UnsupportedError

    derivations = [derived(network, loss) for network, loss in heads]
    try:
        source.epoch_source(derivations[0], ADAM, "float64")
        for derivation in derivations:
            source.head_source(derivation, "float64")
    except UnsupportedError:
        return False
    return True


def installed(engine: str) -> bool:
    """Whether what an engine needs can be imported; nothing is imported to find out."""
    return find_spec(NEEDS[engine]) is not None


def seconds(layers: Sequence[int], networks: int, epochs: int, rows: int, batch_size: int) -> float:
    """Roughly the processor time that NumPy takes: calls, products, and the optimizer's passes."""
    parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(layers))
    steps = networks * epochs * -(-rows // batch_size)
    products = 6.0 * parameters * networks * epochs * rows / 1e11
    return products + steps * (1e-5 + 5e-9 * parameters)


def get(name: str) -> type[Engine]:
    """The engine of that name; its libraries are imported now."""
    if name == "numba":
        from losscope.training.fused.engine import FusedEngine

        return FusedEngine
    if name == "jax":
        from losscope.training.accelerated import AcceleratedEngine

        return AcceleratedEngine
    from losscope.training.plain import PlainEngine

    return PlainEngine


def _failure(run: Run, epoch: int, step: int) -> str:
    return (
        f"{run.loss.spelling} at learning rate {run.learning_rate:g} stopped being finite at "
        f"epoch {epoch}, step {step}; a smaller learning rate may help"
    )
