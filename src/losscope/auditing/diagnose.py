"""From figures to findings: which parameters stand out, and what the experiments say of each."""

from __future__ import annotations

import numpy as np

from losscope.auditing import aims, excused, faults, findings, mismatch, rates
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes.places import Scene
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Attempt, Bench, Standing
from losscope.auditing.judge import SYMMETRIC, Judgement
from losscope.auditing.leaves import is_list, same
from losscope.auditing.lost import Lost, writes, written_by
from losscope.auditing.program import Capture, Program
from losscope.auditing.report import FindingReport, RepairReport
from losscope.auditing.source import Source
from losscope.auditing.told import Told

_UNKNOWN_LOSS = (
    "Each update is the gradient of some loss (its Jacobian is symmetric), but of none that is "
    "known here, on no arrays that were found."
)
_UNKNOWN_RULE = (
    "The rule that makes the steps is none that is known here, and no gradient of a known loss "
    "was found before it: what the updates descend cannot be told."
)
_TOO_FEW = (
    "By what rule {names} is moved cannot be told from so few numbers, and so not what it descends."
)
_ASLEEP = (
    "Nothing but rounding moved {name} in the passes that were looked at: what it descends later "
    "cannot be told."
)
_SEVERAL = (
    "One pass of the loop takes several steps, and the loss that they share was not found: what "
    "each of them descends cannot be told."
)
_OF_BATCHES = "With a smaller batch, as the last one, its factor is another beside theirs."

_SIZES = ("LS004", "LS009", "LS011")
_AS_MUCH = 10.0  # times what is left of another parameter is rounding too
_TELLING = 3  # numbers from which a rule can be told
_ROUNDING = 1e-12  # a weight that began as zero and is smaller has not been moved yet
_GONE = 1e-3  # of what an update left unexplained: less is the rounding of a measured slope


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
        rates.rate_of(program.source, captured.carried, captured.bases[0], p, j.view)
        for p, j in zip(captured.carried.parameters, judgement.parameters, strict=True)
    ]
    out = Diagnosis(None, None, learning)
    bench.usual = {
        i
        for i, (p, r) in enumerate(zip(captured.carried.parameters, learning, strict=True))
        if r and rates.mentions_rate(program.source, captured.carried, captured.bases[0], p)
    }
    best = judgement.best
    bench.decaying = set(range(len(judgement.parameters))) - aims.penalised(judgement)
    bench.rate = next((r for r in learning if r), None)
    bench.nominal = aims.nominal(judgement, told, learning)
    bench.excused = excused.factors(program.source, captured, judgement, learning, bench)
    standing = bench.standing(judgement.parameters, best) if best is not None else None
    any_exact = standing is not None and standing.count > 0
    aims.mark_descended(out, judgement, told, standing, bench)
    rises = aims.best_rises(judgement, standing) and not any(out.descended.values())
    aimed = aims.choose(judgement, told, best if any_exact or rises else None, out)
    out.aim, out.standing = best, standing
    hidden = not any_exact and _is_hidden(judgement)
    if hidden:
        out.notices.append(_UNKNOWN_RULE)
    if best is None and aimed:
        out.aim = aimed[0]
        out.standing = bench.standing(judgement.parameters, aimed[0])
    for one in lost:
        out.findings.append(faults.lost_finding(one))
    faults.averaged_twice(out, judgement, aimed, scene, bench)
    faults.spread(out, judgement, told)
    # where arrays spread, all that follows is of another shape, and no other cause to be believed
    mended = hidden or any(f.code in ("LS008", "LS018") for f in out.findings)
    if scene is not None and aimed and not mended:
        _search(out, judgement, told, aimed, scene, bench, lost)
    faults.accumulating(out, judgement)
    faults.still(out, judgement)
    out.findings.sort(key=lambda f: (f.code, f.line))
    return out


# -- the search, and what it found ---------------------------------------------------------------


def _search(  # noqa: PLR0917 - the parts of one record
    out: Diagnosis,
    judgement: Judgement,
    told: list[Told],
    aimed: list[Candidate],
    scene: Scene,
    bench: Bench,
    lost: list[Lost],
) -> None:
    costs = [t for t in told if aims.is_loss(t)]
    alone = excused.in_turn(out, judgement, costs, bench)
    alone |= excused.one_by_one(out, judgement, aimed)
    alone |= excused.made_anew(scene.source, out, judgement, out.standing)
    untold = _untold(judgement, out) | alone
    everyone = len(judgement.parameters) - len(untold)
    counts = [bench.standing(judgement.parameters, aim).count for aim in aimed]
    known = [t for t in costs if t.identity is not None or t.scalar is not None]
    differing = any(aims.contradicts(judgement, t) for t in known)
    differing = differing and not any(out.descended.get(t.name) for t in costs)
    settled = max(counts) >= everyone
    differs = counts[0] < everyone and aims.penalty_differs(judgement, aimed[0], counts[0], told)
    differs = differs and not aims.only_rescaled(judgement, aimed[0], out.rates)
    if len(alone) == len(judgement.parameters) or (settled and not (differing or differs)):
        return
    wanted = aimed
    if settled and differing:
        wanted = [a for a, c in zip(aimed, counts, strict=True) if c < everyone]
    if not wanted:
        mismatch.report(scene.source, out, judgement, known, None)
        return
    nobody = not any(counts)
    uphill = nobody and not known and aims.climbs_a_usual_loss(judgement, out.standing)
    if nobody and not uphill and _some_loss(judgement) and not known:
        out.notices.append(_UNKNOWN_LOSS)
        return
    found = bench.search(scene, wanted)
    if nobody and found and 2 * found[-1].now.count < everyone:
        found = []  # that one in several comes to follow something may be chance
    out.attempts = found
    if bench.over and bench.tried:
        out.notices.append(f"The search for a cause was ended after {bench.tried} tried repairs.")
    if nobody and not found and _is_left_open(scene.source, out, judgement, known):
        return
    if settled and differing:
        whole = found[0] if found and found[-1].now.count >= everyone else None
        mismatch.report(scene.source, out, judgement, known, whole)
        return
    out.findings += [_finding(a, judgement, costs) for a in found if _heals(a)]
    if nobody and not found and not _no_loss(judgement):
        out.notices.append(_UNKNOWN_RULE)
        return
    healed = {i for a in found for i in a.healed} | untold
    last = found[-1].now if found else bench.standing(judgement.parameters, wanted[0])
    bad = [i for i in range(len(judgement.parameters)) if not last.good[i] and i not in healed]
    _unexplained(out, judgement, last, bad, lost)


def _is_hidden(judgement: Judgement) -> bool:
    """Tell whether all weights stand in lists, and an unknown rule makes their steps.

    It works entry by entry, so that no array shows the gradient that it starts from.
    """
    return all(
        is_list(p.path) and j.view.rule == "unknown"
        for p, j in zip(judgement.measured.parameters, judgement.parameters, strict=True)
    )


def _untold(judgement: Judgement, out: Diagnosis) -> set[int]:
    """List parameters of a number or two whose rule cannot be told, where others show it."""
    ruled = any(j.view.key is not None and j.view.whole for j in judgement.parameters)
    few = (j for j in judgement.parameters if j.view.arrays[0].size < _TELLING)
    found = {j.index for j in few if ruled and j.view.rule == "unknown"}
    if found:
        names = ", ".join(_names(judgement, sorted(found)))
        out.notices.append(_TOO_FEW.format(names=names))
    return found


def _heals(attempt: Attempt) -> bool:
    """Tell a cause from a change that only helps: what was wrong is gone, but for rounding.

    Held against a printed number, whose slopes are measured by differences, more rounding is left.
    """
    was, now = attempt.was.fits, attempt.now.fits
    right = [f.residual for f, good in zip(was, attempt.was.good, strict=True) if good]
    usual = max(right, default=0.0)  # what rounding leaves of those that were right all along
    return bool(attempt.healed) and all(
        now[i].exact or now[i].residual < max(_GONE * was[i].residual, _AS_MUCH * usual)
        for i in attempt.healed
    )


def _some_loss(judgement: Judgement) -> bool:
    """Tell whether each update was measured to be the gradient of some loss."""
    return all(
        j.asymmetry is not None and j.asymmetry < SYMMETRIC
        for j in judgement.parameters
        if not j.still and j.view.arrays[0].size > 1
    )


def _no_loss(judgement: Judgement) -> bool:
    """Tell whether some update was measured to be the gradient of no loss."""
    return any(
        j.asymmetry is not None and j.asymmetry > SYMMETRIC
        for j in judgement.parameters
        if not j.still
    )


def _names(judgement: Judgement, indices: list[int]) -> list[str]:
    return [judgement.measured.parameters[i].name for i in indices]


def _targets(costs: list[Told]) -> set[str]:
    return {c.identity.target for c in costs if c.identity is not None}


def _finding(attempt: Attempt, judgement: Judgement, costs: list[Told]) -> FindingReport:
    healed = attempt.healed
    worst = max(healed, key=lambda i: attempt.was.fits[i].residual) if healed else 0
    page = findings.get(attempt.edit.code)
    was, now = attempt.was.fits[worst], attempt.now.fits[worst]
    left = min(now.residual, attempt.refined[worst] if attempt.refined else now.residual)
    moved = attempt.other_line if attempt.edit.note in ("moved", "kept") else 0
    if healed and all(_other_penalty(attempt, i) for i in healed):
        page = findings.get("LS009")
    if page.code == "LS014" and all(_has_twin(judgement, i) for i in healed):
        page = findings.get("LS016")
    before = attempt.was.fits
    factor_only = healed and all(before[i].exact and before[i].shrinks for i in healed)
    if factor_only and page.code not in ("LS011", "LS005", "LS009"):
        rising = all(before[i].factor < 0 for i in healed)
        page = findings.get("LS011" if rising else "LS004")
    repair = RepairReport(
        attempt.edit.line,
        attempt.before,
        attempt.after,
        moved,
        was.residual,
        left,
        now.exact,
    )
    line, names = attempt.edit.line, _names(judgement, healed)
    if page.code == "LS014" and attempt.edit.note in _targets(costs):
        text = f"Line {line} does not read {attempt.edit.note}, the target of the printed loss."
        return findings.get("LS007").found(line, names, text=text, repair=repair)
    other = attempt.was.count == 0 and _is_number(attempt.edit.note)
    if page.code == "LS004" and not factor_only and costs and other:
        # the slope of the whole loss is another, not the size of one step
        text = findings.get("LS019").says.format(line=costs[0].line, names=costs[0].name)
        return findings.get("LS019").found(line, names, text=text, repair=repair)
    if page.code == "LS019" and costs:
        text = page.says.format(line=costs[0].line, names=costs[0].name)
        return page.found(line, names, text=text, repair=repair)
    found = page.found(line, names, repair=repair)
    if attempt.behind:
        found.text += f" Its residual falls once line {attempt.behind} is mended as well."
    if factor_only and attempt.was.count and page.code != "LS009":
        ratio = was.factor / attempt.now.factor
        said = f"Its factor is {ratio:.6g} times that of the other parameters."
        found.text += f" {said if was.paced == now.paced else _OF_BATCHES}"
    return found


def _is_number(text: str) -> bool:
    """Tell a plain number from a size of the program, by which a part of a gradient is divided."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _other_penalty(attempt: Attempt, index: int) -> bool:
    """Tell whether a repair changed the size of a penalty, and not that of the rest."""
    was, now = attempt.was.fits[index], attempt.now.fits[index]
    if was.factor * now.factor < 0:
        return False  # the rest was turned round, and the penalty was right
    if not was.shrinks and attempt.edit.code not in _SIZES:
        return False  # no penalty was there: another fault made what looked like one
    rest = abs(was.factor - now.factor) <= 1e-4 * abs(now.factor)
    alone = attempt.was.count == 0  # no other parameter says what the common factor is
    return was.exact and bool(was.l2 or was.l1) and (rest or alone or attempt.edit.code == "LS009")


def _has_twin(judgement: Judgement, index: int) -> bool:
    """Tell whether a parameter's update is made from the very array that another's is made from."""
    own = judgement.parameters[index].view.arrays
    return any(
        other.index != index
        and other.view.arrays[0].size > 1
        and all(same(a, b) for a, b in zip(own, other.view.arrays, strict=True))
        for other in judgement.parameters
    )


def _is_left_open(source: Source, out: Diagnosis, judgement: Judgement, known: list[Told]) -> bool:
    """Say what there is to say where nothing follows a loss, and nothing that was tried helped."""
    if _takes_several_steps(judgement):
        out.notices.append(_SEVERAL)
    elif known and _some_loss(judgement):
        mismatch.report(source, out, judgement, known, None)
    else:
        return False
    return True


def _takes_several_steps(judgement: Judgement) -> bool:
    """Tell whether one pass of the loop moves every parameter more than once."""
    written, made = written_by(judgement), writes(judgement)
    return bool(written) and all(made[line] >= 2 * count for line, count in written.items())


def _sleeps(judgement: Judgement, index: int) -> bool:
    """Tell whether nothing but rounding has moved an array in all the passes that were seen."""
    measured = judgement.measured
    held = [*measured.parameters[index].starts, *measured.updates[index]]
    return held[0].size > 1 and max(float(np.max(np.abs(v))) for v in held) < _ROUNDING


def _unexplained(
    out: Diagnosis, judgement: Judgement, standing: Standing, bad: list[int], lost: list[Lost]
) -> None:
    measured = judgement.measured
    for index in bad:
        judged, fit = judgement.parameters[index], standing.fits[index]
        if judged.still or measured.parameters[index].name in {x.name for x in lost}:
            continue
        if _sleeps(judgement, index):
            out.notices.append(_ASLEEP.format(name=measured.parameters[index].name))
            continue
        if fit.exact and fit.factor > 0:
            code = "LS009" if fit.l2 or fit.l1 else "LS004"
        else:
            code = "LS011" if fit.exact else "LS020"
        parameter = measured.parameters[index]
        said = next((f for f in out.findings if f.code == code and f.repair is None), None)
        if said is not None:
            said.parameters.append(parameter.name)
            continue
        out.findings.append(findings.get(code).found(parameter.line, [parameter.name]))
