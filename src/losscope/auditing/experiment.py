"""Seek the cause by experiment: mend one line, run the pass again, see what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from losscope.auditing import bearing, choice
from losscope.auditing.bench import MOST_TRIED, Look, Tries
from losscope.auditing.candidates import Candidate
from losscope.auditing.causes import (
    accumulated,
    beside,
    bodies,
    counted,
    derivative,
    formed,
    jacobian,
    names,
    order,
    output,
    passed,
    penalty,
    reduction,
    removed,
    scale,
    sign,
    single,
    sisters,
    transposed,
    uncalled,
)
from losscope.auditing.causes.edit import Edit
from losscope.auditing.causes.places import Scene
from losscope.auditing.judge import Judged
from losscope.auditing.mending import Mender, Watched
from losscope.auditing.standing import Standing, kept


def _other_slopes(scene: Scene) -> Iterator[Edit]:
    """Offer one factor less, or the slope of another loss: either may be what was meant."""
    yield from derivative.without(scene)
    yield from output.suspects(scene)


Family = Callable[[Scene], Iterator[Edit]]
FAMILIES: tuple[Family, ...] = (
    order.suspects,
    sign.suspects,
    reduction.suspects,
    jacobian.suspects,
    bodies.suspects,
    names.gradients,
    names.whole,
    counted.shifted,
    names.unwrapped,
    formed.instead,
    _other_slopes,
    beside.suspects,
    sisters.suspects,
    uncalled.suspects,
    names.suspects,
    formed.suspects,
    derivative.known,
    passed.suspects,
    single.suspects,
    derivative.suspects,
    penalty.suspects,
    transposed.suspects,
    accumulated.suspects,
    accumulated.parts,
    scale.suspects,
    removed.suspects,
    bodies.others,
    derivative.for_calls,
)
_LAST = (bodies.others, derivative.for_calls)  # looked at where nothing else helps
_WHOLE = (order.suspects, removed.suspects)  # these change more than one statement's value
_FACTORS = (sign.suspects, reduction.suspects, scale.suspects, penalty.suspects, names.suspects)
_NO_TEXT = ("moved", "kept", "left out")  # edits that a statement does not show


def _only_sizes(standing: Standing) -> bool:
    """Tell whether all updates follow the aim, and some are only of another size or sign."""
    every = zip(standing.good, standing.fits, strict=True)
    return all(good or (fit.exact and fit.shrinks) for good, fit in every)


def _paces_differ(standing: Standing) -> bool:
    """Tell whether some factors go with the batch's size, which one pass cannot show."""
    return len({fit.paced for fit in standing.fits if fit.exact}) > 1


@dataclass
class Attempt:
    """One repair that helped."""

    edit: Edit
    before: str
    after: str
    aim: Candidate
    was: Standing
    now: Standing
    other_line: int = 0
    place: int = 0  # how late in the pass the line runs
    refined: list[float] | None = None  # what is left of each parameter beside the known loss
    behind: int = 0  # line of the repair without which this one shows nothing

    @property
    def mends_all(self) -> bool:
        """Whether every parameter descends the aim with this repair."""
        return all(self.now.good)

    @property
    def healed(self) -> list[int]:
        """Parameters that descend the aim now and did not before."""
        return [
            i
            for i, (a, b) in enumerate(zip(self.was.good, self.now.good, strict=True))
            if b and not a
        ]


@dataclass
class Bench(Tries):
    """Tries repairs, and keeps those that help."""

    order: dict[int, int] = field(default_factory=dict)  # how late in the pass a line runs
    soon: bool = True  # whether one pass can show that a repair helps
    seen: set[str] = field(default_factory=set)  # what this round has tried

    def search(self, scene: Scene, aims: list[Candidate]) -> list[Attempt]:
        """Find the repair, or up to three repairs one after the other, that mend the most."""
        found: list[Attempt] = []
        if self.over:
            return found
        judged = self.judgement.parameters
        self.order = {place.statement.lineno: i for i, place in enumerate(scene.places)}
        self._watch(aims)
        for _ in range(3):
            more = self._next(scene, aims, judged, found)
            if not more:
                break
            found += more
            aims = [more[-1].aim]
            for attempt in more:
                attempt.edit.make()
                self.made.append(attempt.edit.line)
            left = more[-1].now.count < len(judged)
            look = self.look(more[-1].edit.line) if left else None
            if look is None:
                break
            judged = look.judged
        for attempt in reversed(found):
            attempt.edit.take_back()
        self.made.clear()
        return found

    def _next(
        self, scene: Scene, aims: list[Candidate], judged: list[Judged], found: list[Attempt]
    ) -> list[Attempt]:
        """Find the next repair, or two that mend together: one of the order, one behind it.

        At first a single repair is sought; what it leaves is quicker found behind the order.
        """
        if found:
            behind = self._behind_order(scene, aims, judged, found)
            if behind:
                return behind
        best = self._round(scene, aims, judged)
        if best is not None:
            return [best]
        return [] if found else self._behind_order(scene, aims, judged, found)

    def _round(self, scene: Scene, aims: list[Candidate], judged: list[Judged]) -> Attempt | None:
        scene = replace(scene, places=[place for place in scene.places if place.stands])
        self.seen = set()
        was = [self.standing(judged, aim) for aim in aims]
        self.soon = not any(_paces_differ(standing) for standing in was)
        quick = [self.standing(judged, aim, first=self.soon) for aim in aims]
        near = bearing.narrowed(self, scene, [standing.good for standing in was])
        families = _FACTORS if _only_sizes(was[0]) else FAMILIES
        offers: list[Attempt] = []
        for part in self._in_turn(near, families):
            offers += self._offers(scene, part, families, lambda e: self._try(e, aims, was, quick))
            if any(a.mends_all for a in offers):
                break
        if not offers:
            return None
        rank = {id(aim): i for i, aim in enumerate(aims)}
        likely = choice.order(self.program.source, offers, self._target(was))
        return min(
            offers,
            key=lambda a: (
                -a.now.count,
                rank[id(a.aim)],
                not self.expects(a.aim, a.now),
                likely(a),
            ),
        )

    def _offers(
        self,
        scene: Scene,
        part: Scene,
        families: tuple[Family, ...],
        helps: Callable[[Edit], Attempt | None],
    ) -> list[Attempt]:
        """Try one family after the other, until a repair mends all; list those that help."""
        offers: list[Attempt] = []
        healed: set[int] = set()
        near = part
        for family in families:
            for edit in family(scene if family in _WHOLE else near):
                if self.over or (offers and family in _LAST):
                    break
                attempt = helps(edit)
                if attempt is None:
                    continue
                offers.append(attempt)
                if attempt.mends_all and edit.code == order.CODE:
                    return [attempt]
            if any(a.mends_all for a in offers):
                break
            if not healed.issuperset(i for a in offers for i in a.healed):
                healed.update(i for a in offers for i in a.healed)
                near = bearing.around(self, part, healed)
        return offers

    def _in_turn(self, near: Scene, families: tuple[Family, ...]) -> list[Scene]:
        """Leave the lines of a known rule for last: there a try takes long, and the rule is right.

        Where all follow the aim but for a size or a sign, these are the lines to look at.
        """
        rules = [j.view.key is not None for j in self.judgement.parameters]
        late = [p for p in near.places if self.fresh.touches_rule(p.statement.lineno)]
        if not (self.fresh.ruled and late and all(rules)) or families is _FACTORS:
            return [near]
        return [replace(near, places=[p for p in near.places if p not in late]), near]

    def _target(self, was: list[Standing]) -> str:
        """Name the target of what is descended, where no parameter follows what is wanted."""
        best = self.judgement.best
        return best.target if best is not None and not any(s.count for s in was) else ""

    def _try(
        self,
        edit: Edit,
        aims: list[Candidate],
        was: list[Standing],
        quick: list[Standing],
    ) -> Attempt | None:
        before = self.program.source.line(edit.line)
        with edit:
            after = edit.new_text
            mark = f"{edit.line}:{after}:{edit.note if edit.note in _NO_TEXT else chr(45)}"
            if mark in self.seen:
                return None
            self.seen.add(mark)
            self.tried += 1
            look = self.look(edit.line, first=self.soon, changed=edit.line)
            if look is None:
                return None
            counts = [min(a.count, b.count) for a, b in zip(quick, was, strict=True)]
            hopeful = [i for i, a in enumerate(aims) if self._hopeful(look, a, counts[i])]
            whole = self.on(look, edit.line, edit.line) if hopeful else None
            made = None
            for i in hopeful if whole is not None else ():
                if whole is not None and self._helps(whole, aims[i], was[i]):
                    one = self._attempt(edit, (before, after), aims[i], was[i], whole)
                    made = one if made is None or one.now.count > made.now.count else made
        self.forget([*look.judged, *(whole.judged if whole is not None else ())])
        return made

    def _hopeful(self, look: Look, aim: Candidate, count: int) -> bool:
        """Tell whether a repair seems to help, from the first state alone where that can show."""
        now = self.standing(look.judged, aim, first=self.soon)
        return now.count > count and self.untouched(look.outcomes, aim)

    def _helps(self, look: Look, aim: Candidate, was: Standing) -> bool:
        now = self.standing(look.judged, aim)
        return now.count > was.count and kept(was, now) and self.untouched(look.outcomes, aim)

    def _attempt(
        self, edit: Edit, texts: tuple[str, str], aim: Candidate, was: Standing, look: Look
    ) -> Attempt:
        now = self.standing(look.judged, aim)
        late = self.order.get(edit.line, 0)
        made = Attempt(edit, *texts, aim, was, now, edit.other_line, late)
        best = self.judgement.best
        if best is not None:
            made.refined = [f.residual for f in self.standing(look.judged, best).fits]
        return made

    def _behind_order(
        self, scene: Scene, aims: list[Candidate], judged: list[Judged], found: list[Attempt]
    ) -> list[Attempt]:
        """Two faults on one path hide each other: mend the order first, then look again."""
        was = self.standing(judged, aims[0])
        if _only_sizes(was) or any(a.edit.code == order.CODE for a in found):
            return []
        wrong = [i for i, good in enumerate(was.good) if not good]
        for edit in order.suspects(scene):
            if not edit.other_line or self.over:
                continue
            before = self.program.source.line(edit.line)
            with edit:
                after = edit.new_text
                look = self.look(edit.line)
                if look is None or all(look.judged[i] is judged[i] for i in wrong):
                    continue
                if not kept(was, self.standing(look.judged, aims[0])):
                    continue  # it breaks what was right
                self.made.append(edit.line)
                second = self._round(scene, aims, look.judged)
                self.made.pop()
            if second is not None:
                return self._joined(edit, (before, after), judged, second)
        return []

    def _joined(
        self, edit: Edit, texts: tuple[str, str], judged: list[Judged], second: Attempt
    ) -> list[Attempt]:
        """Keep a repair of the order only where the one behind it does not heal without it."""
        was = self.standing(judged, second.aim)
        with second.edit:
            alone = self.look(second.edit.line)
        if alone is not None and self._helps(alone, second.aim, was):
            now = self.standing(alone.judged, second.aim)
            if all(now.good[i] for i in second.healed):
                return [replace(second, was=was, now=now)]
        first = Attempt(edit, *texts, second.aim, was, second.now, edit.other_line)
        return [replace(first, behind=second.edit.line), second]

    def _watch(self, aims: list[Candidate]) -> None:
        """Choose what the tried programs record."""
        events = [self.judgement.measured.event(aim.key) for aim in aims if aim.key]
        views = [j.view for j in self.judgement.parameters]
        events += [self.judgement.measured.event(view.key) for view in views if view.key]
        kinds = {event.site.kind for event in events if event is not None}
        unknown = any(view.rule == "unknown" for view in views)
        light = not unknown and kinds <= {"assign", "return"}
        self.wholly = Mender(self.program, self.captured, Watched(light))
        places = self.fresh.places(aims)
        only = Watched(only=places) if places is not None else None
        self.partly = Mender(self.program, self.captured, only) if only is not None else None


__all__ = ["MOST_TRIED", "Attempt", "Bench", "Standing"]
