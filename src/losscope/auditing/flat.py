"""Work on many small arrays as on one: a pass over single examples records thousands of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing.recorder import Key, Trace

Array = np.ndarray[Any, Any]
_LARGE = 4096  # numbers; a larger array is worked on by itself


@dataclass
class Block:
    """Values of several traces under the same keys, laid end to end."""

    keys: list[Key]
    shapes: list[tuple[int, ...]]
    starts: Array  # where each key's numbers begin
    rows: list[Array]  # one for each trace

    def largest(self, numbers: Array) -> Array:
        """Give the largest number of each key (NaN where there is one)."""
        return np.maximum.reduceat(numbers, self.starts)

    def parts(self, numbers: Array) -> Iterator[tuple[Key, Array]]:
        """Cut numbers up again into one array a key."""
        ends = [*self.starts[1:], len(numbers)]
        for key, shape, start, end in zip(self.keys, self.shapes, self.starts, ends, strict=True):
            yield key, numbers[start:end].reshape(shape)


def blocks(keys: Iterable[Key], *traces: Trace) -> Iterator[Block]:
    """Lay end to end what all traces hold under each key, in one shape."""
    small: list[tuple[Key, list[Array]]] = []
    for key in keys:
        values = [v for t in traces if (v := t.value(key)) is not None]
        if len(values) < len(traces) or any(v.shape != values[0].shape for v in values):
            continue
        if values[0].size > _LARGE:
            yield _block([(key, values)])
        else:
            small.append((key, values))
    if small:
        yield _block(small)


def _block(held: list[tuple[Key, list[Array]]]) -> Block:
    sizes = [values[0].size for _, values in held]
    return Block(
        [key for key, _ in held],
        [values[0].shape for _, values in held],
        np.cumsum([0, *sizes[:-1]]),
        [
            np.concatenate([v.ravel() for v in row])
            for row in zip(*(v for _, v in held), strict=True)
        ],
    )
