"""From figures to findings: which parameters stand out, and what the experiments say of each."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscope.auditing import candidates, rates
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes import scale
from losscope.auditing.causes.places import Scene
from losscope.auditing.experiment import Attempt, Bench, Standing
from losscope.auditing.judge import Judgement
from losscope.auditing.lost import Lost
from losscope.auditing.program import Capture, Program
from losscope.auditing.report import FindingReport, RepairReport
from losscope.auditing.told import Told

_NOT_A_LOSS = ("acc", "rmse", "mae", "r2", "score", "metric", "error_rate", "norm", "time")


@dataclass
class Diagnosis:
    """What stands out, and the aims that the parameters were held against."""

    aim: Candidate | None
    standing: Standing | None
    rates: list[float | None]
    attempts: list[Attempt] = field(default_factory=list)
    findings: list[FindingReport] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    descended: dict[str, bool] = field(default_factory=dict)  # printed cost -> is it descended


def diagnose(  # noqa: PLR0917 - the parts of one record
    program: Program,
    captured: Capture,
    judgement: Judgement,
    told: list[Told],
    lost: list[Lost],
    scene: Scene | None,
    bench: Bench,
) -> Diagnosis:
    """Hold every parameter against the loss that most descend, and against what is printed."""
    learning = [
        rates.rate_of(program.source, captured.carried, captured.bases[0], p)
        for p in captured.carried.parameters
    ]
    out = Diagnosis(None, None, learning)
    bench.usual = {
        i
        for i, (p, r) in enumerate(zip(captured.carried.parameters, learning, strict=True))
        if r and rates.mentions_rate(program.source, captured.carried, captured.bases[0], p)
    }
    best = judgement.best
    bench.rate = next((r for r in learning if r), None)
    bench.nominal = _nominal(judgement, told, learning)
    bench.excused = _excused(judgement, learning, bench)
    standing = bench.standing(judgement.parameters, best) if best is not None else None
    any_exact = standing is not None and standing.count > 0
    _printed(out, judgement, told, standing, bench)
    aims = _aims(judgement, told, best if any_exact else None, out)
    out.aim, out.standing = best, standing
    if best is None and aims:
        out.aim = aims[0]
        out.standing = bench.standing(judgement.parameters, aims[0])
    for one in lost:
        out.findings.append(_lost_finding(one))
    _twice(out, captured, judgement, scene, bench)
    if scene is not None and aims and not any(f.code == "LS008" for f in out.findings):
        _search(out, judgement, told, aims, scene, bench, lost)
    _buffers(out, judgement)
    _zero(out, judgement)
    _spreads(out, captured, judgement, program)
    out.findings.sort(key=lambda f: (f.code, f.line))
    return out


# -- which printed costs are descended ---------------------------------------------------------


def _printed(
    out: Diagnosis, judgement: Judgement, told: list[Told], standing: Standing | None, bench: Bench
) -> None:
    best = judgement.best
    rising = best_rises(judgement, standing)
    for one in told:
        good = (
            rising
            and one.identity is not None
            and judgement.best is not None
            and (one.identity.loss == judgement.best.loss)
        )
        if good:
            out.descended[one.name] = True
            continue
        if one.scalar is not None and standing is not None:
            good = bench.standing(judgement.parameters, one.scalar).count >= max(standing.count, 1)
        elif one.scalar is not None:
            good = bench.standing(judgement.parameters, one.scalar).count > 0
        if (
            not good
            and one.identity is not None
            and best is not None
            and standing
            and standing.count
        ):
            good = one.identity.loss == best.loss and one.identity.factor > 0
        out.descended[one.name] = good


def best_rises(judgement: Judgement, standing: Standing | None) -> bool:
    """Tell whether every parameter goes up the loss that it follows."""
    if standing is None or judgement.best is None:
        return False
    moving = [f for f, j in zip(standing.fits, judgement.parameters, strict=True) if not j.still]
    return bool(moving) and all(f.exact and f.factor < 0 for f in moving)


def _aims(
    judgement: Judgement, told: list[Told], best: Candidate | None, out: Diagnosis
) -> list[Candidate]:
    """Choose what a mended step may descend: printed costs first, then what most descend now."""
    costs = [t for t in told if _is_loss(t)]
    descended = [t for t in costs if out.descended.get(t.name)]
    aims: list[Candidate] = []
    for one in descended or costs:
        if one.scalar is not None and len(one.shape) == 0:
            aims.append(one.scalar)
        elif one.identity is not None:
            aims += _as_candidate(judgement, one)
    if best is not None:
        aims.append(best)
    if not aims:
        aims += _likely(judgement)
    return aims[:4]


def _is_loss(told: Told) -> bool:
    name = told.name.lower()
    if told.shape and max(told.shape) > 1:
        return False
    if any(word in name.split(".")[-1] for word in _NOT_A_LOSS):
        return False
    return told.identity is not None or any(
        word in name
        for word in ("cost", "loss", "entropy", "objective", "mse", "nll", "error", "likelihood")
    )


def _as_candidate(judgement: Judgement, told: Told) -> list[Candidate]:
    """Find, among the pass's own arrays, the loss that is printed after the loop of batches."""
    assert told.identity is not None
    found = []
    offers = candidates.offers(judgement.measured, judgement.pairs, only=(told.identity.loss,))
    for offer in offers:
        if offer.raw:
            continue
        made = candidates.worked_out(judgement.measured, offer)
        if made is not None and offer.event.site.kind in ("assign", "argument", "return", "inner"):
            found.append((_distance(made, told, judgement), made))
    found.sort(key=lambda item: item[0])
    return [c for _, c in found[:2]]


def _distance(candidate: Candidate, told: Told, judgement: Judgement) -> tuple[Any, ...]:
    assert told.identity is not None
    event = judgement.measured.event(candidate.key) if candidate.key else None
    best = judgement.best
    return (
        best is None or candidate.key != best.key or candidate.target != best.target,
        candidate.prediction != told.identity.prediction,
        event is None or event.site.kind != "assign",
        -(event.order if event else 0) if event and event.site.kind == "assign" else 0,
    )


def _likely(judgement: Judgement) -> list[Candidate]:
    """With nothing printed: the losses that come nearest."""
    near = [judgement.best] if judgement.best is not None else []
    near += [c for c, _ in judgement.others]
    unique: dict[tuple[str, str, str], Candidate] = {}
    for candidate in near:
        if candidate is not None and not candidate.raw:
            unique.setdefault((candidate.loss, candidate.prediction, candidate.target), candidate)
    return list(unique.values())[:4]


def _nominal(judgement: Judgement, told: list[Told], learning: list[float | None]) -> float | None:
    """Give the factor that the printed cost and the learning rate would lead to."""
    best = judgement.best
    rate = next((r for r in learning if r), None)
    for one in told:
        found = one.identity
        if best is not None and rate and found is not None and found.loss == best.loss:
            return found.factor * found.examples / best.examples[0] * rate
    return None


# -- factors that are information, not faults ----------------------------------------------------


def _excused(judgement: Judgement, learning: list[float | None], bench: Bench) -> dict[int, float]:
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
    excused = {}
    for index, fit in enumerate(standing.fits):
        if not fit.exact or standing.good[index] or fit.factor <= 0:
            continue
        ratio = fit.factor / standing.factor
        near = any(
            abs(ratio / o - 1) < 1e-4 or abs(ratio * o - 1) < 1e-4
            for o in odd
            if o > 1.5 or o < 0.67
        )
        if not near:
            excused[index] = ratio
    return excused


# -- the search, and what it found ---------------------------------------------------------------


def _search(  # noqa: PLR0917 - the parts of one record
    out: Diagnosis,
    judgement: Judgement,
    told: list[Told],
    aims: list[Candidate],
    scene: Scene,
    bench: Bench,
    lost: list[Lost],
) -> None:
    everyone = len(judgement.parameters)
    counts = [bench.standing(judgement.parameters, aim).count for aim in aims]
    costs = [t for t in told if _is_loss(t)]
    known = [t for t in costs if t.identity is not None or t.scalar is not None]
    mismatch = bool(known) and not any(out.descended.get(t.name) for t in costs)
    settled = max(counts) == everyone
    if settled and not mismatch:
        penalty = aims[0].kind == "scalar" and counts[0] < everyone and counts[0] > 0
        if not penalty:
            return
    wanted = aims
    if settled and mismatch:
        wanted = [a for a, c in zip(aims, counts, strict=True) if c < everyone]
    if not wanted:
        _mismatch(out, judgement, known, None)
        return
    found = bench.search(scene, wanted)
    out.attempts = found
    if settled and mismatch:
        _mismatch(
            out, judgement, known, found[0] if found and found[-1].now.count == everyone else None
        )
        return
    for attempt in found:
        out.findings.append(_finding(attempt, judgement, _targets(costs)))
    healed = {i for a in found for i in a.healed}
    last = found[-1].now if found else bench.standing(judgement.parameters, wanted[0])
    bad = [i for i in range(everyone) if not last.good[i] and i not in healed]
    _unexplained(out, judgement, last, bad, lost)


def _names(judgement: Judgement, indices: list[int]) -> list[str]:
    return [judgement.measured.parameters[i].name for i in indices]


def _targets(costs: list[Told]) -> set[str]:
    return {c.identity.target for c in costs if c.identity is not None}


def _finding(attempt: Attempt, judgement: Judgement, targets: set[str]) -> FindingReport:
    from losscope.auditing import findings

    healed = attempt.healed
    worst = max(healed, key=lambda i: attempt.was.fits[i].residual) if healed else 0
    page = findings.get(attempt.edit.code)
    was, now = attempt.was.fits[worst], attempt.now.fits[worst]
    left = min(now.residual, attempt.refined[worst] if attempt.refined else now.residual)
    moved = attempt.other_line if attempt.edit.note == "moved" else 0
    code, title = page.code, page.title
    if healed and all(
        attempt.was.fits[i].exact and (attempt.was.fits[i].l2 or attempt.was.fits[i].l1)
        for i in healed
    ):
        page = findings.get("LS009")
        code, title = page.code, page.title
    factor_only = healed and all(attempt.was.fits[i].exact for i in healed)
    if factor_only and code not in ("LS011", "LS005", "LS009"):
        page = findings.get("LS004")
        code, title = page.code, page.title
        if all(attempt.was.fits[i].factor < 0 for i in healed):
            page = findings.get("LS011")
            code, title = page.code, page.title
    repair = RepairReport(
        attempt.edit.line,
        attempt.before,
        attempt.after,
        moved,
        was.residual,
        left,
        now.exact,
    )
    if code == "LS014" and attempt.edit.note in targets:
        page = findings.get("LS007")
        text = f"Line {attempt.edit.line} does not read {attempt.edit.note}, the target of the printed loss."  # noqa: E501 - a sentence or a table row
        return FindingReport(
            page.code, page.title, attempt.edit.line, text, _names(judgement, healed), repair
        )
    text = page.says.format(line=attempt.edit.line, names=", ".join(_names(judgement, healed)))
    if factor_only:
        ratio = was.factor / attempt.now.factor
        text += f" Its factor is {ratio:.6g} times that of the other parameters."
    return FindingReport(code, title, attempt.edit.line, text, _names(judgement, healed), repair)


def _mismatch(
    out: Diagnosis, judgement: Judgement, costs: list[Told], attempt: Attempt | None
) -> None:
    from losscope.auditing import findings

    page = findings.get("LS019")
    cost = costs[0]
    repair, line = None, cost.line
    if attempt is not None:
        line = attempt.edit.line
        was = max(f.residual for f in attempt.was.fits)
        now = max(f.residual for f in attempt.now.fits)
        repair = RepairReport(line, attempt.before, attempt.after, 0, was, now, now < 1e-6)
    names = [p.name for p in judgement.measured.parameters]
    text = page.says.format(line=cost.line, names=cost.name)
    out.findings.append(FindingReport(page.code, page.title, line, text, names, repair))


def _unexplained(
    out: Diagnosis, judgement: Judgement, standing: Standing, bad: list[int], lost: list[Lost]
) -> None:
    from losscope.auditing import findings

    measured = judgement.measured
    for index in bad:
        judged, fit = judgement.parameters[index], standing.fits[index]
        if judged.still or measured.parameters[index].name in {x.name for x in lost}:
            continue
        if fit.exact and fit.factor > 0:
            code = "LS009" if fit.l2 or fit.l1 else "LS004"
        else:
            code = "LS011" if fit.exact else "LS020"
        page = findings.get(code)
        parameter = measured.parameters[index]
        said = next((f for f in out.findings if f.code == code and f.repair is None), None)
        if said is not None:
            said.parameters.append(parameter.name)
            continue
        text = page.says.format(line=parameter.line, names=parameter.name)
        out.findings.append(FindingReport(code, page.title, parameter.line, text, [parameter.name]))


# -- other findings ------------------------------------------------------------------------------


def _lost_finding(lost: Lost) -> FindingReport:
    from losscope.auditing import findings

    page = findings.get("LS010")
    text = page.says.format(line=lost.line, names=lost.name)
    return FindingReport(page.code, page.title, lost.line, text, [lost.name])


def _buffers(out: Diagnosis, judgement: Judgement) -> None:
    from losscope.auditing import findings

    for judged in judgement.parameters:
        view = judged.view
        if view.rule == "momentum" and view.momentum >= 0.999:
            page = findings.get("LS017")
            name = judgement.measured.parameters[judged.index].name
            line = view.line
            text = page.says.format(line=line, names=name)
            out.findings.append(FindingReport(page.code, page.title, line, text, [name]))


def _zero(out: Diagnosis, judgement: Judgement) -> None:
    from losscope.auditing import findings

    best = judgement.best
    for judged in judgement.parameters:
        if not judged.still or best is None or not np.any(best.along[judged.index]):
            continue
        parameter = judgement.measured.parameters[judged.index]
        page = findings.get("LS010")
        text = page.says.format(line=parameter.line, names=parameter.name)
        out.findings.append(
            FindingReport(page.code, page.title, parameter.line, text, [parameter.name])
        )


def _twice(
    out: Diagnosis, captured: Capture, judgement: Judgement, scene: Scene | None, bench: Bench
) -> None:
    """Averaged twice: 1/m² on the sum of the loss, and one line that mends it for all."""
    from losscope.auditing import findings

    best, standing = judgement.best, out.standing
    if (
        best is None
        or standing is None
        or scene is None
        or standing.count < len(judgement.parameters)
    ):
        return
    m, k = best.examples[0], best.outputs
    rate = _common_rate(out, judgement)
    if rate is None or m <= 2 or m == k:
        return
    factor = standing.factor / rate
    if not any(abs(factor * m * m * d / t - 1) < 1e-4 for t in (0.5, 1.0, 2.0) for d in (1, k)):
        return
    attempt = _undivided(judgement, scene, bench, best, m)
    if attempt is None:
        return
    page = findings.get("LS008")
    line, before, after = attempt
    text = page.says.format(line=line, names=f"m = {m}")
    repair = RepairReport(
        line, before, after, 0, standing.fits[0].residual, standing.fits[0].residual, True
    )
    names = [p.name for p in judgement.measured.parameters]
    out.findings.append(FindingReport(page.code, page.title, line, text, names, repair))
    del captured


def _common_rate(out: Diagnosis, judgement: Judgement) -> float | None:
    for judged, rate in zip(judgement.parameters, out.rates, strict=True):
        if judged.view.rule in ("plain", "momentum"):
            return rate
        if judged.view.rule in ("Adam", "RMSprop", "Adagrad"):
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


def _spreads(out: Diagnosis, captured: Capture, judgement: Judgement, program: Program) -> None:
    """Arrays (N, 1) and (N,) that met and became (N, N)."""
    from losscope.auditing import findings

    said: set[int] = set()
    for event in judgement.measured.bases[0].trace.spreads:
        left, right = event.met or ((), ())
        flat, column = (left, right) if len(left) == 1 else (right, left)
        if len(flat) != 1 or len(column) != 2 or column != (flat[0], 1) or flat[0] < 3:
            continue
        if event.key[0] in said:
            continue
        said.add(event.key[0])
        page = findings.get("LS018")
        text = page.says.format(line=event.key[0], names=f"{column} and {flat}")
        out.findings.append(FindingReport(page.code, page.title, event.key[0], text, []))
    del captured, program


def tree_copy(tree: ast.Module) -> ast.Module:
    """Copy a program's tree."""
    from losscope.auditing.instrument import clone

    return clone(tree)
