"""Compare each parameter's update with every candidate, and choose the loss that is descended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from losscope.auditing import candidates, fit, rules, solved, updates
from losscope.auditing.arrays import Target
from losscope.auditing.candidates import Candidate, Offer
from losscope.auditing.fit import Fit
from losscope.auditing.leaves import is_list
from losscope.auditing.parameters import Carried
from losscope.auditing.probe import Measurement, asymmetry
from losscope.auditing.view import View

Array = np.ndarray[Any, Any]
_COMMON = (
    "mse",
    "bce",
    "ce",
    "mae",
    "hinge",
    "huber",
    "poisson",
    "squared_hinge",
    "log_cosh",
    "focal",
)
_SIFT = 1e-3
_CONSTANT = 1e-9  # what rounding may change in slopes that are the same everywhere
_LEVEL = 1e-6  # residuals below this are alike: one number fits any loss in one pass
_MOST_CLOSE, _MOST_BLIND, _MOST_TYPICAL = 40, 300, 8
_PENALTY_LEAVES = 0.9  # more than a penalty leaves of an update
SYMMETRIC = 1e-3  # an asymmetry below this is that of a gradient, measured
_FEW_NUMBERS = 8
_OFTEN = 20  # times in a pass that one line of an engine works something out
NEAR = 0.5  # a residual below this reads as "not quite" rather than "no"


@dataclass
class Judged:
    """One parameter: the view taken of its update, and how each candidate fits it."""

    index: int
    view: View
    projected: Array  # the view along the parameter's directions
    weights: Array
    signs: Array
    states: Array
    partial: list[Array]  # the weights, some left out of the penalty: an intercept's row or column
    asymmetry: float | None = None
    on_a_line: bool = False  # all numbers of the program moved along one line in what was captured

    @property
    def still(self) -> bool:
        """Whether the update is exactly zero in every state."""
        return all(np.all(a == 0) for a in self.view.arrays)

    @property
    def broken(self) -> bool:
        """Whether the update is not finite."""
        return not all(np.all(np.isfinite(a)) for a in self.view.arrays)


@dataclass
class Judgement:
    """What every parameter descends."""

    measured: Measurement
    carried: Carried
    parameters: list[Judged]
    scalars: list[Candidate]
    pairs: list[Any]
    best: Candidate | None = None  # the loss of the catalogue that most parameters descend
    fits: list[Fit] = field(default_factory=list)  # of `best`, by parameter
    scalar_fits: list[list[Fit]] = field(default_factory=list)  # [scalar][parameter]
    tried: int = 0
    varying: bool = False  # the factor changes from pass to pass
    others: list[tuple[Candidate, list[Fit]]] = field(default_factory=list)

    def judged_as(self, index: int, view: View) -> Judged:
        """Take another view of one parameter's update."""
        return _judged(self.measured, index, view)


def views(measured: Measurement, carried: Carried) -> list[Judged]:
    """Take each parameter's update, or the gradient from which a known rule makes it."""
    out = []
    for index in range(len(measured.parameters)):
        view = updates.explain(measured, carried, index) or solved.view(measured, index)
        view = view or updates.step_view(measured, index)
        out.append(_judged(measured, index, view))
    return out


def _judged(measured: Measurement, index: int, view: View) -> Judged:
    parameter = measured.parameters[index]
    starts = parameter.starts
    return Judged(
        index,
        view,
        measured.along(index, view.arrays),
        measured.along(index, starts),
        measured.along(index, [np.sign(s) for s in starts]),
        np.array([d.state for d in measured.of(index)]),
        [measured.along(index, [w * m for w in starts]) for m in _without_intercept(starts[0])],
        asymmetry(measured, index) if view.rule == "plain" or "momentum" in view.rule else None,
        _on_a_line(measured),
    )


def _on_a_line(measured: Measurement) -> bool:
    """Tell whether several numbers went one way together: a slope and a penalty then fit anything.

    Two numbers that start alike and get the same step do so.
    """
    every = measured.parameters
    if not 1 < sum(p.size for p in every) <= _FEW_NUMBERS:
        return False
    held = zip(*(p.starts for p in every), strict=True)
    places = np.array([np.concatenate([np.ravel(v) for v in at]) for at in held])
    sizes = np.linalg.svd(places - places[0], compute_uv=False)
    return len(sizes) > 1 and bool(sizes[1] <= 1e-9 * sizes[0])


def _without_intercept(weights: Array) -> list[Array]:
    """Give masks that leave out one end of one axis, where a design matrix holds its ones."""
    masks = []
    for axis in range(weights.ndim if weights.size > 2 else 0):
        for end in (0, -1):
            mask = np.ones(weights.shape)
            mask[(slice(None),) * axis + (end,)] = 0.0
            if mask.any():
                masks.append(mask)
    return masks


def fitted(judged: Judged, candidate: Candidate) -> Fit:
    """Fit one candidate to one parameter: as a sum, or as a mean where batches differ in size."""
    along = candidate.along[judged.index]
    slack = candidate.slack[judged.index] if candidate.kind == "loss" and candidate.slack else 0.0
    if slack:
        near = replace(fit.plain(judged.projected, along), slack=slack)
        if near.exact:
            return near
    size = judged.view.arrays[0].size
    if size == 1 and judged.on_a_line:
        return fit.plain(judged.projected, along)
    best = fit.penalised(judged.projected, along, judged.weights, judged.signs, size)
    if not best.exact and len(set(candidate.examples)) > 1:
        sizes = np.array([candidate.examples[s] for s in judged.states]) / candidate.examples[0]
        for power in (-1,) if candidate.kind == "loss" else (-1, 1):
            paced = along * sizes**power
            found = fit.penalised(judged.projected, paced, judged.weights, judged.signs, size)
            if found.residual < best.residual:
                best = replace(found, paced=power)
    for weights in () if best.exact or best.residual > _PENALTY_LEAVES else judged.partial:
        found = fit.penalised(judged.projected, along, weights, weights, 1)
        if found.residual < best.residual:
            best = found
    return best


def judge(
    measured: Measurement,
    carried: Carried,
    targets: list[Target],
    home: str = "",
    decimals: Sequence[float] = (),
) -> Judgement:
    """Find what the updates descend.

    `home` is the function that the loop stands in, `decimals` what a loss may have for a threshold.
    """
    judged = views(measured, carried)
    found = candidates.pairs(measured, targets, home)
    result = Judgement(measured, carried, judged, candidates.scalars(measured), found)
    result.fits = _nothing(judged)
    result.scalar_fits = [[fitted(j, s) for j in judged] for s in result.scalars]
    moving = [j for j in judged if not j.still and not j.broken]
    _seek(result, moving, home, decimals)
    if not any(f.exact for f in result.fits) and rules.seen_by_numbers(result):
        moving = [j for j in result.parameters if not j.still and not j.broken]
        result.fits = [fitted(j, result.best) for j in result.parameters] if result.best else []
        _seek(result, moving, home, decimals)
    _weigh(result)
    rules.reconsider(result)
    partly = not all(result.fits[j.index].exact for j in moving)
    if _is_chance(result, home) or (partly and rules.told(result, moving)):
        result.best, result.fits = None, _nothing(judged)  # a number explains more
    return result


def _seek(result: Judgement, moving: list[Judged], home: str, decimals: Sequence[float]) -> None:
    """Hold the updates against the losses of the catalogue: the usual ones first."""
    measured, found = result.measured, result.pairs
    _consider(result, moving, candidates.offers(measured, found, only=candidates.FIRST), home)
    if not any(f.exact and f.factor > 0 and not f.l1 for f in result.fits):
        _consider(result, moving, candidates.offers(measured, found, skip=candidates.FIRST), home)
    if not any(f.exact for f in result.fits):
        own = candidates.with_decimals(decimals)
        _consider(result, moving, candidates.offers(measured, found, only=own), home)


def _nothing(judged: list[Judged]) -> list[Fit]:
    """Give the fits of no loss at all."""
    return [Fit(0.0, 1.0) for _ in judged]


def _weigh(result: Judgement) -> None:
    """Let numbers of the program be sums or means too, where batches differ in size."""
    sizes = result.best.examples if result.best is not None else []
    if len(set(sizes)) > 1:
        for scalar in result.scalars:
            scalar.examples = sizes
        result.scalar_fits = [[fitted(j, s) for j in result.parameters] for s in result.scalars]


def _is_chance(result: Judgement, home: str) -> bool:
    """Tell whether the best loss is one between two of the many numbers of an engine.

    Among the thousands that it works out one by one, some fit what a cost explains.
    """
    best, trace = result.best, result.measured.bases[0].trace
    if best is None or best.key is None or best.source is None or best.source.path is not None:
        return False
    event = result.measured.event(best.key)
    if event is None or event.site.function == home:
        return False
    again = max(key[2] for key in trace.events if key[:2] == best.key[:2])
    return _says_nothing(best) or (again >= _OFTEN and event.value.size == 1)


def _says_nothing(candidate: Candidate) -> bool:
    """Tell whether a loss says no more than that the sum of some array falls."""
    slopes = np.concatenate([s.ravel() for s in candidate.slopes] or [np.zeros(0)])
    return bool(slopes.size) and bool(np.ptp(slopes) <= _CONSTANT * np.abs(slopes).max())


def _consider(result: Judgement, moving: list[Judged], offered: Iterable[Offer], home: str) -> None:
    """Sift the offers by their first state, work out the most promising ones, keep the best."""
    sifted: list[tuple[float, float, int, Offer]] = []
    listed = list(offered)
    result.tried += len(listed)
    left = _first_residuals(moving, listed)
    for place, j in enumerate(moving):
        if np.all(left[:, place] > _SIFT):  # perhaps there is a penalty
            more = [_first_penalised(j, offer) for offer in listed]
            left[:, place] = np.minimum(left[:, place], more)
    few = np.array([np.count_nonzero(j.states == 0) < 3 for j in moving])  # one row fits anything
    blind = bool(np.all(few))
    if left.size:
        telling = left[:, ~few & np.any(left < _SIFT, axis=0)]
        telling = telling if telling.size else left
        least, middle = telling.min(axis=1).tolist(), np.median(left, axis=1).tolist()
        sifted = list(zip(least, middle, range(len(listed)), listed, strict=True))
    level = _LEVEL if any(is_list(p.path) for p in result.measured.parameters) else 0.0
    followed = np.count_nonzero(left < _SIFT, axis=1) if level else np.zeros(len(listed))
    sifted.sort(
        # where a number fits anything, what several updates follow goes first
        key=lambda item: (
            -followed[item[2]],
            *_ranked(item[3], item[0], item[1], level),
            item[2],
        )
    )
    most = _MOST_BLIND if blind or level else _MOST_CLOSE
    close = [item for item in sifted if item[0] < _SIFT][:most]
    typical = sorted(sifted, key=lambda item: item[1:3])[:_MOST_TYPICAL]
    scored = [] if result.best is None else [(result.best, result.fits)]
    done: set[int] = set()
    for _, _, number, offer in [*close, *typical]:
        candidate = candidates.worked_out(result.measured, offer) if number not in done else None
        done.add(number)
        if candidate is not None:
            scored.append((candidate, [fitted(j, candidate) for j in result.parameters]))
    if not scored:
        return
    scored.sort(key=lambda item: _rank(item[0], item[1], moving, result, home))
    result.best, result.fits = scored[0]
    result.others += scored[1:]


def _ranked(
    offer: Offer, least: float, middle: float, level: float
) -> tuple[float, float, bool, bool]:
    """Rank an offer: among those that leave nothing, what has a name and what is data go first."""
    between = level > 0 and offer.event.site.kind not in ("assign", "argument")
    made = level > 0 and offer.target.path is None
    return max(least, level), max(middle, level), between, made


def _first_residuals(moving: list[Judged], listed: list[Offer]) -> Array:
    """Fit each offer to each parameter in the first state: [offer, parameter]."""
    left = np.ones((len(listed), len(moving)))
    for place, judged in enumerate(moving if listed else ()):
        table = np.array([offer.first[judged.index] for offer in listed])
        left[:, place] = fit.residuals(judged.projected[judged.states == 0], table)
    return left


def _first_penalised(judged: Judged, offer: Offer) -> float:
    """Fit an offer and a penalty to one parameter in the first state."""
    rows = judged.states == 0
    if np.count_nonzero(rows) < 4 or judged.on_a_line:
        return 1.0
    return fit.penalised(
        judged.projected[rows],
        offer.first[judged.index],
        judged.weights[rows],
        judged.signs[rows],
        judged.view.arrays[0].size,
    ).residual


def _rank(
    candidate: Candidate, fits: list[Fit], moving: list[Judged], result: Judgement, home: str
) -> tuple[Any, ...]:
    exact = sum(fits[j.index].exact for j in moving)
    simple = sum(
        fits[j.index].exact and not fits[j.index].l2 and not fits[j.index].l1 for j in moving
    )
    left = float(np.median([fits[j.index].residual for j in moving])) if moving else 1.0
    event = result.measured.event(candidate.key) if candidate.key else None
    kind = event.site.kind if event else "inner"
    order = _COMMON.index(candidate.loss) if candidate.loss in _COMMON else len(_COMMON)
    down = sum(fits[j.index].exact and fits[j.index].factor > 0 for j in moving)
    if _says_nothing(candidate):
        down = 0
    return (
        -exact - down,
        round(left, 2) if not exact else 0,
        -simple,
        order,
        candidate.raw,
        kind != "assign",
        (event.site.function if event else "") != home,
        event.order if event else 0,
    )
