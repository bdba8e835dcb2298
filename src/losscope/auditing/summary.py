"""Put all that was measured, sought and tried of a program into its report."""

from __future__ import annotations

from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Bench
from losscope.auditing.fit import Fit
from losscope.auditing.judge import NEAR, SYMMETRIC, Judgement
from losscope.auditing.program import Capture
from losscope.auditing.report import ParameterReport, PrintedReport, Report
from losscope.auditing.source import Source
from losscope.auditing.told import Told
from losscope.auditing.words import factor_words, loss_words, scaling


def report(  # noqa: PLR0917 - the parts of one record
    source: Source,
    captured: Capture,
    judgement: Judgement,
    found: Diagnosis,
    costs: list[Told],
    used: dict[str, bool | None],
    trial_passes: int,
    bench: Bench,
) -> Report:
    """Make the report, but for the curve, the notices and the time."""
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
            text = factor_words(factor, m, k, rated=rate is not None) + text
            scale = scaling(factor, m, k)
    own = None if exact else _own_cost(judgement, costs)
    if own is not None:
        text = f"{own[0].name}, as the program works it out"
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
        _parameters(judgement, found, own[1] if own is not None else None, exact=exact),
        [_printed(c, found, used, trial_passes, judgement) for c in costs],
        found.findings,
        [],
        None,
        passes,
        0.0,
    )


def _own_cost(judgement: Judgement, costs: list[Told]) -> tuple[Told, list[Fit]] | None:
    """Find a printed number that every update descends, of whatever loss and penalties it is."""
    for cost in costs:
        if cost.scalar not in judgement.scalars or not cost.scalar:
            continue
        fits = judgement.scalar_fits[judgement.scalars.index(cost.scalar)]
        moving = [fits[j.index] for j in judgement.parameters if not j.still]
        if moving and all(f.exact and f.factor > 0 and not (f.l2 or f.l1) for f in moving):
            return cost, fits
    return None


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


def _parameters(
    judgement: Judgement, found: Diagnosis, own: list[Fit] | None, *, exact: bool
) -> list[ParameterReport]:
    """Say of each parameter how it stands towards the loss, or towards the program's own cost."""
    out = []
    standing = found.standing if own is None else None
    nothing = [Fit(0.0, 1.0)] * len(judgement.parameters)
    fits = standing.fits if standing is not None else own or nothing
    for index, judged in enumerate(judgement.parameters):
        parameter, fit = judgement.measured.parameters[index], fits[index]
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
