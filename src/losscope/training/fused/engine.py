"""The engine that runs generated machine code: one call trains all runs of a loss for an epoch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.errors import LosscopeError
from losscope.training.engines import Batches, Engine
from losscope.training.fused import compiled, source
from losscope.training.fused.graph import UnsupportedError
from losscope.training.optimizers import Optimizer
from losscope.training.stack import Stack, libraries

Array = NDArray[Any]


class FusedEngine(Engine):
    """Runs one after another, each with all that it reads in the core's own cache."""

    watches = True

    def __init__(self, stack: Stack, optimizer: Optimizer, batches: Batches, values: bool) -> None:
        super().__init__(stack, optimizer, batches, values)
        _load_blas()
        precision = stack.dtype.name
        shared, heads = _sources(stack, optimizer, precision)
        self._epoch: Callable[..., None] = compiled.module(shared).epoch
        self._heads = [compiled.module(head).head for head in heads]
        rows = len(batches.data)
        self._data = np.empty_like(batches.data)
        self._targets = np.empty_like(batches.targets[0])
        self._weights = np.ones((rows, 1), stack.dtype)
        self._widths = np.array(stack.network.layers, np.int64)

    def through(self, order: NDArray[np.intp], *, watch: bool) -> tuple[Array, dict[int, int]]:
        """Run all batches; see `Engine`."""
        runs, batches, optimizer = len(self.stack.runs), self.batches, self.optimizer
        costs, broken = np.zeros(runs), np.zeros(runs, np.int64)
        alive = self.stack.alive[self.stack.order]
        numbers = optimizer.numbers_of(-(-len(order) // batches.size))
        np.take(batches.data, order, axis=0, out=self._data, mode="clip")
        if batches.weights is not None:
            np.take(batches.weights, order, axis=0, out=self._weights, mode="clip")
        for head, function, target in zip(
            self.stack.heads, self._heads, batches.targets, strict=True
        ):
            np.take(target, order, axis=0, out=self._targets, mode="clip")
            own = head.runs
            self._epoch(
                function,
                self._widths,
                optimizer.parameters[own],
                *(array[own] for array in optimizer.state),
                self._data,
                self._targets,
                self._weights,
                optimizer.rates[own, 0],
                numbers,
                batches.size,
                alive[own],
                self.values,
                costs[own],
                watch,
                broken[own],
            )
        optimizer.steps += len(numbers)
        first = {place: int(broken[place]) for place in np.flatnonzero(broken).tolist()}
        return (costs if self.values else np.full(runs, np.nan)), first


def _sources(stack: Stack, optimizer: Optimizer, precision: str) -> tuple[str, list[str]]:
    """What all losses share, and each loss's own."""
    derivation = stack.heads[0].derivation
    try:
        shared = source.epoch_source(derivation, optimizer.rule, precision)
        heads = []
        for derivation in (head.derivation for head in stack.heads):
            heads.append(source.head_source(derivation, precision))
    except UnsupportedError as error:
        raise LosscopeError(
            f"engine numba has no loops for {derivation.loss.spelling} ({error}); "
            "use --engine numpy"
        ) from error
    return shared, heads


@cache
def _load_blas() -> None:
    """Numba's products are SciPy's BLAS: it must be known to those who limit threads."""
    import scipy.linalg.cython_blas  # noqa: F401

    libraries.cache_clear()
