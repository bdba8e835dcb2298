"""From raw predictions to what metrics measure: probabilities, or values in their own units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW
from losscope.calculus.rules import stabilise
from losscope.comparison.calibration import log_odds
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.comparison.calibration import Array, Memory
    from losscope.data import Fold

OUTPUTS = {
    "binary": "sigmoid",
    "multilabel": "sigmoid",
    "multiclass": "softmax",
    "regression": "identity",
    "counts": "exp",
}


def activate(output: str, Z: Array) -> Array:
    """The output activation of raw predictions ``(…, N, K)``, by the formula that also trains."""
    with np.errstate(all="ignore"):
        return np.asarray(_activation(output)(Z))


@lru_cache(maxsize=32)
def _activation(output: str) -> Callable[..., Any]:
    return compiled(stabilise(activations.get(output).formula(RAW)), (RAW,))


def is_score(task: str, output: str) -> bool:
    """Whether that output is no probability although the task asks for one."""
    return task in {"binary", "multilabel", "multiclass"} and output != OUTPUTS[task]


@dataclass(frozen=True)
class Predictor:
    """Turns stacked raw predictions of one fold into what metrics measure.

    `outputs` names each run's output activation. Runs whose output is a score are calibrated on
    the validation rows: see `losscope.comparison.calibration`.
    """

    task: str
    outputs: tuple[str, ...]
    fold: Fold

    def logits(self, Z_valid: Array, Z: Array, memory: Memory | None = None) -> Array:
        """Raw predictions ``(R, N, K)`` on the task's own output: scores become log-odds."""
        scores = [r for r, output in enumerate(self.outputs) if is_score(self.task, output)]
        if not scores:
            return Z
        turned = np.array(Z)
        turned[scores] = log_odds(
            Z_valid[scores], self.fold.Y_valid, Z[scores], self.fold.w_valid, memory
        )
        return turned

    def __call__(self, Z_valid: Array, Z: Array, memory: Memory | None = None) -> Array:
        """Probabilities, or values in the target's own units, ``(R, N, K)``."""
        logits = self.logits(Z_valid, Z, memory)
        seen = [OUTPUTS[self.task] if is_score(self.task, o) else o for o in self.outputs]
        P = np.empty_like(logits)
        for output in dict.fromkeys(seen):
            runs = [r for r, own in enumerate(seen) if own == output]
            P[runs] = activate(output, logits[runs])
        return self.in_units(P)

    def in_units(self, values: Array) -> Array:
        """Values of the standardised target in its own units; anything else as it is."""
        if self.task != "regression":
            return values
        return np.asarray(values * self.fold.target_scale + self.fold.target_mean)
