"""What is measured: networks, batches, stacks; the data and weights all peers start from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from losscope.network import initialise

RATE = 1e-3


@dataclass(frozen=True)
class Case:
    """A stack of equal networks under cross-entropy and Adam, float32."""

    layers: tuple[int, ...]
    batch: int
    runs: int
    steps: int  # of one epoch

    @property
    def title(self) -> str:
        """As in the table."""
        return f"{'-'.join(map(str, self.layers))}, batch {self.batch}, R {self.runs}"

    @property
    def rows(self) -> int:
        """Examples."""
        return self.batch * self.steps

    @property
    def operations(self) -> int:
        """Of one step of one network, products alone: no dX for the first layer."""
        weights = [a * b for a, b in pairwise(self.layers)]
        return 2 * self.batch * (3 * sum(weights) - weights[0])

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """X and classes."""
        stream = np.random.default_rng(0)
        X = stream.normal(size=(self.rows, self.layers[0])).astype(np.float32)
        return X, stream.integers(self.layers[-1], size=self.rows)

    def start(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weights and biases, float32."""
        found = initialise(self.layers, "glorot_uniform", 0)
        return [(W.astype(np.float32), b.astype(np.float32)) for W, b in found]

    def order(self) -> np.ndarray:
        """The order of the first epoch, as losscope draws it."""
        return np.random.default_rng([0, 0]).permutation(self.rows)

    def plain(self) -> dict:
        """For JSON."""
        return asdict(self)


CASES = (
    Case((30, 32, 2), 32, 1, 256),
    Case((30, 32, 2), 32, 8, 64),
    Case((30, 32, 2), 32, 32, 32),
    Case((64, 64, 10), 64, 8, 32),
    Case((64, 64, 10), 64, 32, 16),
    Case((784, 256, 10), 128, 8, 4),
    Case((512, 512, 512, 10), 256, 8, 2),
)


def from_json(found: dict) -> Case:
    """The case that `plain` wrote."""
    return Case(**{**found, "layers": tuple(found["layers"])})
