"""A comparison in a process of its own, forked from a server that has everything imported."""

import json
import multiprocessing
import resource

import numpy as np

RNG = np.random.default_rng(0)
X = RNG.normal(size=(160, 4))
Y = (X[:, 0] + 0.5 * RNG.normal(size=160) > 0).astype(int)
PLAN = {
    "losses": ["ce", "mse"],
    "hidden": (5,),
    "epochs": 4,
    "seeds": 6,
    "learning_rates": [0.01, 0.03],
    "n_jobs": 1,
}

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["losscope.comparison.api", "losscope.comparison.work", "losscope.training", "losscope.data",
     "tests.comparison.in_child"]
)  # fmt: skip


def carry_out(store):
    """Run the plan on that store."""
    from losscope.comparison import compare, runner

    runner.FEWEST_RUNS = runner.MOST_RUNS = 2  # several chunks a seed: more places to be killed at
    return compare(X, Y, store=store, **PLAN)


def limited(store, megabytes, outcome):
    """Run with so little room in a file that it fills up, and put what was said in the queue."""
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = int(megabytes * 2**20)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        carry_out(store)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
        outcome.put((type(error).__name__, str(error)))
    else:
        outcome.put(("none", ""))


def numbers(comparison):
    """The result as text, without what may differ between two runs of one plan."""
    result = comparison.to_dict()
    for free in ("seconds", "notices", "command"):
        del result[free]
    return json.dumps(result, sort_keys=True)
