"""What updates are held against: which printed costs are descended, and which loss is meant."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing import afterwards, candidates, fit, rules
from losscope.auditing.candidates import Candidate
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Bench, Standing
from losscope.auditing.judge import Judgement
from losscope.auditing.told import Told

_USUAL = (*candidates.FIRST, "hinge", "poisson")
_ANOTHER = 0.02  # what a printed number must leave of an update to be another loss
_SURELY = 2e-3  # and where it is known which: more than an ε leaves
_OF_ITSELF = 1e-5  # what rounding may leave of a number's slope along its own parameter
_DROWNED = 0.1  # where rounding may leave this much of a slope, it says nothing
_NEARLY = 3e-4  # what an ε inside a logarithm may leave of an update
_A_LOSS = (
    *("cost", "loss", "entropy", "objective", "mse", "nll", "error", "likelihood"),
    *("sse", "total"),
)
_NOT_A_LOSS = ("acc", "rmse", "mae", "r2", "score", "metric", "error_rate", "norm", "time")


def mark_descended(
    out: Diagnosis, judgement: Judgement, told: list[Told], standing: Standing | None, bench: Bench
) -> None:
    """Say of each printed cost whether the updates descend it."""
    best = judgement.best
    rising = best_rises(judgement, standing)
    for one in told:
        alike = (
            one.identity is not None
            and best is not None
            and one.identity.loss == best.loss
            and not _of_another_target(judgement, one)
        )
        good = rising and alike
        if good:
            out.descended[one.name] = True
            continue
        if one.scalar is not None and (
            nearly(judgement, one.scalar, bench.decaying) or _is_climbed(judgement, one.scalar)
        ):
            good = True
        elif one.scalar is not None and standing is not None:
            good = bench.standing(judgement.parameters, one.scalar).count >= max(standing.count, 1)
        elif one.scalar is not None:
            good = bench.standing(judgement.parameters, one.scalar).count > 0
        if not good and alike and one.identity is not None and standing and standing.count:
            good = one.identity.factor > 0
        out.descended[one.name] = good


def nearly(judgement: Judgement, scalar: Candidate, decaying: set[int] | None = None) -> bool:
    """Tell whether every update follows a printed number but for an ε in its logarithm.

    A decay beside it may be only where no number of the program holds a penalty (`decaying`).
    """
    moving = [j for j in judgement.parameters if not j.still]
    return bool(moving) and all(
        (fit := rules.follows(judgement, scalar, j.index)).residual < _NEARLY + 3 * noise
        and (fit.factor > 0 or noise > _DROWNED)
        and (decaying is None or j.index in decaying or not (fit.l2 or fit.l1))
        for j in moving
        for noise in [scalar.noise[j.index]]
    )


def penalty_differs(judgement: Judgement, aim: Candidate, count: int, told: list[Told]) -> bool:
    """Tell whether updates follow a printed number but for the penalty in it, beyond rounding.

    Where another number of the program explains every update as it is, that one is meant; unless
    it is not printed, and is what is left of the printed one without its penalty.
    """
    if aim.kind != "scalar":
        return False
    moving = [j for j in judgement.parameters if not j.still]
    follows = [rules.follows(judgement, aim, j.index) for j in moving]
    whole = all(j.view.whole for j in moving)  # of another rule, what is seen may be a part
    forgotten = whole and all(f.exact for f in follows) and not all(f.shrinks for f in follows)
    for scalar in judgement.scalars:
        meant = not forgotten or any(t.scalar is scalar for t in told)
        if meant and _explains(judgement, scalar):
            return False
    if not (count or all(f.residual < _NEARLY and f.factor > 0 for f in follows)):
        return False
    known = any(t.scalar is aim and t.identity and t.identity.penalty for t in told)
    return known or any(f.l2 or f.l1 for f in follows) or not nearly(judgement, aim)


def only_rescaled(judgement: Judgement, aim: Candidate, rates: list[float | None]) -> bool:
    """Tell whether the penalty is what the printed number has, and the loss a multiple of its own.

    Then a sum stands for a mean, or a rounder number for m: a factor, and no fault of the penalty.
    """
    best = judgement.best
    moving = [j for j in judgement.parameters if not j.still]
    if best is None or aim.kind != "scalar" or not moving:
        return False
    factors = []
    for judged in moving:
        i, size = judged.index, judged.view.arrays[0].size
        told = fit.penalised(aim.along[i], best.along[i], judged.weights, judged.signs, size)
        own, rate = judgement.fits[i], rates[i] if judged.view.stepped else 1.0
        if rate is None or not (own.exact and told.residual < _NEARLY):
            return False
        wanted = rate * told.l2, rate * told.l1
        if not np.allclose((own.l2, own.l1), wanted, rtol=1e-3, atol=0):
            return False
        factors.append(own.factor)
    return min(factors) > 0 and max(factors) - min(factors) <= 1e-5 * max(factors)


def _explains(judgement: Judgement, scalar: Candidate) -> bool:
    """Tell whether every update follows a number of the program, with nothing beside it."""
    fits = judgement.scalar_fits[judgement.scalars.index(scalar)]
    return all(
        fits[j.index].residual < fit.EXACT + scalar.slack[j.index]
        and not (fits[j.index].l2 or fits[j.index].l1)
        for j in judgement.parameters
        if not j.still
    )


def contradicts(judgement: Judgement, told: Told) -> bool:
    """Tell whether a printed cost was seen to be another loss than the one that is descended."""
    best = judgement.best
    if told.identity is not None and best is not None and _alike(told.identity.loss, best.loss):
        return told.identity.prediction == best.prediction and told.identity.target != best.target
    if told.scalar is None or afterwards.comes_after(judgement, told.scalar):
        return told.identity is not None
    known = told.identity is not None and all(f.exact for f in judgement.fits)
    least = _SURELY if known else _ANOTHER  # where both losses are known, and are two
    return not _is_climbed(judgement, told.scalar) and _parts(judgement, told.scalar, least)


def _alike(one: str, other: str) -> bool:
    """Tell whether two losses are one: of a single output, Brier's score is the squared error."""
    return one == other or {one, other} == {"mse", "brier"}


def _parts(judgement: Judgement, scalar: Candidate, least: float = _ANOTHER) -> bool:
    """Tell whether an update goes another way than a printed number."""
    return any(
        (fit := rules.follows(judgement, scalar, j.index)).residual > least + 3 * noise
        or (fit.factor < 0 and noise < _DROWNED)
        for j in judgement.parameters
        if not j.still
        for noise in [scalar.noise[j.index]]
    )


def _of_another_target(judgement: Judgement, told: Told) -> bool:
    """Tell whether a printed cost is the descended loss, but held against other numbers."""
    one, best = told.identity, judgement.best
    if one is None or best is None or told.scalar is None or one.target == best.target:
        return False
    return one.prediction == best.prediction and _parts(judgement, told.scalar)


def _is_climbed(judgement: Judgement, scalar: Candidate) -> bool:
    """Tell whether a printed number is the descended loss turned round, as a log likelihood is."""
    moving = [j.index for j in judgement.parameters if not j.still]
    falls = all(judgement.fits[i].exact and judgement.fits[i].factor > 0 for i in moving)
    rises = [rules.follows(judgement, scalar, i) for i in moving] if falls and moving else []
    return bool(rises) and all(fit.exact and fit.factor < 0 for fit in rises)


def penalised(judgement: Judgement) -> set[int]:
    """List the parameters of which the program works out a penalty: a sum of squares or sizes.

    Where it works out none, a decay of the weights is a rule of the update, not a part of a loss.
    """
    found = set()
    for scalar in judgement.scalars:
        for judged in judgement.parameters:
            along = scalar.along[judged.index]
            kinds = [judged.weights, judged.signs, *judged.partial]
            if any(fit.plain(along, kind).residual < _OF_ITSELF for kind in kinds):
                found.add(judged.index)
    return found


def best_rises(judgement: Judgement, standing: Standing | None) -> bool:
    """Tell whether every parameter goes up the loss that it follows."""
    if standing is None or judgement.best is None:
        return False
    moving = [f for f, j in zip(standing.fits, judgement.parameters, strict=True) if not j.still]
    return bool(moving) and all(f.exact and f.factor < 0 for f in moving)


def climbs_a_usual_loss(judgement: Judgement, standing: Standing | None) -> bool:
    """Tell whether every parameter goes up a loss that nobody means to climb, by one factor."""
    best = judgement.best
    if best is None or best.loss not in _USUAL or not best_rises(judgement, standing):
        return False
    factors = [
        f.factor
        for f, j in zip(judgement.fits, judgement.parameters, strict=True)
        if not j.still and j.view.stepped
    ]
    return all(abs(f - factors[0]) <= 1e-4 * abs(factors[0]) for f in factors)


def choose(
    judgement: Judgement, told: list[Told], best: Candidate | None, out: Diagnosis
) -> list[Candidate]:
    """Choose what a mended step may descend: printed costs first, then what most descend now."""
    costs = [t for t in told if is_loss(t)]
    descended = [t for t in costs if out.descended.get(t.name)]
    aims: list[Candidate] = []
    for one in descended or costs or [t for t in told if t.scalar is not None]:
        if one.scalar is not None and len(one.shape) == 0:
            aims.append(one.scalar)
        elif one.identity is not None:
            aims += _as_candidate(judgement, one)
    if best is not None:
        aims.append(best)
    elif not descended:  # what is printed may be a measure of success, and never was the loss
        aims += _likely(judgement)
    return aims[:4]


def is_loss(told: Told) -> bool:
    """Tell a printed loss from a metric, by its name and what it is."""
    name = told.name.lower()
    if told.shape and max(told.shape) > 1:
        return False
    if any(word in name.split(".")[-1] for word in _NOT_A_LOSS):
        return False
    if name == "j" and told.scalar is not None:  # as courses write a cost
        return True
    return told.identity is not None or any(word in name for word in _A_LOSS)


def _as_candidate(judgement: Judgement, told: Told) -> list[Candidate]:
    """Find, among the pass's own arrays, the loss that is printed after the loop of batches."""
    assert told.identity is not None
    found = []
    offers = candidates.offers(judgement.measured, judgement.pairs, only=(told.identity.loss,))
    for offer in offers:
        if offer.raw and not told.identity.raw:
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


def nominal(
    judgement: Judgement, told: list[Told], learning: list[float | None]
) -> tuple[float, ...]:
    """Give the factor that the printed cost and the learning rate would lead to.

    Where no printed number tells, those of the numbers in which the pass works the loss out.
    """
    best = judgement.best
    rate = next((r for r in learning if r), None)
    if best is None or not rate:
        return ()
    for one in told:
        found = one.identity
        if found is not None and found.loss == best.loss:
            return (found.factor * found.examples / best.examples[0] * rate,)
    sizes = {fit.times(scalar.along, best.along) for scalar in judgement.scalars}
    return tuple(size * rate for size in sizes if size is not None)
