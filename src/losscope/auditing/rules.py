"""Second looks at parameters whose update fits no loss as it stands: a rule may lie between.

A rate that changes from pass to pass, a clipped length, a clipped or signed gradient, a rule that
works entry by entry: each is correct code, and none of it may read as some exotic loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.auditing import fit, shaped, updates
from losscope.auditing.candidates import Candidate
from losscope.auditing.fit import Fit
from losscope.auditing.leaves import Path, spelled
from losscope.auditing.probe import Measurement
from losscope.auditing.recorder import Key
from losscope.auditing.view import CLIPPED, OWN_RULE, View

if TYPE_CHECKING:
    from losscope.auditing.judge import Judged, Judgement

Array = np.ndarray[Any, Any]
_Known = dict[tuple[int, bool], tuple["Judged", list["Judged"]]]
_MOST_CANDIDATES, _MOST_SERIES = 12, 40
_DIGITS = 10  # by which series are one: a rate at a pass's start, and at its end


def reconsider(result: Judgement) -> None:
    """Look again at each moving parameter that does not follow the best loss."""
    if result.best is None:
        return
    others = [c for c, _ in result.others][:_MOST_CANDIDATES]
    tried: list[Candidate] = [result.best]
    if not any(f.exact for f in result.fits):
        tried += others
    known: _Known = {}
    for candidate in tried:
        if any(_second_look(result, judged, candidate, known) for judged in _open(result)):
            result.best = candidate
            result.fits = _fits(result, candidate)
            break
    for judged in _open(result):
        _second_look(result, judged, result.best, known)
    result.fits = _fits(result, result.best)
    _by_pass(result)
    if not result.varying and not all(f.exact for f in result.fits):
        _scheduled(result)


def seen_by_numbers(result: Judgement) -> bool:
    """Find rules behind which the gradient of a number of the program stands; tell whether any."""
    events = [(s, result.measured.event(s.key)) for s in result.scalars if s.key is not None]
    named = [s for s, e in events if e is not None and e.site.kind in ("assign", "print")]
    known: _Known = {}
    found = [
        judged
        for scalar in named[-_MOST_CANDIDATES:]
        for judged in _open(result)
        if _second_look(result, judged, scalar, known)
    ]
    return bool(found)


def _scheduled(result: Judgement) -> None:
    """Divide out a rate that changes from pass to pass, where steps then follow a number."""
    moving = [j for j in result.parameters if not j.still and not j.broken]
    plain = bool(moving) and all(j.view.stepped for j in moving)
    steps = {j.index: updates.step_view(result.measured, j.index) for j in moving if plain}
    for name, values in _series(result.measured) if plain and not told(result, moving) else ():
        views = {index: updates.scaled(step, name, values) for index, step in steps.items()}
        made = {index: result.judged_as(index, view) for index, view in views.items()}
        if any(_all_follow(made.values(), scalar) for scalar in result.scalars):
            result.parameters = [made.get(j.index, j) for j in result.parameters]
            result.scalar_fits = [_fits(result, scalar) for scalar in result.scalars]
            if result.best is not None:
                result.fits = _fits(result, result.best)
            return


def told(result: Judgement, moving: list[Judged]) -> bool:
    """Tell whether a number of the program explains every update as it is."""
    return any(all(fits[j.index].exact for j in moving) for fits in result.scalar_fits)


def _all_follow(moving: Iterable[Judged], scalar: Candidate) -> bool:
    return all(
        (found := fit.plain(j.projected, scalar.along[j.index])).exact and found.factor > 0
        for j in moving
    )


def _fits(result: Judgement, candidate: Candidate) -> list[Fit]:
    from losscope.auditing.judge import fitted

    return [fitted(j, candidate) for j in result.parameters]


def _open(result: Judgement) -> list[Judged]:
    """List the moving parameters that fit neither the best loss nor any scalar of the program."""
    told = [
        any(fits[j.index].exact and not fits[j.index].l2 for fits in result.scalar_fits)
        for j in result.parameters
    ]
    return [
        j
        for j, f in zip(result.parameters, result.fits, strict=True)
        if not (f.exact or told[j.index] or j.still or j.broken)
    ]


def _second_look(result: Judgement, judged: Judged, candidate: Candidate, known: _Known) -> bool:
    """Try a schedule, then a gradient behind a rule; keep the view that fits exactly.

    `known` keeps the views of each update: they are the same whatever the candidate.
    """
    from losscope.auditing.judge import fitted

    key = judged.index, any(j.view.rule == CLIPPED for j in result.parameters)
    if key not in known or known[key][0] is not judged:
        views = _views(result, judged)
        known[key] = judged, [result.judged_as(judged.index, view) for view in views]
    exact: list[tuple[float, Judged]] = []
    for made in known[key][1]:
        if exact and made.view.scales is None:
            break  # of several rates the one that leaves least; of rules the first
        found = fitted(made, candidate)
        shared = any(
            j.index != judged.index and j.view.scales == made.view.scales for j in result.parameters
        )
        turned = made.view.scales is not None and shared  # the others' own rate: it goes uphill
        if found.exact and (found.factor > 0 or turned):
            exact.append((found.residual, made))
            if made.view.scales is None:
                break
    if not exact:
        return False
    made = min(exact, key=lambda item: item[0])[1]
    result.parameters[judged.index] = made
    result.scalar_fits = [
        [*fits[: judged.index], fitted(made, s), *fits[judged.index + 1 :]]
        for s, fits in zip(result.scalars, result.scalar_fits, strict=True)
    ]
    return True


def _views(result: Judgement, judged: Judged) -> list[View]:
    measured = result.measured
    found: list[View] = []
    cut: list[View] = []
    if judged.view.scales is None:
        for name, values in _series(measured):
            found.append(updates.scaled(judged.view, name, values))
    parameter = measured.parameters[judged.index]
    for event in shaped.shaped_like(measured, parameter, set()):
        arrays = [v for b in measured.bases if (v := b.trace.value(event.key)) is not None]
        if len(arrays) < len(measured.bases) or any(v.shape != parameter.shape for v in arrays):
            continue
        rule = _rule(result, judged, event.key, arrays)
        if rule:
            turned = updates.downhill(measured, judged.index, arrays)
            view = View(turned, rule, event.site.name, event.key[0], key=event.key)
            (cut if rule == CLIPPED else found).append(view)
    return found + cut[::-1]  # the last before the cut is what was cut


def _rule(result: Judgement, judged: Judged, key: Key, arrays: list[Array]) -> str:
    """Name the rule that may stand between an array and the step; "" where there is none."""
    measured = result.measured
    if judged.view.rule in ("plain", CLIPPED):
        if arrays[0].size < 3 and any(j.view.rule == CLIPPED for j in result.parameters):
            steps = measured.updates[judged.index]
            against = all(np.all(s * v <= 0) for s, v in zip(steps, arrays, strict=True))
            return CLIPPED if against else ""  # too few numbers; as its sisters do
        return CLIPPED if _goes_with(measured, judged.index, arrays) else ""
    if "momentum" in judged.view.rule:
        return ""
    tiny = arrays[0].size < 4  # too few numbers to see a rule in
    linked = tiny or updates.entry_by_entry(measured, judged.index, key)
    return OWN_RULE if linked else ""


def _series(measured: Measurement) -> list[tuple[str, list[float]]]:
    """List the numbers that change from state to state and that the parameters do not move."""
    rows: dict[str, list[float]] = {}
    for path, first in measured.starts[0].items():
        if np.size(first) != 1:
            continue
        ends: list[Mapping[Path, Array | None]] = [b.after for b in measured.bases]
        for when, where in (("", measured.starts), ("'", ends)):
            held = [v for w in where if (v := w.get(path)) is not None and np.size(v) == 1]
            if len(held) == len(where):
                rows[spelled(path) + when] = [float(np.ravel(v)[0]) for v in held]
    for key, event in measured.bases[0].trace.events.items():
        if event.value.size != 1 or key in measured.reached:
            continue
        seen = [v for b in measured.bases if (v := b.trace.value(key)) is not None]
        if len(seen) == len(measured.bases) and all(v.size == 1 for v in seen):
            rows.setdefault(event.site.name, [float(v.ravel()[0]) for v in seen])
    unique: dict[tuple[float, ...], str] = {}
    for name, values in rows.items():
        numbers = np.array(values)
        one_sign = np.all(numbers > 0) or np.all(numbers < 0)  # p += -rate * g
        if np.all(np.isfinite(numbers)) and one_sign and np.ptp(numbers) > 0:
            unique.setdefault(tuple(np.round(numbers / numbers[0], _DIGITS)), name)
    sizes = {name: [abs(number) for number in rows[name]] for name in unique.values()}
    return [(name.rstrip("'"), held) for name, held in sizes.items()][:_MOST_SERIES]


def _goes_with(measured: Measurement, index: int, values: list[Array]) -> bool:
    """Tell whether each step is a multiple of an array, cut off at some size (or its sign)."""
    at_the_end = 0
    for step, value in zip(measured.updates[index], values, strict=True):
        s, v = step.ravel(), value.ravel()
        if not (np.all(np.isfinite(s)) and np.any(s) and np.any(v)) or np.any(s * v > 0):
            return False
        most = float(np.max(np.abs(s)))
        cut = np.abs(s) > most * (1 - 1e-9)
        ratios = s[~cut & (v != 0)] / v[~cut & (v != 0)]
        if ratios.size and np.ptp(ratios) > 1e-7 * np.max(np.abs(ratios)):
            return False
        if ratios.size and np.any(np.abs(ratios[0] * v[cut]) < most * (1 - 1e-9)):
            return False
        at_the_end += int(cut.sum()) - 1
    return at_the_end >= 3


def follows(result: Judgement, scalar: Candidate, index: int) -> Fit:
    """Fit a number of the program to one parameter, as the best loss was fitted."""
    place = result.scalars.index(scalar)
    found, judged = result.scalar_fits[place][index], result.parameters[index]
    if found.exact or not result.varying:
        return found
    return fit.by_pass(judged.projected, scalar.along[index], judged.states)


def _divide_out(result: Judgement, candidate: Candidate) -> None:
    """Take the factor of each pass, as one parameter shows it, out of all plain updates."""
    for stepped in (True, False):  # steps have the rate in them, the gradients of a rule do not
        alike = [j for j in result.parameters if j.view.stepped == stepped]
        scales = _scales(result, candidate, alike)
        for judged in alike if scales is not None else ():
            if judged.view.scales is None and scales is not None:
                view = updates.scaled(judged.view, "", scales)
                result.parameters[judged.index] = result.judged_as(judged.index, view)
    fits = _fits(result, candidate)
    result.fits = [new if new.exact else old for new, old in zip(fits, result.fits, strict=True)]
    result.scalar_fits = [_fits(result, scalar) for scalar in result.scalars]


def paced(result: Judgement, scalar: Candidate) -> None:
    """Divide the factor of each pass out, where every update follows a number but for that."""
    moving = [j for j in result.parameters if not j.still and not j.broken]
    plain = all(j.view.stepped and j.view.scales is None and _tells_apart(j) for j in moving)
    if not moving or not plain or result.varying or told(result, moving):
        return
    fits = [fit.by_pass(j.projected, scalar.along[j.index], j.states) for j in moving]
    if not all(found.exact and found.factor > 0 for found in fits):
        return
    scales = _factors(result, scalar, max(moving, key=lambda j: j.view.arrays[0].size))
    for judged in moving if scales is not None else ():
        view = updates.scaled(judged.view, "", scales or [])
        result.parameters[judged.index] = result.judged_as(judged.index, view)
    result.scalar_fits = [_fits(result, one) for one in result.scalars]
    if result.best is not None:
        result.fits = _fits(result, result.best)


def _scales(result: Judgement, candidate: Candidate, alike: list[Judged]) -> list[float] | None:
    """Give the factor of each pass as the largest parameter that follows a candidate shows it."""
    exact = [j for j in alike if result.fits[j.index].exact]
    if not exact:
        return None
    return _factors(result, candidate, max(exact, key=lambda j: j.view.arrays[0].size))


def _factors(result: Judgement, candidate: Candidate, shown: Judged) -> list[float] | None:
    """Give the factor of each pass, against the first one's, as one parameter shows it."""
    factors = [1.0] * len(result.measured.bases)
    for state in np.unique(shown.states):
        rows = shown.states == state
        along = candidate.along[shown.index][rows]
        factors[int(state)] = fit.plain(shown.projected[rows], along).factor
    return [f / factors[0] for f in factors] if all(factors) else None


def _tells_apart(judged: Judged) -> bool:
    """Tell whether a pass moves more than one number: one alone fits any loss with some factor."""
    return all(np.count_nonzero(array) > 1 for array in judged.view.arrays)


def _by_pass(result: Judgement) -> None:
    """Allow the factor to change from pass to pass, the same way for every parameter."""
    scored: list[tuple[int, int, Candidate, list[Fit]]] = []
    moving = [j for j in result.parameters if not j.still and not j.broken]
    if told(result, moving):
        return
    known = any(f.exact for f in result.fits)  # then another loss is no explanation
    others = [] if known else result.others
    for candidate, fits in [(result.best, result.fits), *others]:
        if candidate is None or candidate.size[0] == 1:
            continue  # every loss of one number is its slope, some other times in each pass
        again = [
            f
            if f.exact or not _tells_apart(j)
            else fit.by_pass(j.projected, candidate.along[j.index], j.states)
            for j, f in zip(result.parameters, fits, strict=True)
        ]
        count = sum(again[j.index].exact and again[j.index].factor > 0 for j in moving)
        if count > sum(fits[j.index].exact for j in moving):
            scored.append((-count, len(scored), candidate, again))
    if scored:
        _, _, result.best, result.fits = min(scored, key=lambda item: item[:2])
        result.varying = True
        _divide_out(result, result.best)
