"""Faults that show without a search: lost and zero updates, sums that never end, means of means."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing import findings
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes import scale
from losscope.auditing.causes.places import Scene
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Bench
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import spelled
from losscope.auditing.lost import Lost
from losscope.auditing.parameters import written_at
from losscope.auditing.recorder import Meeting
from losscope.auditing.report import FindingReport, RepairReport
from losscope.auditing.told import Told

Array = np.ndarray[Any, Any]


def lost_finding(lost: Lost) -> FindingReport:
    """Report an update that goes nowhere."""
    return findings.get(lost.code).found(lost.line, [lost.name], text=lost.text)


def accumulating(out: Diagnosis, judgement: Judgement) -> None:
    """Report gradients that are added up and never cleared."""
    base, kept = judgement.measured.bases[0], judgement.carried.buffers
    by_line: dict[int, list[str]] = {}
    for judged in judgement.parameters:
        view = judged.view
        if view.rule == "momentum" and view.momentum >= 0.999:
            lines = [
                written_at(base, after, held[0])
                for path, held in kept.items()
                if spelled(path) in view.buffers and (after := base.after[path]) is not None
            ]
            name = judgement.measured.parameters[judged.index].name
            by_line.setdefault(next((n for n in lines if n), view.line), []).append(name)
    for line, names in by_line.items():
        out.findings.append(findings.get("LS017").found(line, names))


def still(out: Diagnosis, judgement: Judgement) -> None:
    """Report parameters whose update is exactly zero, though the loss depends on them."""
    best = judgement.best
    for judged in judgement.parameters:
        if not judged.still or best is None or not np.any(best.along[judged.index]):
            continue
        parameter = judgement.measured.parameters[judged.index]
        out.findings.append(findings.get("LS010").found(parameter.line, [parameter.name]))


def averaged_twice(
    out: Diagnosis,
    judgement: Judgement,
    aimed: list[Candidate],
    scene: Scene | None,
    bench: Bench,
) -> None:
    """Averaged twice: 1/m² on the sum of the loss, and one line that mends it for all."""
    rate = _common_rate(out, judgement)
    if scene is None or rate is None:
        return
    known = [judgement.best] if judgement.best is not None else []
    for aim in [*known, *(a for a in aimed if a.kind == "scalar")]:
        standing = bench.standing(judgement.parameters, aim)
        m = _twice(aim, standing.factor / rate, scene)
        if m and standing.count == len(judgement.parameters):
            break
    else:
        return
    attempt = _undivided(judgement, scene, bench, aim, m)
    if attempt is None:
        return
    line, before, after = attempt
    repair = RepairReport(
        line, before, after, 0, standing.fits[0].residual, standing.fits[0].residual, True
    )
    names = [p.name for p in judgement.measured.parameters]
    page = findings.get("LS008")
    out.findings.append(page.found(line, names, names=f"m = {m}", repair=repair))


def _twice(aim: Candidate, factor: float, scene: Scene) -> int:
    """Give the number of examples that a factor divides by once too often; 0 where it does not.

    Beside a printed number that is a mean already, one 1/m is one too many.
    """
    if aim.kind == "scalar":
        events = scene.judgement.measured.bases[0].trace.events.values()
        sizes = {n for event in events for n in event.value.shape if n > 2}
        m = next((n for n in sorted(sizes) if abs(factor * n - 1) < 1e-4), 0)
        sums = [float(e.value.sum()) for e in events if e.value.size >= m > 0]
        is_mean = any(abs(abs(s) / m - abs(aim.value[0])) < 1e-9 * abs(s) for s in sums)
        return m if is_mean else 0
    m, k = aim.examples[0], aim.outputs
    times = [(t, d) for t in (0.5, 1.0, 2.0) for d in (1, k)]
    if m <= 2 or m == k or not any(abs(factor * m * m * d / t - 1) < 1e-4 for t, d in times):
        return 0
    return m


def _common_rate(out: Diagnosis, judgement: Judgement) -> float | None:
    for judged, rate in zip(judgement.parameters, out.rates, strict=True):
        if judged.view.stepped:
            return rate
        if judged.view.rule != "unknown":
            return 1.0
    return None


def _undivided(
    judgement: Judgement, scene: Scene, bench: Bench, best: Candidate, m: int
) -> tuple[int, str, str] | None:
    """Find the one division without which every parameter's factor grows by m."""
    was = bench.standing(judgement.parameters, best)
    for edit in scale.suspects(scene):
        if edit.cost > 1:
            continue
        with edit:
            after = edit.new_text
            mended = bench.mended(edit.line)
            outcomes = (
                bench.run(mended, list(range(len(judgement.measured.bases)))) if mended else None
            )
        if outcomes is None:
            continue
        now = bench.standing(bench.views(dict(enumerate(outcomes))), best)
        if now.count >= was.count and abs(now.factor / was.factor / m - 1) < 1e-6:
            return edit.line, bench.program.source.line(edit.line), after
    return None


_ON_PURPOSE = ("None", "newaxis", "reshape", "expand_dims")  # an outer product, so written


def spread(out: Diagnosis, judgement: Judgement, told: list[Told]) -> None:
    """Arrays (N, 1) and (N,) that met and became (N, N)."""
    said: set[int] = set()
    after = [event for one in told for event in one.spreads]
    for event in [*judgement.measured.bases[0].trace.spreads, *after]:
        if event.met is None:
            continue
        wide, tall = sorted((side.shape for side in event.met.sides), key=len)
        if tall[-1:] != (1,) and wide[-1:] == (1,):
            wide, tall = tall, wide
        n = wide[-1]
        if n < 3 or tall != (n, 1) or wide not in ((n,), (1, n)) or event.key[0] in said:
            continue
        on_purpose = len(wide) > 1 or any(word in event.site.name for word in _ON_PURPOSE)
        if on_purpose and not _is_residual(event.met, judgement):
            continue
        said.add(event.key[0])
        met = f"{tall} and {wide}"
        out.findings.append(findings.get("LS018").found(event.key[0], [], names=met))


def _is_residual(met: Meeting, judgement: Judgement) -> bool:
    """Tell whether a prediction met what does not answer to the parameters, to be subtracted.

    Of all pairs of those nobody wants the differences, however the shapes were brought about;
    distances are between examples, or from a parameter.
    """
    measured = judgement.measured
    known = [e.value for e in map(measured.event, measured.reached) if e is not None]
    held = [p.starts[0] for p in measured.parameters]
    answers = [any(_alike(side, value) for value in known) for side in met.sides]
    from_parameter = any(_alike(side, value) for side in met.sides for value in held)
    return met.operator == "sub" and answers[0] != answers[1] and not from_parameter


def _alike(one: Array, other: Array) -> bool:
    """Tell whether two arrays hold the same numbers, however they lie."""
    return one.size == other.size and np.array_equal(one.ravel(), other.ravel())
