"""What must be said aloud of a finished comparison: failures, and edges of grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison.saying import count

if TYPE_CHECKING:
    from losscope.comparison.found import Found


def failures(found: Found, most: int = 8) -> list[str]:
    """One notice for each run that failed, the first few of them, and how many more."""
    messages = []
    for place, label in enumerate(found.labels):
        for seed in found.seeds:
            for rate in found.chosen.grids[place]:
                run = found.runner.run_of(seed, place, rate)
                if run["status"] == "failed":
                    what = str(run["message"]).removeprefix(f"{found.asked[place].loss.spelling} ")
                    messages.append(f"{label}, seed {seed}: {what}")
    more = len(messages) - most
    said = messages[:most] + ([f"{more} more runs failed"] if more > 0 else [])
    for place, label in enumerate(found.labels):
        lost = sum(rate is None for rate in found.chosen.choices[place])
        if lost:
            said.append(
                f"{label} has no result on {lost} of {count(len(found.seeds), 'seed')}: its "
                "training failed there at every learning rate"
            )
    return said


def unmeasured(found: Found) -> list[str]:
    """A notice for each loss whose networks were trained, but give the metric no finite value."""
    said = []
    for place, label in enumerate(found.labels):
        ended = [run for run in found.chosen_runs(place) if run and run["status"] == "ok"]
        values = found.per_seed(place, "last", found.metric.name)
        without = len(ended) - int(np.isfinite(values).sum())
        if without:
            said.append(
                f"{label}: on {without} of {count(len(found.seeds), 'seed')} training ended, but "
                f"its test {found.metric.title} is infinite or undefined, and it is left out of "
                "the verdict there"
            )
    return said


def edges(found: Found) -> list[str]:
    """A notice for each loss whose chosen learning rates still stand at an edge of its grid."""
    if found.runner.job.plan.learning_rates.mode != "tuned":
        return []
    said = []
    for place, label in enumerate(found.labels):
        grid = sorted(found.chosen.grids[place])
        for edge, word in ((grid[0], "smaller"), (grid[-1], "larger")):
            many = sum(rate == edge for rate in found.chosen.choices[place])
            if many and len(grid) > 1:
                said.append(
                    f"{label}: {many} of {len(found.seeds)} seeds took the learning rate {edge:g} "
                    f"at the edge of the grid; a {word} one may do better"
                )
    return said
