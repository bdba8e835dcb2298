"""How our cost grows with runs, width, depth, rows and cores; and memory with runs."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

import numpy as np

from benchmarks.cases import Case
from benchmarks.machine import described
from benchmarks.peers import Worker

BASE = Case((30, 32, 2), 32, 32, 16)
SERIES = {
    "runs": [Case(BASE.layers, 32, runs, 16) for runs in (1, 4, 16, 64, 256)],
    "width": [Case((30, width, 2), 32, 8, 16) for width in (8, 32, 128, 512)],
    "depth": [Case((30, *[32] * depth, 2), 32, 8, 16) for depth in (1, 2, 4, 8)],
    "batch": [Case(BASE.layers, batch, 16, 8) for batch in (8, 32, 128, 512)],
    "rows": [Case(BASE.layers, 32, 16, steps) for steps in (8, 32, 128, 512)],
}
ENGINES = ("losscope numpy", "losscope numba")


TOGETHER = {
    "small network": Case((30, 32, 2), 32, 64, 8),
    "wider network": Case((64, 64, 10), 64, 32, 4),
    "large network": Case((512, 512, 512, 10), 256, 4, 1),
    "full batch of 4096 rows": Case((30, 32, 2), 4096, 32, 1),
}
CUTS = (1, 2, 4, 8, 16, 32, 64)
MEMORY = (100, 1000, 10000)
PATIENCE = 110
"""Seconds after which a measurement is given up."""


def timed(workers: list[Worker], case: Case, seconds: float = 0.2, rounds: int = 3, **how) -> list:
    """Microseconds per network and step, all workers at once; peak MiB; runs computed together."""
    for worker in workers:
        worker.ask(case=case.plain(), **how)
    answers = [worker.answer() for worker in workers]
    together = answers[0].get("together")
    found, peak = [], 0.0
    for _ in range(rounds):
        for worker in workers:
            worker.ask(seconds=seconds)
        answers = [worker.answer() for worker in workers]
        found.append(statistics.mean(a["epoch"] for a in answers) / len(workers))
        peak = max(a["peak"] for a in answers)
    return [statistics.median(found) / (case.runs * case.steps) * 1e6, peak, together]


def main() -> tuple[str, list[tuple[str, bool, str]]]:
    """Measure; Markdown, and what it says of each criterion."""
    lines = ["## Scale", "", described(), ""]
    lines.append("µs per network and step: one process, and two at once; peak MiB of one process.")
    for title, cases in SERIES.items():
        lines += ["", f"### {title}", ""]
        lines += ["| case | engine | one | two | peak MiB |", "|---|---|---|---|---|"]
        for name in ENGINES:
            one = Worker(name, 1, 0)
            two = [one, Worker(name, 1, 1)]
            for case in cases:
                alone, peak, _ = timed([one], case)
                both, _, _ = timed(two, case)
                lines.append(f"| {case.title} | {name} | {alone:.1f} | {both:.1f} | {peak:.0f} |")
            for worker in two:
                worker.close()
    memory, judged = memories()
    return "\n".join([*lines, *cuts(), *memory, ""]), judged


def cuts() -> list[str]:
    """How many runs NumPy computes together, and how fast it would be with other numbers."""
    lines = ["", "### Runs that NumPy computes together", ""]
    lines.append("µs per network and step, one process; the number that the engine chooses.")
    columns = ("case", *map(str, CUTS), "chosen", "then")
    lines += ["", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    worker = Worker("losscope numpy", 1, 0)
    for title, case in TOGETHER.items():
        tried = [cut for cut in CUTS if cut <= case.runs]
        found = [f"{timed([worker], case, together=cut)[0]:.1f}" for cut in tried]
        found += [""] * (len(CUTS) - len(tried))
        value, _, chosen = timed([worker], case)
        lines.append(f"| {title}, {case.title} | {' | '.join(found)} | {chosen} | {value:.1f} |")
    worker.close()
    return lines


def asked(*words: str) -> dict[str, float]:
    """What `benchmarks.memory` prints, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    return json.loads(done.stdout.splitlines()[-1])


def memories() -> tuple[list[str], list[tuple[str, bool, str]]]:
    """Peak memory by the number of runs."""
    lines = ["", "### memory", "", "30-16-1, 320 rows: one call of `train`; 30-8-1: `compare`."]
    lines += ["", "| what | runs | peak MiB | seconds |", "|---|---|---|---|"]
    peaks = {}
    for what in ("train", "compare"):
        for count in MEMORY:
            try:
                found = asked(*(["compare"] if what == "compare" else []), str(count))
            except subprocess.TimeoutExpired:
                found = {"peak": float("nan"), "seconds": PATIENCE}  # not below any bound
            peaks[what, count] = found["peak"]
            seconds = found["seconds"]
            lines.append(f"| {what} | {count} | {found['peak']:.0f} | {seconds:.0f} |")
    worst = float(np.max([peaks[what, MEMORY[-1]] for what in ("train", "compare")]))
    title = f"Peak memory of {MEMORY[-1]} runs of a small network, `train` and `compare`"
    return lines, [(title, worst <= 1024, f"{worst:.0f} MiB (asked: 1024 at most)")]
