"""Everything another framework needs to repeat one run: rows, initial weights, batch order.

What is written here is data, not method: a script that shares no code with losscope can train from
it and compare its metrics (`tests/comparison/in_torch.py` does, and agrees to 1e-6).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison.job import output_bias
from losscope.network import initialise

if TYPE_CHECKING:
    from losscope.comparison.plan import Plan
    from losscope.data import Dataset


def arrays(dataset: Dataset, plan: Plan, seed: int) -> dict[str, Any]:
    """Rows, initial weights and order of one seed, by name.

    Returns
    -------
    dict
        "X_train" … "Y_test" as `Fold` has them; "W1", "b1", … as every run of the seed starts;
        "order" ``(epochs, N)``: the rows of each epoch, cut into batches from the front.
    """
    fold = dataset.fold(seed)
    found: dict[str, Any] = {
        f"{letter}_{part}": getattr(fold, f"{letter}_{part}")
        for letter in "XY"
        for part in ("train", "valid", "test")
    }
    for layer, (W, b) in enumerate(initialise(plan.layers, plan.initializer, seed), start=1):
        found[f"W{layer}"], found[f"b{layer}"] = W, b
    if (bias := output_bias(plan, fold)) is not None:
        found[f"b{len(plan.layers) - 1}"] = bias
    # The stream of batch orders that `losscope.training.train` draws from.
    stream = np.random.default_rng([seed, 0])
    rows = len(fold.X_train)
    found["order"] = np.array([stream.permutation(rows) for _ in range(plan.epochs)])
    return found


def save(dataset: Dataset, plan: Plan, seed: int, path: str | Path) -> Path:
    """Write what `arrays` gives as a NumPy archive (.npz)."""
    target = Path(path)
    np.savez(target, **arrays(dataset, plan, seed))
    return target
