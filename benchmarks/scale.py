"""How our cost grows with runs, width, depth, rows and cores; and memory with runs."""

from __future__ import annotations

import statistics

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


def timed(workers: list[Worker], case: Case, seconds: float = 0.3, rounds: int = 3) -> list[float]:
    """Microseconds per network and step, all workers at once, and peak MiB."""
    for worker in workers:
        worker.ask(case=case.plain())
    for worker in workers:
        worker.answer()
    found, peak = [], 0.0
    for _ in range(rounds):
        for worker in workers:
            worker.ask(seconds=seconds)
        answers = [worker.answer() for worker in workers]
        found.append(statistics.mean(a["epoch"] for a in answers) / len(workers))
        peak = max(a["peak"] for a in answers)
    return [statistics.median(found) / (case.runs * case.steps) * 1e6, peak]


def main() -> str:
    """Measure; Markdown."""
    lines = ["## Scale", "", described(), ""]
    lines.append("µs per network and step: one process, and two at once; peak MiB of one process.")
    for title, cases in SERIES.items():
        lines += [
            "",
            f"### {title}",
            "",
            "| case | engine | one | two | peak MiB |",
            "|---|---|---|---|---|",
        ]
        for name in ENGINES:
            one = Worker(name, 1, 0)
            two = [one, Worker(name, 1, 1)]
            for case in cases:
                alone, peak = timed([one], case)
                both, _ = timed(two, case)
                lines.append(f"| {case.title} | {name} | {alone:.1f} | {both:.1f} | {peak:.0f} |")
            for worker in two:
                worker.close()
    return "\n".join([*lines, ""])
