"""Seek the cause by experiment: mend one line, run the pass again, see what is left.

A mended backward pass leaves the forward pass alone, so the measured directions still hold: a
tried repair costs one pass a state, and nothing else.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from losscope.auditing import bearing, fit, probe, updates
from losscope.auditing import judge as judging
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes import (
    derivative,
    jacobian,
    names,
    order,
    penalty,
    reduction,
    removed,
    scale,
    sign,
    transposed,
)
from losscope.auditing.causes.edit import Edit
from losscope.auditing.causes.places import Scene
from losscope.auditing.fit import Fit
from losscope.auditing.judge import Judged, Judgement
from losscope.auditing.parameters import same
from losscope.auditing.program import Capture, Program
from losscope.auditing.step import Mended, Outcome, codes_of, compile_program, compile_step
from losscope.auditing.updates import View

FAMILIES: tuple[Callable[[Scene], Iterator[Edit]], ...] = (
    order.suspects,
    sign.suspects,
    reduction.suspects,
    jacobian.suspects,
    derivative.bodies,
    names.gradients,
    names.whole,
    derivative.without,
    names.suspects,
    derivative.suspects,
    penalty.suspects,
    transposed.suspects,
    scale.suspects,
    removed.suspects,
)
_WHOLE = (order.suspects, removed.suspects)  # these change more than one statement's value
_FACTORS = (sign.suspects, reduction.suspects, scale.suspects, penalty.suspects, names.suspects)
_SAME_FACTOR = 1e-5
_NO_TEXT = ("moved", "kept", "left out")  # edits that a statement does not show
MOST_TRIED = 1500
_NET = 30.0  # seconds of this process's own time


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
class Attempt:
    """One repair that helped."""

    edit: Edit
    before: str
    after: str
    aim: Candidate
    was: Standing
    now: Standing
    mended: Mended
    other_line: int = 0
    place: int = 0  # how late in the pass the line runs
    refined: list[float] | None = None  # what is left of each parameter beside the known loss

    @property
    def healed(self) -> list[int]:
        """Parameters that descend the aim now and did not before."""
        return [
            i
            for i, (a, b) in enumerate(zip(self.was.good, self.now.good, strict=True))
            if b and not a
        ]


@dataclass
class Bench:
    """Where repairs are tried."""

    program: Program
    captured: Capture
    judgement: Judgement
    most: int = MOST_TRIED  # repairs tried before the search is given up
    tried: int = 0
    passes: int = 0
    deadline: float = 0.0  # a safety net in this process's own time, far beyond what is usual
    rate: float | None = None  # the learning rate, where it is known
    nominal: float | None = None  # the factor that the printed cost leads to
    usual: set[int] = field(default_factory=set)  # parameters whose update line names a rate
    excused: dict[int, float] = field(default_factory=dict)  # factors that may differ
    decaying: set[int] = field(default_factory=set)  # no penalty of theirs is in any number
    order: dict[int, int] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)  # lines of repairs that stand
    light: bool = False  # record only what is assigned and returned

    def __post_init__(self) -> None:
        self.tree = self.program.source.tree
        self.deadline = time.process_time() + _NET

    # -- running a mended program ---------------------------------------------------------------

    def mended(self, line: int) -> Mended | None:
        """Compile what stands on a line now (and on lines mended before), and only that."""
        loop = self.captured.loop
        lines = {line, *self.made}
        changed = [
            node
            for node in self.tree.body
            if any(node.lineno <= n <= (node.end_lineno or node.lineno) for n in lines)
        ]
        try:
            made = self.program.instrument(ast.Module(changed, []), light=self.light)
            code = compile_program(made, self.program.filename)
            twin = next((x for x in made.loops if x.line == loop.line), None)
            step = self.captured.subject.step
            if twin is not None:
                step = compile_step(twin, self.program.filename, self.captured.names)
        except (SyntaxError, ValueError, TypeError, AttributeError):
            return None
        return Mended(step, codes_of(code))

    def run(self, mended: Mended, states: list[int]) -> list[Outcome] | None:
        """Run the mended pass from some states; None where it fails."""
        try:
            out = [self.captured.subject.run(state, mend=mended) for state in states]
        except Exception:  # noqa: BLE001 - most suspects are wrong, and many cannot run
            return None
        self.passes += len(states)
        return out

    @property
    def over(self) -> bool:
        """Whether the search has used up what it may try."""
        return self.tried >= self.most or time.process_time() > self.deadline

    @property
    def buffered(self) -> bool:
        """Whether some update rule keeps buffers, so that all states are needed to see it."""
        return bool(self.judgement.carried.buffers)

    def views(self, outcomes: dict[int, Outcome], line: int = 0) -> list[Judged]:
        """Take the parameters' updates in a mended program, whose line `line` was changed."""
        measured = self.judgement.measured
        bases = [outcomes.get(i, base) for i, base in enumerate(measured.bases)]
        fixed = set(probe.constants(measured))
        twin = replace(measured, bases=bases, updates=[], reached=set(measured.reached))
        twin.reached |= {k for k in bases[0].trace.events if k not in fixed}
        probe._updates(twin, bases)  # noqa: SLF001 - one room
        known = (
            {}
            if self._rule_touched(line)
            else {
                j.index: j.view
                for j in self.judgement.parameters
                if j.view.key is not None and not self._shared(j.view)
            }
        )
        return judging.views(twin, self.judgement.carried, known)

    def _shared(self, view: View) -> bool:
        """Tell whether another array of the same name is equal to a view's own for now."""
        key = view.key
        events = self.judgement.measured.bases[0].trace.events
        return key is not None and any(
            other != key and other[:2] == key[:2] and same(event.value, events[key].value)
            for other, event in events.items()
        )

    def _rule_touched(self, line: int) -> bool:
        """Tell whether a change stands where a parameter or a buffer is written."""
        if line == 0:
            return False
        measured = self.judgement.measured
        finals = [
            value
            for path, value in measured.bases[0].after.items()
            if path in self.judgement.carried.buffers and value is not None
        ]
        return line in {p.line for p in measured.parameters} or any(
            event.key[0] == line and any(same(event.value, f) for f in finals)
            for event in measured.bases[0].trace.events.values()
        )

    # -- scoring --------------------------------------------------------------------------------

    def standing(
        self, judged: list[Judged], aim: Candidate, states: set[int] | None = None
    ) -> Standing:
        """Say which parameters descend an aim with one common factor."""
        fits = [_fit(j, aim, states) for j in judged]
        tolerance = fit.EXACT if states is None else 1e-4
        slack = aim.slack or [0.0] * len(judged)
        if states is None and aim.kind == "loss" and self.judgement.varying:
            fits = [self._by_pass(f, j, aim) for f, j in zip(fits, judged, strict=True)]
        exact = [
            f.residual < tolerance + s and not j.still
            for f, j, s in zip(fits, judged, slack, strict=True)
        ]
        if aim.kind == "scalar":
            exact = [
                e and (not (f.l2 or f.l1) or (i in self.decaying and f.l2 * f.factor >= 0))
                for i, (e, f) in enumerate(zip(exact, fits, strict=True))
            ]
        else:
            exact = [e and f.l2 * f.factor >= 0 for e, f in zip(exact, fits, strict=True)]
        # What is cut off at some size, or is a sign, has a size of its own: no common factor.
        cut = [j.view.rule == updates.CLIPPED for j in judged]
        factors = [
            (f.factor, i in self.usual)
            for i, (f, e) in enumerate(zip(fits, exact, strict=True))
            if e and (all(cut) or not cut[i])
        ]
        common = _common(factors, self.rate if aim.kind == "scalar" else self.nominal)
        good = [
            e
            and f.factor > 0
            and (
                cut[i] or _alike(f.factor, common * self.excused.get(i, 1.0), tolerance + slack[i])
            )
            for i, (f, e) in enumerate(zip(fits, exact, strict=True))
        ]
        return Standing(good, fits, common)

    def _by_pass(self, found: Fit, judged: Judged, aim: Candidate) -> Fit:
        """Let the factor change from pass to pass, where it does for the unchanged program."""
        if found.exact:
            return found
        freer = fit.by_pass(judged.projected, aim.along[judged.index], judged.states)
        return freer if freer.exact else found

    def untouched(self, outcomes: list[Outcome], aim: Candidate) -> bool:
        """Tell whether the aim's own array is what it was: the forward pass was left alone."""
        for state, outcome in enumerate(outcomes):
            if aim.key is None:
                return True
            base = self.judgement.measured.bases[state]
            if not same(base.trace.value(aim.key), outcome.trace.value(aim.key)):
                return False
        return True

    # -- searching ------------------------------------------------------------------------------

    def search(self, scene: Scene, aims: list[Candidate]) -> list[Attempt]:
        """Find the repair, or up to three repairs one after the other, that mend the most."""
        found: list[Attempt] = []
        judged = self.judgement.parameters
        self.order = {place.statement.lineno: i for i, place in enumerate(scene.places)}
        kinds = {e.site.kind for a in aims if a.key and (e := self.judgement.measured.event(a.key))}
        for view in (j.view for j in self.judgement.parameters):
            event = self.judgement.measured.event(view.key) if view.key else None
            kinds |= {event.site.kind} if event is not None else set()
        unknown = any(j.view.rule == "unknown" for j in self.judgement.parameters)
        self.light = not unknown and kinds <= {"assign", "return"}
        for _ in range(3):
            best = self._round(scene, aims, judged)
            if best is None:
                best = self._behind_order(scene, aims, judged, found)
            if best is None:
                break
            found.append(best)
            aims = [best.aim]
            best.edit.make()
            self.made.append(best.edit.line)
            outcomes = self.run(best.mended, list(range(len(self.judgement.measured.bases))))
            if outcomes is None or best.now.count == len(judged):
                break
            judged = self.views(dict(enumerate(outcomes)))
        for attempt in reversed(found):
            attempt.edit.take_back()
        self.made.clear()
        return found

    def _round(self, scene: Scene, aims: list[Candidate], judged: list[Judged]) -> Attempt | None:
        was = [self.standing(judged, aim) for aim in aims]
        quick = [self.standing(judged, aim, {0}) for aim in aims]
        near = bearing.narrowed(self, scene, [standing.good for standing in was])
        offers: list[Attempt] = []
        seen: set[str] = set()
        only_factors = all(
            good or fit.exact for good, fit in zip(was[0].good, was[0].fits, strict=True)
        )
        for family in _FACTORS if only_factors else FAMILIES:
            for edit in family(scene if family in _WHOLE else near):
                if self.over:
                    break
                attempt = self._try(edit, aims, was, quick, seen)
                if attempt is not None:
                    offers.append(attempt)
                    if edit.code == order.CODE and attempt.now.count == len(judged):
                        return attempt
            if any(a.now.count == len(judged) for a in offers):
                break
        if not offers:
            return None
        rank = {id(aim): i for i, aim in enumerate(aims)}
        return min(
            offers,
            key=lambda a: (
                -a.now.count,
                rank[id(a.aim)],
                -self._sisters(a),
                a.edit.cost,
                abs(len(a.after) - len(a.edit.old_text)),
                -a.place,
            ),
        )

    def _sisters(self, attempt: Attempt) -> int:
        """Count other lines that read like the mended one but for their numbers."""
        wanted = _plain(attempt.after)
        lines = enumerate(self.program.source.lines, start=1)
        return sum(_plain(line) == wanted for n, line in lines if n != attempt.edit.line)

    def _try(
        self,
        edit: Edit,
        aims: list[Candidate],
        was: list[Standing],
        quick: list[Standing],
        seen: set[str],
    ) -> Attempt | None:
        before = self.program.source.line(edit.line)
        with edit:
            after = edit.new_text
            mark = f"{edit.line}:{after}:{edit.note if edit.note in _NO_TEXT else chr(45)}"
            if mark in seen:
                return None
            seen.add(mark)
            self.tried += 1
            mended = self.mended(edit.line)
            if mended is None:
                return None
            every = list(range(len(self.judgement.measured.bases)))
            first = self.run(mended, every if self.buffered else [0])
            if first is None:
                return None
            judged = self.views(dict(enumerate(first)), edit.line)
            hopeful = [
                i
                for i, aim in enumerate(aims)
                if self.standing(judged, aim, {0}).count > quick[i].count
                and self.untouched(first, aim)
            ]
            if not hopeful:
                return None
            rest = self.run(mended, every[len(first) :])
            if rest is None:
                return None
            outcomes = [*first, *rest]
            judged = self.views(dict(enumerate(outcomes)), edit.line)
            for i in hopeful:
                now = self.standing(judged, aims[i])
                kept = _kept(was[i], now)
                if now.count > was[i].count and kept and self.untouched(outcomes, aims[i]):
                    made = Attempt(
                        edit,
                        before,
                        after,
                        aims[i],
                        was[i],
                        now,
                        mended,
                        edit.other_line,
                        self.order.get(edit.line, 0),
                    )
                    best = self.judgement.best
                    if best is not None:
                        fits = self.standing(judged, best).fits
                        made.refined = [f.residual for f in fits]
                    return made
        return None

    def _behind_order(
        self, scene: Scene, aims: list[Candidate], judged: list[Judged], found: list[Attempt]
    ) -> Attempt | None:
        """Two faults on one path hide each other: mend the order first, then look again."""
        if any(a.edit.code == order.CODE for a in found):
            return None
        for edit in order.suspects(scene):
            if not edit.other_line or self.over:
                continue
            before = self.program.source.line(edit.line)
            with edit:
                after = edit.new_text
                mended = self.mended(edit.line)
                outcomes = (
                    self.run(mended, list(range(len(self.judgement.measured.bases))))
                    if mended
                    else None
                )
                if mended is None or outcomes is None:
                    continue
                moved = self.views(dict(enumerate(outcomes)))
                self.made.append(edit.line)
                second = self._round(scene, aims, moved)
                self.made.pop()
            if second is not None:
                was = self.standing(judged, second.aim)
                first = Attempt(
                    edit, before, after, second.aim, was, second.was, mended, edit.other_line
                )
                return first  # noqa: RET504 - named for the reader
        return None


def _kept(was: Standing, now: Standing) -> bool:
    """Tell whether all that was good is good still, with the factor that it had."""
    return all(
        not a or (b and _alike(new.factor, old.factor, 1e-6))
        for a, b, old, new in zip(was.good, now.good, was.fits, now.fits, strict=True)
    )


def _plain(line: str) -> str:
    return re.sub(r"\d+|\s+|['\"]", "", line)


def _fit(judged: Judged, aim: Candidate, states: set[int] | None) -> Fit:
    if states is None:
        return judging.fitted(judged, aim)
    if aim.kind == "scalar":
        rows = judged.states == 0
        return fit.plain(judged.projected[rows], aim.along[judged.index][rows])
    rows = np.isin(judged.states, list(states))
    part = Judged(
        judged.index,
        judged.view,
        judged.projected[rows],
        judged.weights[rows],
        judged.signs[rows],
        judged.states[rows],
        [w[rows] for w in judged.partial],
    )
    along = list(aim.along)
    along[judged.index] = along[judged.index][rows]
    return judging.fitted(part, replace(aim, along=along))


def _alike(factor: float, wanted: float, tolerance: float) -> bool:
    return abs(factor - wanted) <= max(_SAME_FACTOR, tolerance) * abs(wanted)


def _common(factors: list[tuple[float, bool]], nominal: float | None) -> float:
    """Give the factor that most parameters share; in a tie, that of updates which name a rate."""
    best, score = 1.0, (-1.0, False, False, False, 0.0)
    for factor, usual in factors:
        close = sum(abs(f - factor) <= _SAME_FACTOR * abs(factor) for f, _ in factors)
        expected = nominal is not None and _alike(factor, nominal, 1e-4)
        mark = (close + 1.5 * expected, factor > 0, expected, usual, -abs(factor))
        if mark > score:
            best, score = factor, mark
    return best


def residual(standing: Standing, index: int) -> float:
    """Give what is left of one parameter's update."""
    return standing.fits[index].residual


__all__ = ["Any", "Attempt", "Bench", "Standing"]
