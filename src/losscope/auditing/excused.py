"""Factors that differ between parameters and are information, not faults: layer-wise rates.

A layer may have a rate of its own. But a factor that is a size of the program's (how many examples,
outputs, steps; all rows against those of a batch) is a mean where a sum belongs, or the other way.

Nor is it a fault that a pass takes its steps in turn, each along a cost of its own.
"""

from __future__ import annotations

import numpy as np

from losscope.auditing import afterwards, rates, rules
from losscope.auditing.candidates import Candidate
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Bench
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import is_list, same
from losscope.auditing.program import Capture
from losscope.auditing.source import Source
from losscope.auditing.standing import Standing
from losscope.auditing.told import Told

_IN_TURN = (
    "{names}: moved after other parameters in the same pass, and descending what is printed from "
    "where they have come to."
)
_MADE_ANEW = (
    "{names}: made anew or multiplied in each pass, and not moved by a step: what it descends "
    "cannot be told."
)
_ONE_ENTRY = "Each pass moves one entry of {names}, against the slope of the loss there."


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


def in_turn(out: Diagnosis, judgement: Judgement, told: list[Told], bench: Bench) -> set[int]:
    """List parameters that descend a printed cost once others have moved, and say so.

    So a generator does, after its discriminator, and one factor of a matrix after the other.
    """
    program, captured = bench.program, bench.captured
    found = set()
    for one in told:
        number = one.later or one.scalar
        if one.scalar is None or number is None:
            continue
        for judged, fit in zip(judgement.parameters, judgement.fits, strict=True):
            if judged.still or (fit.exact and fit.factor > 0):
                continue
            own = rules.follows(judgement, one.scalar, judged.index)
            if own.exact and own.factor > 0:
                found |= {judged.index} & one.turn
            elif afterwards.follows_in_turn(program, captured, judgement, number, judged.index):
                found.add(judged.index)
    if found:
        names = ", ".join(judgement.measured.parameters[i].name for i in sorted(found))
        out.notices.append(_IN_TURN.format(names=names))
    return found


def made_anew(
    source: Source, out: Diagnosis, judgement: Judgement, standing: Standing | None
) -> set[int]:
    """List parameters that are no old value and a step, as of a mixture that is fitted by EM.

    Nor is what is multiplied, as the factors of a table that stay positive.
    """
    events = list(judgement.measured.bases[0].trace.events.values())
    found = set()
    for index, parameter in enumerate(judgement.measured.parameters):
        after = judgement.measured.bases[0].after.get(parameter.path)
        known = standing is not None and standing.fits[index].exact
        if known or after is None or is_list(parameter.path) or not parameter.line:
            continue
        added = parameter.line in source.updates or any(
            event.value.size == after.size
            and same(event.value.ravel(), after.ravel())
            and source.is_sum(event.site.name)
            for event in events
        )
        if not added:
            found.add(index)
    if found:
        names = ", ".join(judgement.measured.parameters[i].name for i in sorted(found))
        out.notices.append(_MADE_ANEW.format(names=names))
    return found


def one_by_one(out: Diagnosis, judgement: Judgement, aimed: list[Candidate]) -> set[int]:
    """List parameters of which each pass moves another entry, downhill, and say so."""
    measured = judgement.measured
    found = set()
    for index, steps in enumerate(measured.updates):
        moved = [np.flatnonzero(step) for step in steps]
        if any(len(places) != 1 for places in moved) or len({int(p[0]) for p in moved}) < 2:
            continue
        directions = measured.of(index)
        rows = [
            row
            for row, d in enumerate(directions)
            if np.array_equal(np.flatnonzero(d.unit), moved[d.state])
        ]
        states = {directions[row].state for row in rows}
        wanted = judgement.parameters[index].projected[rows]
        if len(states) > 1 and any(np.all(wanted * a.along[index][rows] > 0) for a in aimed):
            found.add(index)
    if found:
        names = ", ".join(measured.parameters[i].name for i in sorted(found))
        out.notices.append(_ONE_ENTRY.format(names=names))
    return found
