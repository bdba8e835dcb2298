"""All that a comparison found, with the questions that several parts of the result ask of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import outcomes

if TYPE_CHECKING:
    from losscope.comparison.metrics import Metric
    from losscope.comparison.outcomes import Pair
    from losscope.comparison.request import Asked
    from losscope.comparison.rounds import Chosen
    from losscope.comparison.runner import Runner
    from losscope.comparison.statistics import Array


@dataclass(frozen=True, eq=False)
class Found:
    """All that was found, with the questions that several parts of the result ask of it."""

    runner: Runner
    asked: tuple[Asked, ...]
    chosen: Chosen
    metric: Metric

    @property
    def labels(self) -> list[str]:
        """The losses as the user typed them."""
        return [one.label for one in self.asked]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The plan's seeds."""
        return self.runner.job.plan.seeds

    def chosen_runs(self, place: int) -> list[dict[str, Any] | None]:
        """The run each seed chose for a loss; None where all of them failed."""
        return [
            None if rate is None else self.runner.run_of(seed, place, rate)
            for seed, rate in zip(self.seeds, self.chosen.choices[place], strict=True)
        ]

    def per_seed(self, place: int, at: str, metric: str) -> Array:
        """A metric on test rows of each seed's chosen run, at the "last" or "best" epoch."""
        values = [
            math.nan if run is None else number(run[at]["test"].get(metric))
            for run in self.chosen_runs(place)
        ]
        return np.array(values, dtype=np.float64)

    def pairs(self, at: str) -> tuple[Pair, ...]:
        """Every pair judged by the primary metric."""
        values = {
            label: self.per_seed(place, at, self.metric.name)
            for place, label in enumerate(self.labels)
        }
        return outcomes.judge(
            values,
            greater_is_better=self.metric.greater_is_better,
            ratio=self.ratio,
            margin=self.runner.job.plan.margin,
        )

    @property
    def ratio(self) -> float:
        """Test rows divided by training rows, mean over seeds."""
        rows = [self.runner.extras_of(seed, "baselines")["rows"] for seed in self.seeds]
        return float(np.mean([test / train for train, _, test in rows]))


def spread(values: Array) -> dict[str, Any]:
    """Mean and standard deviation over the seeds that have a value, and each seed's."""
    finite = values[np.isfinite(values)]
    return {
        "mean": float(finite.mean()) if len(finite) else None,
        "std": float(finite.std(ddof=1)) if len(finite) > 1 else None,
        "per_seed": [float(v) if math.isfinite(v) else None for v in values],
    }


def number(value: Any) -> float:
    """A number of a record, where null stands for none: NaN."""
    return math.nan if value is None else float(value)
