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

NEAR = 2e-3
"""Largest distance after one epoch in float32, of the distance that was trained."""
TOLERANCE = {"sklearn MLP": 5e-2}
"""scikit-learn's Adam adds its ε before the correction of the second moment: other steps where
gradients are as small."""
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
    gaps = {name: float(np.linalg.norm(end - anchor) / trained) for name, end in ends.items()}
    far = {name: gap for name, gap in gaps.items() if gap > TOLERANCE.get(name, NEAR)}
    if far:
        raise RuntimeError(f"{case.title}: contestants do not train the same: {far}")
    return max(gaps.values())


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


def bests(result: dict) -> dict[str, tuple[float, str]]:
    """Each contestant's median in its best way, with that way."""
    best: dict[str, tuple[float, str]] = {}
    for (name, way), found in result["times"].items():
        best[name] = min(best.get(name, (float("inf"), "")), (statistics.median(found), way))
    return best


def fastest_peer(best: dict[str, tuple[float, str]]) -> str:
    """The best of scikit-learn, PyTorch and JAX."""
    peers = [name for name in best if name not in OURS and name != "reference"]
    return min(peers, key=lambda name: best[name][0])


def table(result: dict) -> str:
    """One case, in Markdown."""
    case, times = result["case"], result["times"]
    best = bests(result)
    fastest = best[fastest_peer(best)][0]
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
        ratios = f"{fastest / value:.2f} | {reference / value:.0%}"
        lines.append(f"| {name} | {spread} | {way} | {ratios} | {result['peaks'][name]:.0f} |")
    return "\n".join([*lines, ""])


SECONDS, ROUNDS = 0.3, 5


def main() -> tuple[str, list[tuple[str, bool, str]]]:
    """Measure everything; Markdown, and what it says of each criterion."""
    results = measure(SECONDS, ROUNDS, list(CONTESTANTS), CASES)
    said = (
        "Median of the rounds, each contestant in its best way; “× the best peer” above 1 is "
        "faster than the fastest of scikit-learn, PyTorch and JAX. All record the cost."
    )
    head = ["## Peers", "", said, "", described(), ""]
    text = "\n".join([*head, *(table(result) for result in results)])
    return text, [line for result in results for line in judged(result)]


def judged(result: dict) -> list[tuple[str, bool, str]]:
    """The criteria of one case: what was asked for, whether it is met, what was measured."""
    case, best = result["case"], {name: value for name, (value, _) in bests(result).items()}
    peer = fastest_peer(bests(result))
    numba, numpy = best["losscope numba"], best["losscope numpy"]
    small = case.layers[0] < 100
    lines = []

    def hold(what: str, found: float, least: float) -> None:
        lines.append((f"{case.title}: {what}", found >= least, f"{found:.2f} (asked: {least:g})"))

    if not small or case.runs >= 8:
        hold(f"Numba against the best peer ({peer})", best[peer] / numba, 1.0)
    if small and case.runs == 32 and case.batch == 32:
        hold("Numba against the torch loop", best["torch loop"] / numba, 30)
    if case.runs == 1:
        hold("Numba against JAX", best["JAX vmap+scan"] / numba, 1.0)
        hold("Numba against the torch loop", best["torch loop"] / numba, 5)
    if not small:
        hold("Numba's part of the reference's speed", best["reference"] / numba, 0.85)
    hold(f"NumPy against the best peer ({peer})", best[peer] / numpy, 1 / 1.5)
    loops = min(best[name] for name in ("sklearn MLP", "torch loop") if name in best)
    hold("NumPy against the best loop (PyTorch or scikit-learn)", loops / numpy, 1.0)
    return lines
