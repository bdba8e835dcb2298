"""Factors that differ between parameters and are information, not faults: layer-wise rates.

A layer may have a rate of its own. But a factor that is a size of the program's (how many examples,
outputs, steps; all rows against those of a batch) is a mean where a sum belongs, or the other way.
"""

from __future__ import annotations

from losscope.auditing import rates
from losscope.auditing.experiment import Bench
from losscope.auditing.judge import Judgement
from losscope.auditing.program import Capture
from losscope.auditing.source import Source


def factors(
    source: Source,
    captured: Capture,
    judgement: Judgement,
    learning: list[float | None],
    bench: Bench,
) -> dict[int, float]:
    """Give factors that may differ: layer-wise rates and the like, but no missing 1/m or rate."""
    best = judgement.best
    if best is None:
        return {}
    bench.excused = {}
    standing = bench.standing(judgement.parameters, best)
    if not standing.count:
        return {}
    m, k = best.examples[0], best.outputs
    odd = [float(m), float(m * k), float(m * m)]
    odd += [1 / r for r in learning if r]
    lines = [rates.scales_named(source.line(p.line)) for p in judgement.measured.parameters]
    usual = [scales for scales, good in zip(lines, standing.good, strict=True) if good]
    sizes = [*_lengths(judgement), *_rows_of_all(captured, m)]
    excused = {}
    for index, fit in enumerate(standing.fits):
        if not fit.exact or standing.good[index] or fit.factor <= 0:
            continue
        ratio = fit.factor / standing.factor
        near = any(
            abs(ratio / o - 1) < 1e-4 or abs(ratio * o - 1) < 1e-4
            for o in (odd + sizes if lines[index] in usual else odd)
            if o > 1.5 or o < 0.67
        )
        if not near:
            excused[index] = ratio
    return excused


def _lengths(judgement: Judgement) -> list[float]:
    """List how long the arrays are that answer to the parameters: steps, examples, outputs."""
    events = judgement.measured.bases[0].trace.events
    shapes = {events[key].value.shape for key in judgement.measured.reached if key in events}
    return sorted({float(n) for shape in shapes for n in shape if n > 2})


def _rows_of_all(captured: Capture, m: int) -> list[float]:
    """List how many times the data has the examples of one pass: all rows against a batch."""
    held = captured.subject.snapshots[0].arrays(kinds="fiub").values()
    longest = {n for value in held for n in getattr(value, "shape", ()) if n > m}
    return sorted(n / m for n in longest)
