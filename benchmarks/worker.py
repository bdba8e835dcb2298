"""One contestant in a process of its own: waits for a line, runs a case for a while, says how fast.

`python -m benchmarks.worker NAME THREADS CORE`; lines in and out are JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from typing import Any


def restrict(threads: int, core: int) -> None:
    """Before anything numerical is loaded: so many threads, on that core where it is one."""
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    if threads == 1:
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        if hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {cores[core % len(cores)]})


def main() -> None:
    """Serve until the input ends."""
    name, threads, core = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    restrict(threads, core)
    import numpy as np

    from benchmarks.cases import from_json
    from benchmarks.contestants import CONTESTANTS
    from losscope.training import plain

    chosen = plain.runs_together
    if name.startswith("torch"):
        import torch

        torch.set_num_threads(threads)
    kept: Any = None
    for line in sys.stdin:
        asked = json.loads(line)
        if "case" in asked:
            case = from_json(asked["case"])
            kept = None  # let the last case's memory go
            plain.runs_together = (
                (lambda *_, n=asked["together"]: n) if "together" in asked else chosen
            )
            kept = CONTESTANTS[name](case)
            order = case.order()
            kept.epoch(order)
            first = None
            if getattr(kept, "checked", True) and hasattr(kept, "parameters"):
                first = [np.asarray(a, float).ravel().tolist() for a in kept.parameters()]
            answer = {"first": first}
            if name == "losscope numpy":
                answer["together"] = min(case.runs, chosen(kept.stack, case.batch))
        else:
            times = []
            end = time.perf_counter() + asked["seconds"]
            while not times or time.perf_counter() < end:
                began = time.perf_counter()
                kept.epoch(order)
                times.append(time.perf_counter() - began)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            answer = {"epoch": float(np.median(times)), "peak": peak}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
