"""The engine that needs nothing but NumPy: each line is a few calls for many runs together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.training.compiler import Call
from losscope.training.engines import Batches, Engine
from losscope.training.optimizers import Optimizer
from losscope.training.program import Head, Program, joins_bias
from losscope.training.stack import Stack

Array = NDArray[Any]
SLOTS = 16
"""Most batches laid out at once: their data is gathered, and their cost computed, in one go."""
CACHES = 4
"""How many times a core's own cache a part may take: measured, see benchmarks."""
SLOT_BYTES = 2**17
"""What they may take together: they should not drive the stack out of the cache."""


class PlainEngine(Engine):
    """Part after part of the stack: gather batches; forward, backward, update for each."""

    def __init__(self, stack: Stack, optimizer: Optimizer, batches: Batches, values: bool) -> None:
        super().__init__(stack, optimizer, batches, values)
        self.data = batches.data
        if joins_bias(stack.heads[0].derivation):
            ones = np.ones((len(self.data), 1), stack.dtype)
            self.data = np.concatenate([self.data, ones], axis=1)
        runs = len(stack.runs)
        count = -(-runs // runs_together(stack, min(batches.size, len(batches.data))))
        cuts = [runs * k // count for k in range(count + 1)]
        self._parts = [_Part(self, slice(*cut)) for cut in pairwise(cuts)]

    def through(self, order: NDArray[np.intp], *, watch: bool) -> tuple[Array, dict[int, int]]:
        """Run all batches; see `Engine`."""
        numbers = self.optimizer.numbers_of(-(-len(order) // self.batches.size))
        total = np.full(len(self.stack.runs), 0.0 if self.values else np.nan)
        given = _Given(order, numbers, total, {} if watch else None)
        for part in self._parts:
            part.through(given)
        self.optimizer.steps += len(numbers)
        return total, given.first or {}


@dataclass(frozen=True)
class _Given:
    """An epoch: the order of the examples, the rule's numbers for each step, and what is found."""

    order: NDArray[np.intp]
    numbers: Array
    total: Array
    first: dict[int, int] | None


class _Part:
    """Runs that are computed together, since what they read and write fits into the cache."""

    def __init__(self, engine: PlainEngine, runs: slice) -> None:
        self.engine, self.runs = engine, runs
        self.batches, self.values = engine.batches, engine.values
        stack = engine.stack
        self.heads: list[Head] = []
        self.targets: list[Array] = []
        for head, target in zip(stack.heads, engine.batches.targets, strict=True):
            start, stop = max(head.runs.start, runs.start), min(head.runs.stop, runs.stop)
            if start < stop:
                own = slice(start - runs.start, stop - runs.start)
                self.heads.append(Head(head.derivation, own))
                self.targets.append(target)
        self.parameters = stack.parameters_.part(runs)
        self._programs: dict[int, Program] = {}
        self._update: list[Call] = []

    def through(self, given: _Given) -> None:
        """Run all batches."""
        size = self.batches.size
        full, rest = divmod(len(given.order), size)
        if full:
            program = self._program(size, full)
            for done in range(0, full, program.slots):
                self._run(program, slice(done, min(done + program.slots, full)), given)
        if rest:
            self._run(self._program(rest, 1), slice(full, full + 1), given)

    def _program(self, rows: int, steps: int) -> Program:
        """The program for batches of that many rows, compiled once."""
        if rows not in self._programs:
            inputs, *_, outputs = self.parameters.layers
            each = rows * (inputs + 3 * outputs * len(self.parameters.flat))
            most = max(1, min(SLOTS, SLOT_BYTES // (each * self.parameters.flat.itemsize)))
            slots = -(-steps // -(-steps // most))
            self._programs[rows] = Program(self.heads, self.parameters, rows, slots=slots)
        return self._programs[rows]

    def _run(self, program: Program, steps: slice, given: _Given) -> None:
        """Run batches of equal size, one step each, in the slots of a program."""
        start = steps.start * self.batches.size
        rows = given.order[start : start + program.rows * (steps.stop - steps.start)]
        self._load(program, rows, steps.stop - steps.start)
        optimizer = self.engine.optimizer
        self._update = self._update or optimizer.calls(self.runs)
        share = program.rows / len(given.order)
        for step, calls in zip(range(steps.start, steps.stop), program.steps, strict=False):
            if self.values and program.penalised:
                given.total[self.runs] += program.penalty() * share
            optimizer.numbers[...] = given.numbers[step]
            for function, arguments, named in calls:
                function(*arguments, **named)
            for function, arguments, named in self._update:
                function(*arguments, **named)
            if given.first is not None:
                finite = np.isfinite(self.parameters.flat).all(axis=1)
                for place in np.flatnonzero(~finite).tolist():
                    given.first.setdefault(self.runs.start + place, step + 1)
        if self.values:
            for found in program.losses()[: steps.stop - steps.start]:
                given.total[self.runs] += found * share

    def _load(self, program: Program, rows: NDArray[np.intp], count: int) -> None:
        pairs = [(self.engine.data, program.data), *zip(self.targets, program.targets, strict=True)]
        if self.batches.weights is not None:
            pairs.append((self.batches.weights, program.weights))
        for source, blocks in pairs:
            out = blocks[:count].reshape(len(rows), source.shape[1])
            np.take(source, rows, axis=0, out=out, mode="clip")  # unlike "raise", needs no copy
        program.prepare()


def runs_together(stack: Stack, rows: int) -> int:
    """How many runs to compute at once: many for few calls, few for the cache.

    What a step touches of a run are its parameters, gradients and moments, and Z, A and dZ of each
    layer. Runs beyond the cache make every pass wait for memory. The model is not right yet:
    `python -m benchmarks scale` shows what other cuts would cost.
    """
    layers = stack.network.layers
    values = 4 * stack.parameters_.flat.shape[1] + 3 * rows * sum(layers[1:])
    bytes_of_a_run: int = values * stack.dtype.itemsize
    return max(1, CACHES * cache_bytes() // bytes_of_a_run)


@cache
def cache_bytes() -> int:
    """Size of a core's own cache, where the system says it."""
    try:
        return max(os.sysconf("SC_LEVEL2_CACHE_SIZE"), 2**18)
    except (AttributeError, ValueError, OSError):
        return 2**19
