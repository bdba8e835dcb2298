"""How much memory a comparison takes, and where its time goes; each in a process of its own.

`python -m benchmarks.memory RUNS` trains that many small networks in one call and prints MiB;
`python -m benchmarks.memory compare RUNS` does so as a comparison, with its records and result;
`python -m benchmarks.memory shares` prints where the seconds of one comparison go, as JSON.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import tempfile
import time
from collections import defaultdict

LOSSES = ("ce", "mse", "mae", "huber", "focal", "hinge", "squared_hinge", "brier")
SMALL, ROWS, EPOCHS = (30, 16, 1), 320, 3


def peak() -> float:
    """MiB, of this process and of the largest it has started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def train(count: int) -> dict[str, float]:
    """Train so many small networks in one call."""
    import numpy as np

    from losscope import losses
    from losscope.training import Run
    from losscope.training import train as trained

    stream = np.random.default_rng(0)
    X = stream.normal(size=(ROWS, SMALL[0]))
    Y = (X[:, :1] > 0).astype(float)
    known = [losses.get(name, task="binary") for name in LOSSES]
    outputs = ["identity" if loss.score else "sigmoid" for loss in known]
    rates = np.geomspace(1e-4, 1e-1, -(-count // len(known)))
    runs = [Run(loss, r, o) for loss, o in zip(known, outputs, strict=True) for r in rates][:count]
    before, began = peak(), time.perf_counter()
    trained(SMALL, runs, X, Y, epochs=EPOCHS, precision="float32")
    return {"before": before, "peak": peak(), "seconds": time.perf_counter() - began}


def compare(count: int) -> dict[str, float]:
    """A comparison of so many runs on two processes, its store a file."""
    import losscope
    from losscope.data import load

    seeds = -(-count // (5 * len(LOSSES)))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        losscope.compare(
            dataset=load("breast-cancer"), losses=LOSSES, hidden=(8,), epochs=2, seeds=seeds,
            learning_rates=[1e-4, 3e-4, 1e-3, 3e-3, 1e-2], n_jobs=2, engine="numpy",
            store=f"{folder}/store.db",
        )  # fmt: skip
    return {"peak": peak(), "seconds": time.perf_counter() - began}


def shares() -> dict[str, float]:
    """Seconds of one comparison in this process: training, what accompanies it, and the rest."""
    spent: dict[str, float] = defaultdict(float)

    def timed(owner: object, name: str, into: str) -> None:
        inner = getattr(owner, name)

        def outer(*arguments, **named):
            began = time.perf_counter()
            try:
                return inner(*arguments, **named)
            finally:
                spent[into] += time.perf_counter() - began

        setattr(owner, name, outer)

    began = time.perf_counter()
    from losscope.cli import main
    from losscope.comparison import extras, runner, work
    from losscope.comparison.store import Store
    from losscope.training.engines import Engine

    timed(Engine, "epoch", "training")
    timed(work, "_trained", "runs")
    timed(extras, "of_seed", "baselines")
    timed(Store, "save", "storage")
    timed(runner.Runner, "_carry_out", "carried out")
    with tempfile.TemporaryDirectory() as folder:
        words = ["compare", "breast-cancer", "--losses", ",".join(LOSSES), "--epochs", "100"]
        words += ["--seeds", "10", "--jobs", "1", "--engine", "numpy", "--quiet"]
        words += ["--store", f"{folder}/store.db", "--out", f"{folder}/page.html"]
        sys.argv = ["losscope", *words]
        sys.stdout = io.StringIO()
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise
        finally:
            sys.stdout = sys.__stdout__
    found = dict(spent)
    found["all"] = time.perf_counter() - began
    return found


def main() -> None:
    """As said above."""
    words = sys.argv[1:]
    if words == ["shares"]:
        found = shares()
    elif words[0] == "compare":
        found = compare(int(words[1]))
    else:
        found = train(int(words[0]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
