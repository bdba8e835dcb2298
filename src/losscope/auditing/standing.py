"""How parameters stand towards an aim: whether each descends it with the factor of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from losscope.auditing import fit
from losscope.auditing import judge as judging
from losscope.auditing.candidates import Candidate
from losscope.auditing.fit import Fit
from losscope.auditing.judge import Judged, Judgement
from losscope.auditing.view import CLIPPED

_Asked = tuple[int, int, bool]  # which update, which aim, by the first state alone
_SAME_FACTOR = 1e-5
_TELLING = 3  # entries of a step from which Adam and the like can be told
_ROUGHLY = 1e-4  # what may be left of an update that is seen from the first state alone


@dataclass
class Standing:
    """How the parameters stand towards one aim."""

    good: list[bool]
    fits: list[Fit]
    factor: float

    @property
    def count(self) -> int:
        """How many parameters descend the aim with the common factor."""
        return sum(self.good)


@dataclass
class Scores:
    """Holds updates against aims; each update is fitted to an aim once."""

    judgement: Judgement
    rate: float | None = None  # the learning rate, where it is known
    nominal: tuple[float, ...] = ()  # the factor that the program's cost leads to
    usual: set[int] = field(default_factory=set)  # parameters whose update line names a rate
    excused: dict[int, float] = field(default_factory=dict)  # factors that may differ
    decaying: set[int] = field(default_factory=set)  # no penalty of theirs is in any number
    _sizes: dict[Candidate, float | None] = field(default_factory=dict)  # of the loss, in a number
    _fits: dict[_Asked, tuple[Judged, Candidate, Fit]] = field(default_factory=dict)

    def standing(
        self, judged: Sequence[Judged], aim: Candidate, *, first: bool = False
    ) -> Standing:
        """Say which parameters descend an aim with one common factor.

        `first` looks at the first state alone, and roughly: is a tried repair worth more passes?
        """
        fits = [self._fit(j, aim, first=first) for j in judged]
        tolerance = _ROUGHLY if first else fit.EXACT
        slack = aim.slack or [0.0] * len(judged)
        exact = [
            f.residual < tolerance + s and not j.still
            for f, j, s in zip(fits, judged, slack, strict=True)
        ]
        shrinks = [f.shrinks for f in fits]
        if aim.kind == "scalar":  # which holds its penalty: what is beside it is a decay
            plain = [not (f.l2 or f.l1) or i in self.decaying for i, f in enumerate(fits)]
            shrinks = [s and p for s, p in zip(shrinks, plain, strict=True)]
        exact = [e and s for e, s in zip(exact, shrinks, strict=True)]
        cut = [_has_own_size(j, judged) for j in judged]
        factors = [
            (f.factor, i in self.usual)
            for i, (f, e) in enumerate(zip(fits, exact, strict=True))
            if e and (all(cut) or not cut[i])
        ]
        common = _common(factors, self._paced(self._expected(aim)))
        paces = Counter(f.paced for f, e in zip(fits, exact, strict=True) if e)
        pace = max(paces, key=lambda p: paces[p], default=0)
        good = [
            e
            and f.factor > 0
            and f.paced == pace
            and (cut[i] or alike(f.factor, common * self.excused.get(i, 1.0), tolerance + slack[i]))
            for i, (f, e) in enumerate(zip(fits, exact, strict=True))
        ]
        return Standing(good, fits, common)

    def expects(self, aim: Candidate, standing: Standing) -> bool:
        """Tell whether the common factor is one that the program's numbers lead to, if known."""
        expected = self._paced(self._expected(aim))
        return not expected or any(alike(standing.factor, one, 1e-4) for one in expected)

    def _expected(self, aim: Candidate) -> tuple[float, ...]:
        """Give the factors that the program's own numbers and the rate would lead to."""
        if aim.kind != "scalar":
            return self.nominal
        best = self.judgement.best
        if aim not in self._sizes and best is not None:
            self._sizes[aim] = fit.times(aim.along, best.along)
        size = self._sizes.get(aim)
        if size is not None and self.nominal:
            return tuple(one / size for one in self.nominal)
        return () if self.rate is None else (self.rate,)

    def _paced(self, expected: tuple[float, ...]) -> tuple[float, ...]:
        """Allow for a rate that changes from pass to pass, which is divided out of the steps."""
        paced = any(j.view.scales is not None for j in self.judgement.parameters)
        if not paced or not self.rate:
            return expected
        return (*expected, *(one / self.rate for one in expected))

    def _fit(self, judged: Judged, aim: Candidate, *, first: bool) -> Fit:
        key = id(judged), id(aim), first
        if key not in self._fits:
            with np.errstate(all="ignore"):  # many a tried repair makes steps without bounds
                found = self._fitted(judged, aim, first=first)
            self._fits[key] = judged, aim, found  # both are kept: an id stays their own
        return self._fits[key][2]

    def _fitted(self, judged: Judged, aim: Candidate, *, first: bool) -> Fit:
        if first:
            return _first_fit(judged, aim)
        found = judging.fitted(judged, aim)
        if aim.kind == "loss" and self.judgement.varying:
            found = _by_pass(found, judged, aim)
        return found if found.exact else _at_one_rate(found, judged, aim)

    def forget(self, tried: Sequence[Judged]) -> None:
        """Drop the fits of updates that will not be asked for again."""
        known = {id(j) for j in self.judgement.parameters}
        gone = {id(j) for j in tried} - known
        if gone:
            self._fits = {key: held for key, held in self._fits.items() if key[0] not in gone}


def _by_pass(found: Fit, judged: Judged, aim: Candidate) -> Fit:
    """Let the factor change from pass to pass, where it does for the unchanged program."""
    if found.exact:
        return found
    freer = fit.by_pass(judged.projected, aim.along[judged.index], judged.states)
    return freer if freer.exact else found


def _at_one_rate(found: Fit, judged: Judged, aim: Candidate) -> Fit:
    """Take a rate of each pass back: it may have been the fault that looked like one."""
    scales = judged.view.scales
    if scales is None:
        return found
    projected = judged.projected * np.asarray(scales)[judged.states]
    again = judging.fitted(replace(judged, projected=projected), aim)
    return again if again.exact else found


def _first_fit(judged: Judged, aim: Candidate) -> Fit:
    """Fit an aim to what one parameter does in the first state."""
    rows = judged.states == 0
    if aim.kind == "scalar":
        return fit.plain(judged.projected[rows], aim.along[judged.index][rows])
    part = replace(
        judged,
        projected=judged.projected[rows],
        weights=judged.weights[rows],
        signs=judged.signs[rows],
        states=judged.states[rows],
        partial=[w[rows] for w in judged.partial],
    )
    along = list(aim.along)
    along[judged.index] = along[judged.index][rows]
    return judging.fitted(part, replace(aim, along=along))


def kept(was: Standing, now: Standing) -> bool:
    """Tell whether all that was good is good still, with the factor that it had."""
    return all(
        not a or (b and alike(new.factor, old.factor, 1e-6))
        for a, b, old, new in zip(was.good, now.good, was.fits, now.fits, strict=True)
    )


def alike(factor: float, wanted: float, tolerance: float) -> bool:
    """Tell whether two factors differ by no more than rounding."""
    return abs(factor - wanted) <= max(_SAME_FACTOR, tolerance) * abs(wanted)


def _common(factors: list[tuple[float, bool]], nominal: tuple[float, ...]) -> float:
    """Give the factor that is expected, where any has it, or else the one that most share.

    A factor too many on the way down is on all layers but the last. In a tie, that of updates
    which name a rate counts.
    """
    best, score = 1.0, (False, -1, False, False, 0.0)
    for factor, usual in factors:
        close = sum(abs(f - factor) <= _SAME_FACTOR * abs(factor) for f, _ in factors)
        expected = any(alike(factor, one, 1e-4) for one in nominal)
        mark = (expected, close, factor > 0, usual, -abs(factor))
        if mark > score:
            best, score = factor, mark
    return best


def _has_own_size(one: Judged, every: Sequence[Judged]) -> bool:
    """Tell whether an update shares no factor: it is cut off at some size, or is a sign.

    Or it is a step of so few entries that its rule cannot be told, where others have one.
    """
    if one.view.rule == CLIPPED:
        return True
    few = _is_step(one) and one.view.arrays[0].size < _TELLING
    return few and any(not _is_step(other) for other in every)


def _is_step(judged: Judged) -> bool:
    """Tell whether an update is taken as it is: no gradient is known behind it."""
    return judged.view.stepped or judged.view.rule == "unknown"
