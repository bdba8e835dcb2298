"""The whole audit of one program, from its text to its report."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from losscope.auditing import (
    arrays,
    curve,
    diagnose,
    experiment,
    findings,
    judge,
    lost,
    probe,
    still,
    teaching,
    told,
    trial,
)
from losscope.auditing import program as programs
from losscope.auditing.causes import places
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.fit import Fit
from losscope.auditing.identify import Identity
from losscope.auditing.instrument import clone
from losscope.auditing.judge import NEAR, SYMMETRIC, Judgement
from losscope.auditing.program import Capture, Program
from losscope.auditing.report import ParameterReport, PrintedReport, Report
from losscope.auditing.source import Source
from losscope.auditing.teaching import Teaching
from losscope.auditing.told import Told
from losscope.auditing.trouble import CannotAudit, NothingMoves
from losscope.auditing.words import factor_words, loss_words, scaling

_KINKS = ("maximum", "relu", "where(", "abs(", "clip(", "> 0", ">0", "max(0", "sign(")


def audit(source: Source, *, experiments: bool = True, reading: str = "") -> Report:
    """Audit one program.

    Parameters
    ----------
    source : the program; it is run in this process, so call this in a child process.
    experiments : whether to run the longer trials (printed values taken out, effect of repairs).
    reading : how an undefined name was read, said in the report.

    Raises
    ------
    CannotAudit
        With a plain sentence, when the program cannot be audited.
    """
    began = time.perf_counter()
    program = Program(source)
    try:
        captured = programs.capture(program)
    except NothingMoves as why:
        return still.audit(program, why)
    kinked = any(word in source.text for word in _KINKS)
    measured = probe.measure(
        captured.subject, captured.starts, captured.bases, captured.carried, kinked=kinked
    )
    words = _words(source, captured)
    targets = arrays.targets(measured, captured.subject.snapshots, words)
    judgement = judge.judge(measured, captured.carried, targets, captured.loop.function_name)
    costs = told.find(program, captured, judgement, targets)
    gone = lost.find(source, captured, judgement, targets)
    bench = experiment.Bench(judgement, program=program, captured=captured)
    scene = _scene(source, captured, judgement)
    found = diagnose.diagnose(program, captured, judgement, costs, gone, scene, bench)
    taught = teaching.look(captured, judgement, targets, set(words))
    _teaching(
        found,
        taught,
        judgement,
        teaching.used_at(
            captured,
            judgement,
            judgement.best.target if judgement.best else "",
            {c.line for c in costs},
        ),
    )
    used, trial_passes = _used(program, captured, costs) if experiments else ({}, 0)
    if experiments:
        _effects(program, captured, found)
    report = _report(source, captured, judgement, found, costs, used, trial_passes, bench)
    report.curve = curve.recover(judgement, _beside(found), _told_instead(costs, found, judgement))
    report.notices = [*_notices(captured, taught, judgement), *found.notices]
    report.seconds, report.reading = time.perf_counter() - began, reading
    return report


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
    return places.scene(source, judgement, after, captured.subject.snapshots[0].arrays())


# -- experiments -------------------------------------------------------------------------------


def _used(
    program: Program, captured: Capture, costs: list[Told]
) -> tuple[dict[str, bool | None], int]:
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
    from losscope.auditing.candidates import fit_shape
    from losscope.auditing.identify import total_of

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


def _report(  # noqa: PLR0917 - the parts of one record
    source: Source,
    captured: Capture,
    judgement: Judgement,
    found: Diagnosis,
    costs: list[Told],
    used: dict[str, bool | None],
    trial_passes: int,
    bench: experiment.Bench,
) -> Report:
    best = judgement.best
    exact = best is not None and any(f.exact for f in judgement.fits)
    rate = next((r for r in found.rates if r), None)
    factor = _factor(judgement, found)
    text = name = scale = ""
    if best is not None and exact and factor is not None:
        m, k = best.examples[0], best.outputs
        text = loss_words(best.loss, best.title, best.prediction, best.target)
        name, scale = best.loss, "its factor changes from pass to pass"
        if not judgement.varying:
            text, scale = factor_words(factor, m, k) + text, scaling(factor, m, k)
    count = max(1, len(judgement.parameters))
    passes = {
        "measuring": judgement.measured.runs + len(captured.bases) + captured.carried.runs,
        "repairs_tried": bench.tried,
        "repairs": bench.passes,
        "per_parameter": -(-(judgement.measured.runs + captured.carried.runs) // count),
        "per_repair": len(captured.bases),
        "trial": trial_passes,
    }
    return Report(
        str(source.path),
        captured.loop.line,
        text,
        name,
        best.prediction if best is not None and exact else "",
        best.target if best is not None and exact else "",
        scale,
        rate,
        _parameters(judgement, found, exact=exact),
        [_printed(c, found, used, trial_passes, judgement) for c in costs],
        found.findings,
        [],
        None,
        passes,
        0.0,
    )


def _factor(judgement: Judgement, found: Diagnosis) -> float | None:
    """Give the common factor on the sum of the loss, the learning rate taken out where known."""
    standing = found.standing
    if standing is None or not any(f.exact for f in standing.fits):
        return None
    for index in range(len(judgement.parameters)):
        if standing.fits[index].exact and (standing.good[index] or not any(standing.good)):
            return _own_factor(standing.fits[index], found.rates[index])
    return None


def _own_factor(fit: Fit, rate: float | None) -> float:
    return fit.factor / rate if rate else fit.factor


def _parameters(judgement: Judgement, found: Diagnosis, *, exact: bool) -> list[ParameterReport]:
    out = []
    standing = found.standing
    for index, judged in enumerate(judgement.parameters):
        parameter = judgement.measured.parameters[index]
        fit = standing.fits[index] if standing is not None else Fit(0.0, 1.0)
        if judged.still:
            answer = "still"
        elif fit.exact and fit.factor < 0:
            answer = "rising"
        elif fit.exact and standing is not None and not standing.good[index]:
            answer = "another factor"
        elif fit.exact:
            answer = "yes"
        else:
            answer = "not quite" if exact and fit.residual < NEAR else "no"
        symmetric = None if judged.asymmetry is None else judged.asymmetry < SYMMETRIC
        symmetric = True if fit.exact else symmetric
        out.append(
            ParameterReport(
                parameter.name,
                parameter.line,
                answer,
                fit.residual,
                _own_factor(fit, found.rates[index]),
                judged.view.rule,
                fit.l2,
                fit.l1,
                judged.view.momentum,
                judged.view.name,
                judged.view.line,
                judged.asymmetry,
                symmetric,
            )
        )
    return out


def _printed(
    cost: Told, found: Diagnosis, used: dict[str, bool | None], passes: int, judgement: Judgement
) -> PrintedReport:
    left = None
    if cost.scalar is not None:
        index = judgement.scalars.index(cost.scalar) if cost.scalar in judgement.scalars else -1
        if index >= 0:
            left = float(max(f.residual for f in judgement.scalar_fits[index]))
    what = cost.identity.text if cost.identity is not None else ""
    return PrintedReport(
        cost.name,
        cost.line,
        used.get(cost.name),
        passes,
        what,
        found.descended.get(cost.name, False),
        left,
        [{"line": n, "text": t} for n, t in cost.readers],
        cost.notes,
    )
