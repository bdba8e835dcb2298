"""The whole audit of one program, from its text to its report."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from losscope.auditing import (
    arrays,
    capture,
    curve,
    diagnose,
    experiment,
    findings,
    judge,
    lost,
    probe,
    still,
    summary,
    teaching,
    told,
    trial,
)
from losscope.auditing.causes import places
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.identify import Identity
from losscope.auditing.instrument import clone
from losscope.auditing.judge import Judgement
from losscope.auditing.program import Capture, Program
from losscope.auditing.report import Report
from losscope.auditing.source import Source
from losscope.auditing.teaching import Teaching
from losscope.auditing.told import Told
from losscope.auditing.trouble import CannotAudit, NothingMoves

KINKS = ("maximum", "relu", "where(", "abs(", "clip(", "> 0", ">0", "max(0", "sign(")


Tell = Callable[[Report, str], None]
_Used = tuple[dict[str, bool | None], int]  # whether each printed value is, and in how many passes
_NOT_TRIED: _Used = {}, 0


@dataclass
class _Parts:
    """What is known of a program before a cause is sought."""

    source: Source
    program: Program
    captured: Capture
    judgement: Judgement
    costs: list[Told]
    gone: list[lost.Lost]
    scene: places.Scene | None
    taught: Teaching
    target_line: int  # where the target is used

    def bench(self, most: int = experiment.MOST_TRIED) -> experiment.Bench:
        """Give a fresh bench, for so many repairs."""
        return experiment.Bench(
            self.judgement, program=self.program, captured=self.captured, most=most
        )


def audit(
    source: Source, *, experiments: bool = True, reading: str = "", tell: Tell | None = None
) -> Report:
    """Audit one program.

    Parameters
    ----------
    source : the program; it is run in this process, so call this in a child process.
    experiments : whether to run the longer trials (printed values taken out, effect of repairs).
    reading : how an undefined name was read, said in the report.
    tell : called with what is established so far, and with what is still to be done.

    Raises
    ------
    CannotAudit
        With a plain sentence, when the program cannot be audited.
    """
    began = time.perf_counter()
    program = Program(source)
    try:
        captured = capture.capture(program)
    except NothingMoves as why:
        return still.audit(program, why)
    parts = _parts(program, captured)

    def whole(found: Diagnosis, bench: experiment.Bench, used: _Used = _NOT_TRIED) -> Report:
        report = summary.report(source, captured, parts.judgement, found, parts.costs, *used, bench)
        report.notices = [*_notices(captured, parts.taught, parts.judgement), *found.notices]
        report.seconds, report.reading = time.perf_counter() - began, reading
        return report

    if tell is not None:
        bench = parts.bench(most=0)
        tell(whole(_diagnosed(parts, bench), bench), "the search for a cause")
    bench = parts.bench()
    found = _diagnosed(parts, bench)
    used = _NOT_TRIED
    if experiments:
        if tell is not None:
            tell(whole(found, bench), "the longer runs")
        used = _used(program, captured, parts.costs)
        _effects(program, captured, found)
    report = whole(found, bench, used)
    judged = parts.judgement
    report.curve = curve.recover(judged, _beside(found), _told_instead(parts.costs, found, judged))
    report.seconds = time.perf_counter() - began
    return report


def _parts(program: Program, captured: Capture) -> _Parts:
    """Measure the updates, and hold them against every loss."""
    source = program.source
    kinked = any(word in source.text for word in KINKS)
    measured = probe.measure(
        captured.subject, captured.starts, captured.bases, captured.carried, kinked=kinked
    )
    words = _words(source, captured)
    targets = arrays.targets(measured, captured.subject.snapshots, words)
    judgement = judge.judge(
        measured, captured.carried, targets, captured.loop.function_name, source.decimals
    )
    costs = told.find(program, captured, judgement, targets)
    gone = lost.find(source, captured, judgement, targets)
    scene = _scene(source, captured, judgement)
    taught = teaching.look(captured, judgement, targets, set(words), costs)
    target = judgement.best.target if judgement.best else ""
    line = teaching.used_at(captured, judgement, target, {c.line for c in costs})
    return _Parts(source, program, captured, judgement, costs, gone, scene, taught, line)


def _diagnosed(parts: _Parts, bench: experiment.Bench) -> Diagnosis:
    """Seek the causes, as far as the bench goes."""
    found = diagnose.diagnose(
        parts.program, parts.captured, parts.judgement, parts.costs, parts.gone, parts.scene, bench
    )
    _teaching(found, parts.taught, parts.judgement, parts.target_line)
    return found


def _words(source: Source, captured: Capture) -> Counter[str]:
    """Count the words of the lines that a pass runs."""
    lines = {e.key[0] for e in captured.bases[0].trace.events.values()}
    lines |= set(range(captured.loop.line, captured.loop.last_line + 1))
    return Counter(re.findall(r"\w+", "\n".join(source.line(n) for n in sorted(lines))))


def _scene(source: Source, captured: Capture, judgement: Judgement) -> places.Scene | None:
    best = judgement.best
    event = judgement.measured.event(best.key) if best is not None and best.key else None
    after = event.order if event is not None else 0
    if best is None or not any(f.exact for f in judgement.fits):
        after = 0
    if event is not None and event.value.size == 1:
        after = 0  # a single number, such as the loss itself: much of the step was done before
    return places.scene(source, judgement, after, captured.subject.snapshots[0].arrays())


# -- experiments -------------------------------------------------------------------------------


def _used(program: Program, captured: Capture, costs: list[Told]) -> _Used:
    names = [c.name for c in costs]
    if not names:
        return {}, 0
    read = {c.name: c.readers for c in costs}
    try:
        return trial.used(program, captured, names, read)
    except CannotAudit:
        return {}, 0


def _effects(program: Program, captured: Capture, found: Diagnosis) -> None:
    """Run the program with all repairs made, and compare where the loss ends."""
    aim = found.attempts[-1].aim if found.attempts else None
    repaired = [f for f in found.findings if f.repair is not None]
    if aim is None or aim.key is None or not repaired or not found.attempts:
        return
    passes = trial.PASSES
    keep = None if aim.key is None else {aim.key}
    try:
        plain = trial.run(program, captured, passes, None, keep)
        for attempt in found.attempts:
            attempt.edit.make()
        try:
            mended = trial.run(program, captured, passes, clone(program.source.tree), keep)
        finally:
            for attempt in reversed(found.attempts):
                attempt.edit.take_back()
    except CannotAudit:
        return
    before, after = _ends(plain, aim), _ends(mended, aim)
    if before is None or after is None:
        return
    change = abs(after - before) / max(abs(before), 1e-300)
    size = "small" if change < 0.02 else "some" if change < 0.2 else "large"
    text = f"after {plain.passes} passes {aim.title} {before:.4g} → {after:.4g}: {size}"
    for finding in repaired:
        if finding.repair is not None:
            finding.repair = replace(finding.repair, effect=text)


def _ends(run: trial.Trial, aim: Any) -> float | None:
    if run.outcome is None or aim.key is None:
        return None
    value = run.outcome.trace.value(aim.key)
    if value is None:
        return None
    if aim.kind == "scalar":
        return float(value.sum())
    if aim.source is None or not aim.slopes:
        return None
    from losscope import losses
    from losscope.auditing.identify import total_of
    from losscope.auditing.slopes import fit_shape

    target = fit_shape(aim.source.values[0], value)
    return None if target is None else total_of(losses.get(aim.loss), value, target)


# -- what is said ------------------------------------------------------------------------------


def _teaching(found: Diagnosis, taught: Teaching, judgement: Judgement, line: int) -> None:
    best = judgement.best
    if not taught.target_is_input or best is None or not taught.idle_labels:
        return
    text = (
        f"The target is {best.target}, the network's own input (an autoencoder): "
        f"{', '.join(taught.idle_labels)} teaches nothing."
    )
    # that the printed loss is another one, and nothing mends that, is said by it
    found.findings = [f for f in found.findings if f.code != "LS019" or f.repair is not None]
    found.findings.append(findings.get("LS007").found(line, [], text=text))
    found.findings.sort(key=lambda f: (f.code, f.line))


def _notices(captured: Capture, taught: Teaching, judgement: Judgement) -> list[str]:
    out = []
    if captured.reseeded:
        out.append("The step draws random numbers; each run of it was given the same ones.")
    if taught.target_is_input and not taught.idle_labels and judgement.best is not None:
        out.append(
            f"The target, {judgement.best.target}, is the network's own input (an autoencoder)."
        )
    return out


def _beside(found: Diagnosis) -> Any:
    """Choose the printed loss to draw beside the descended one: one that is not descended."""
    for attempt in found.attempts:
        if attempt.aim.kind == "loss":
            return attempt.aim
    return None


def _told_instead(costs: list[Told], found: Diagnosis, judgement: Judgement) -> Identity | None:
    """Choose a printed number that is another loss, or the same one of another target."""
    best = judgement.best
    for cost in costs:
        known = cost.identity
        if known is None or best is None or found.descended.get(cost.name):
            continue
        if (known.loss, known.target) != (best.loss, best.target):
            return known
    return None
