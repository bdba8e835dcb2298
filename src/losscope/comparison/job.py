"""What a comparison's workers are given: the job as a whole, and one chunk of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from losscope.comparison.plan import Plan
    from losscope.data import Dataset, Fold
    from losscope.losses import Loss

Train: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Job:
    """What all chunks of a comparison share. `losses` stand in the order of `plan.losses`."""

    plan: Plan
    dataset: Dataset
    losses: tuple[Loss, ...]
    engine: str = "numpy"

    @property
    def keys(self) -> tuple[str, ...]:
        """What names each loss in records: its spelling and output activation."""
        return tuple(f"{loss.spelling}@{loss.output}" for loss in self.plan.losses)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Output activation of each loss's networks."""
        return tuple(loss.output for loss in self.plan.losses)


@dataclass(frozen=True)
class Chunk:
    """Runs of one seed: pairs of a loss's place in the plan and a learning rate.

    With `extras` also what belongs to the seed and no run: baselines and first gradients.
    """

    seed: int
    runs: tuple[tuple[int, float], ...]
    extras: bool = False


@lru_cache(maxsize=4096)
def run_key(loss: str, learning_rate: float) -> str:
    """The key of a run's record, within its seed."""
    return json.dumps([loss, learning_rate])


def network_of(plan: Plan, fold: Fold) -> dict[str, Any]:
    """The arguments of `losscope.training.train` that say what the network is, and its start."""
    return {
        "layers": plan.layers,
        "activation": plan.activation,
        "initializer": plan.initializer,
        "output_bias": output_bias(plan, fold),
    }


def output_bias(plan: Plan, fold: Fold) -> Any:
    """Where the output's bias starts under every loss, ``(K,)``; None for zeros."""
    from losscope.network.initialisers import log_mean

    return log_mean(fold.Y_train, fold.w_train) if plan.start == "log mean" else None
