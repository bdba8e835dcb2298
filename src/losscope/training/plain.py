"""The engine that needs nothing but NumPy: each line is a few calls for all runs together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.training.engines import Engine
from losscope.training.program import Program

Array = NDArray[Any]


class PlainEngine(Engine):
    """Gather a batch, forward, backward, update."""

    def through(self, order: NDArray[np.intp], *, watch: bool) -> tuple[Array, dict[int, int]]:
        """Run all batches; see `Engine`."""
        total = np.zeros(len(self.stack.runs))
        first: dict[int, int] = {}
        size = self.batches.size
        for step, start in enumerate(range(0, len(order), size), start=1):
            rows = order[start : start + size]
            program = self._load(rows)
            program.forward()
            if self.values:
                total += program.cost() * (len(rows) / len(order))
            program.backward()
            self.optimizer.step()
            if watch:
                for place in np.flatnonzero(self.broken()).tolist():
                    first.setdefault(place, step)
        return (total if self.values else np.full_like(total, np.nan)), first

    def _load(self, rows: NDArray[np.intp]) -> Program:
        batches = self.batches
        program = self.stack.program(len(rows))
        np.take(batches.data, rows, axis=0, out=program.x)
        for target, buffer in zip(batches.targets, program.y, strict=True):
            np.take(target, rows, axis=0, out=buffer)
        if batches.weights is not None:
            np.take(batches.weights, rows, axis=0, out=program.w)
        return program
