"""All peers side by side in one run: same data, same weights, same steps; equal before timed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.cases import CASES, Case
from benchmarks.contestants import CONTESTANTS
from benchmarks.machine import described

TOLERANCE = 2e-3
"""Largest distance after one epoch in float32, of the distance that was trained."""
OURS = ("losscope numpy", "losscope numba", "losscope jax")


class Worker:
    """A process that serves one contestant."""

    def __init__(self, name: str, threads: int, core: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", name, str(threads), str(core)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, **what) -> None:
        """Send; `answer` waits."""
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        """The reply to what was asked last."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker has ended")
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


@dataclass
class Entry:
    """A contestant in one way of running it: so many processes of so many threads."""

    name: str
    threads: int
    workers: list[Worker]

    @property
    def way(self) -> str:
        """As in the table."""
        if len(self.workers) > 1:
            return f"{len(self.workers)} processes"
        return f"{self.threads} thread{'s' * (self.threads > 1)}"

    def all(self, **what) -> list[dict]:
        """Ask every process at once."""
        for worker in self.workers:
            worker.ask(**what)
        return [worker.answer() for worker in self.workers]


def entries(names: list[str]) -> list[Entry]:
    """Every contestant alone on one thread, alone on two, and as two processes of one."""
    found = []
    for name in names:
        found.append(Entry(name, 1, [Worker(name, 1, 0), Worker(name, 1, 1)]))
        if name not in {"losscope numpy", "losscope numba"}:  # one BLAS thread, always
            found.append(Entry(name, 2, [Worker(name, 2, 0)]))
    return found


def check(case: Case, found: dict[str, list]) -> float:
    """The largest distance between two contestants after an epoch, of the distance trained."""
    start = np.concatenate([a.ravel() for pair in case.start() for a in pair])
    ends = {name: np.concatenate([np.asarray(a) for a in arrays]) for name, arrays in found.items()}
    anchor = ends["losscope numpy"]
    trained = np.linalg.norm(anchor - start)
    worst = max(float(np.linalg.norm(end - anchor) / trained) for end in ends.values())
    if worst > TOLERANCE:
        gaps = {n: float(np.linalg.norm(e - anchor) / trained) for n, e in ends.items()}
        raise RuntimeError(f"{case.title}: contestants do not train the same: {gaps}")
    return worst


def measure(seconds: float, rounds: int, names: list[str], cases: tuple[Case, ...]) -> list[dict]:
    """Microseconds per network and step of every entry, a round after another."""
    lineup = entries(names)
    try:
        return _measured(lineup, seconds, rounds, cases)
    finally:
        for entry in lineup:
            for worker in entry.workers:
                worker.close()


def _measured(
    lineup: list[Entry], seconds: float, rounds: int, cases: tuple[Case, ...]
) -> list[dict]:
    results = []
    for case in cases:
        firsts = {}
        for entry in lineup:
            answer = entry.all(case=case.plain())[0]
            if answer["first"] is not None:
                firsts[entry.name] = answer["first"]
        gap = check(case, firsts)
        times: dict[tuple[str, str], list[float]] = {}
        peaks: dict[str, float] = {}
        for _ in range(rounds):
            for entry in lineup:
                answers = entry.all(seconds=seconds)
                each = statistics.mean(a["epoch"] for a in answers) / len(answers)
                key = (entry.name, entry.way)
                times.setdefault(key, []).append(each / (case.runs * case.steps) * 1e6)
                peaks[entry.name] = max(a["peak"] for a in answers)
        results.append({"case": case, "gap": gap, "times": times, "peaks": peaks})
        print(table(results[-1]), flush=True)
    return results


def table(result: dict) -> str:
    """One case, in Markdown."""
    case, times = result["case"], result["times"]
    best: dict[str, tuple[float, str]] = {}
    for (name, way), found in times.items():
        value = statistics.median(found)
        best[name] = min(best.get(name, (float("inf"), "")), (value, way))
    peers = {n: v for n, (v, _) in best.items() if n not in OURS and n != "reference"}
    fastest = min(peers, key=peers.get)
    reference = best["reference"][0] if "reference" in best else float("nan")
    agreed = f"contestants agree to {result['gap']:.0e} of the distance trained"
    columns = ("contestant", "µs per network and step (spread)", "best way", "× the best peer")
    columns += ("of the reference's speed", "peak MiB")
    lines = [
        f"### {case.title}",
        "",
        f"{case.operations / 1e6:.2f} MFLOP a step; {agreed}.",
        "",
        f"| {' | '.join(columns)} |",
        "|---" * len(columns) + "|",
    ]
    for name, (value, way) in best.items():
        found = times[name, way]
        spread = f"{value:.1f} ({min(found):.1f}–{max(found):.1f})"
        ratios = f"{peers[fastest] / value:.2f} | {reference / value:.0%}"
        lines.append(f"| {name} | {spread} | {way} | {ratios} | {result['peaks'][name]:.0f} |")
    return "\n".join([*lines, ""])


def main(seconds: float = 0.4, rounds: int = 5) -> str:
    """Measure everything; Markdown."""
    results = measure(seconds, rounds, list(CONTESTANTS), CASES)
    said = (
        "Median of the rounds, each contestant in its best way; “× the best peer” above 1 is "
        "faster than the fastest of scikit-learn, PyTorch and JAX. All record the cost."
    )
    head = ["## Peers", "", said, "", described(), ""]
    return "\n".join([*head, *(table(result) for result in results)])
