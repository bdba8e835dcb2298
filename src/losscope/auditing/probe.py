"""Measure how a pass answers to small moves of each parameter.

For each parameter a few directions are tried, twice each (forwards and backwards).  All values
that could be a prediction or a cost are kept, so one set of runs serves every candidate loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscope.auditing import flat
from losscope.auditing.leaves import Path, same
from losscope.auditing.parameters import MOVE, Carried, Parameter, reached, scale_of
from losscope.auditing.recorder import ALL, Event, Key
from losscope.auditing.step import Outcome, Subject

Array = np.ndarray[Any, Any]

BUDGET = 50  # passes for each parameter, and for each tried repair
_SMOOTH, _KINKED = 1e-5, 5e-7  # by how much a move should change what it reaches, relatively
_STEPS, _RETRIES = 30.0, 2  # a move that crosses a kink is tried again, so much smaller
_BENT = 1e-4  # second difference against first, above which a kink lies between
_ENOUGH = 4  # directions that tell as much as more of them
_NOISY = 3e-8  # rounding against first difference, above which a larger move is tried
_NIL = 1e-13  # of the typical array: what is smaller is a sum of which nothing is left
_DROWNED, _FURTHEST = 1e-5, 1e6  # above this rounding is all that is seen; the boldest next move
_MOST_STACKED = 400_000  # numbers laid on top of each other
_MOST_STACKED_ALONE, _MOST_ALONE = 6, 24  # values of one place that also count one by one
_MEMORY = 100_000_000  # numbers kept over all directions


@dataclass
class Direction:
    """One direction of one parameter from one state, and what answered to it."""

    parameter: int
    state: int
    unit: Array
    answers: dict[Key, Array]  # d(value)/d(step along `unit`)
    turned: Array  # d(update)/d(step along `unit`), for the symmetry test
    step: float = 1.0  # how far it was moved
    bend: float = 0.0  # second difference against first: large where a kink was crossed


@dataclass
class Measurement:
    """All directions of all parameters, with the plain passes that they were measured around."""

    parameters: list[Parameter]
    bases: list[Outcome]
    starts: list[dict[Path, Array]]
    directions: list[Direction] = field(default_factory=list)
    reached: set[Key] = field(default_factory=set)
    updates: list[list[Array]] = field(default_factory=list)  # [parameter][state]: after − before
    kinked: bool = False
    runs: int = 0
    reach: list[float] = field(default_factory=list)  # a move of this size changes values by 100 %
    spent: list[int] = field(default_factory=list)  # passes run for each parameter
    planned: list[int] = field(default_factory=list)  # directions for each parameter
    _by_parameter: list[list[Direction]] = field(default_factory=list)

    def of(self, parameter: int) -> list[Direction]:
        """List the directions of one parameter."""
        if len(self._by_parameter) != len(self.parameters):
            self._by_parameter = [
                [d for d in self.directions if d.parameter == i]
                for i in range(len(self.parameters))
            ]
        return self._by_parameter[parameter]

    def event(self, key: Key, state: int = 0) -> Event | None:
        """Give a recorded value of a plain pass."""
        return self.bases[state].trace.events.get(key)

    def examples(self, shape: tuple[int, ...]) -> int:
        """Tell how many examples an array of predictions holds, whichever way it lies."""
        if len(shape) < 2:
            return shape[0] if shape else 1
        widths = {n for p in self.parameters for n in p.shape}
        first, last = shape[0], shape[-1]
        if (first in widths) != (last in widths):
            return last if first in widths else first
        return max(shape)

    def along(self, parameter: int, gradients: Sequence[Array]) -> Array:
        """Project one array a state (shaped as the parameter) on the parameter's directions."""
        return np.array([float(np.vdot(gradients[d.state], d.unit)) for d in self.of(parameter)])


def measure(
    subject: Subject,
    starts: list[dict[Path, Array]],
    bases: list[Outcome],
    carried: Carried,
    *,
    kinked: bool,
    seed: int = 11,
) -> Measurement:
    """Run the passes and keep the answers; at most BUDGET passes for each parameter."""
    out = Measurement(carried.parameters, bases, starts, kinked=kinked)
    for moved in carried.moves:
        out.reached |= reached(bases[0], moved)
    out.reach = [
        _reach(out, parameter, moved)
        for parameter, moved in zip(carried.parameters, carried.moves, strict=True)
    ]
    _updates(out, bases)
    _stack(out)
    _thin(out)
    keep = _worth_keeping(out)
    random = np.random.default_rng(seed)
    states = _states_used(out, keep)
    out.spent = [1] * len(carried.parameters)
    out.planned = [states * min(p.size, max(2, 18 // states)) for p in carried.parameters]
    for index, parameter in enumerate(carried.parameters):
        for state in range(states):
            for unit in _units(parameter, states, random):
                direction = _answer(subject, out, index, state, unit, keep)
                if direction is not None:
                    out.directions.append(direction)
        straighten(out, index)
    return out


def straighten(out: Measurement, index: int) -> None:
    """Leave out directions in which a kink could not be avoided, where enough others are left."""
    own = [d for d in out.directions if d.parameter == index]
    bent = [d for d in own if d.bend >= _BENT]
    if bent and len(own) - len(bent) >= _ENOUGH:
        out.directions = [d for d in out.directions if not any(d is b for b in bent)]


def _reach(out: Measurement, parameter: Parameter, moved: Outcome) -> float:
    """Extrapolate, from one small move, the size of move that changes values by all they are."""
    start = parameter.starts[0]
    size = MOVE * scale_of(start)
    changes = []
    for key in reached(out.bases[0], moved):
        event, twin = out.event(key), moved.trace.value(key)
        if event is None or twin is None or twin.shape != event.value.shape:
            continue
        if event.value.shape == start.shape and event.site.kind == "assign":
            continue
        whole = float(np.linalg.norm(event.value))
        if whole > 0:
            changes.append(float(np.linalg.norm(twin - event.value)) / whole)
    # where a kink may be near, what answers most strongly is the measure: it must not cross
    typical = float((np.max if out.kinked else np.median)(changes)) if changes else 0.0
    if not np.isfinite(typical) or typical < 1e-12:
        return scale_of(start)
    return float(np.clip(size / typical, 1e-3 * scale_of(start), 1e4 * scale_of(start)))


def _updates(out: Measurement, bases: list[Outcome]) -> None:
    for parameter in out.parameters:
        rows = []
        for state, base in enumerate(bases):
            after = base.after.get(parameter.path)
            start = parameter.starts[state]
            fits = after is not None and after.shape == start.shape
            rows.append(
                after - start if fits and after is not None else np.full(start.shape, np.nan)
            )
        out.updates.append(rows)


def _stack(out: Measurement) -> None:
    """Where a pass goes through its examples one by one, lay what each gives on top of another."""
    first = out.bases[0].trace
    if any(base.trace.cut for base in out.bases):
        return
    places: dict[tuple[int, str], list[Event]] = {}
    for key, event in first.events.items():
        if event.site.kind != "print":
            places.setdefault(key[:2], []).append(event)
    room = _MOST_STACKED
    for (line, name), events in places.items():
        room -= sum(e.value.size for e in events) if len(events) > 1 else 0
        key = (line, name, ALL)
        values = [base.trace.value(key) for base in out.bases]
        if len(events) < 2 or room < 0 or any(v is None for v in values):
            continue
        if any(event.key in out.reached for event in events):
            out.reached.add(key)
        for base, value in zip(out.bases, values, strict=True):
            last = max(e.order for e in events)
            assert value is not None
            base.trace.events[key] = Event(key, events[-1].site, value, last)


def _thin(out: Measurement) -> None:
    """Leave out the middle of what a place takes in turn, where it takes very many values.

    The examples of a batch, or the steps of a sequence, are compared where they are laid on top of
    each other (`_stack`); alone, the first and the last ones stand for all.
    """
    places: dict[tuple[int, str], list[Key]] = {}
    for key in out.bases[0].trace.events:
        if key[2] != ALL:
            places.setdefault(key[:2], []).append(key)
    for place, keys in places.items():
        most = _MOST_STACKED_ALONE if (*place, ALL) in out.bases[0].trace.events else _MOST_ALONE
        for key in keys[most // 3 : len(keys) - (most - most // 3)] if len(keys) > most else ():
            out.reached.discard(key)
            for base in out.bases:
                base.trace.events.pop(key, None)


def _states_used(out: Measurement, keep: set[Key]) -> int:
    """Use few states where one holds many examples, all of them where a pass sees one example."""
    sizes = [e.value.size for k in keep if (e := out.event(k)) is not None]
    wide = max(sizes, default=1) >= 24 and len(out.bases) > 3
    small = any(parameter.size == 1 for parameter in out.parameters)
    return min(len(out.bases), 6 if small or not wide else 3)


def _units(parameter: Parameter, states: int, random: np.random.Generator) -> list[Array]:
    """Choose directions: each entry alone for a small parameter, else random ones."""
    count = max(2, 18 // states)
    if parameter.size <= count:
        return [unit.reshape(parameter.shape) for unit in np.eye(parameter.size)]
    return [random.normal(size=parameter.shape) for _ in range(count)]


def _worth_keeping(out: Measurement) -> set[Key]:
    """Choose the values to keep: those that answer at all; fewer where they are large."""
    shapes = {p.shape for p in out.parameters}
    keys = []
    for key in out.reached:
        event = out.event(key)
        if (event is not None and event.value.shape not in shapes) or event is not None:
            keys.append((key, event))
    total = sum(e.value.size for _, e in keys) * 18 * max(1, len(out.parameters))
    if total > _MEMORY:
        keys = [(k, e) for k, e in keys if e.site.kind in ("assign", "return") or e.value.size == 1]
    return {key for key, _ in keys}


def _answer(  # noqa: PLR0917 - the parts of one record
    subject: Subject, out: Measurement, index: int, state: int, unit: Array, keep: set[Key]
) -> Direction | None:
    """Measure one direction, with a move that crosses no kink and drowns in no rounding."""
    base = out.bases[state]
    step = (_KINKED if out.kinked else _SMOOTH) * out.reach[index]
    best: tuple[float, float, float, Outcome, Outcome] | None = None
    bent_at = np.inf
    for _ in range(_RETRIES + 1):
        pair = _there_and_back(subject, out, index, state, step * unit, keep)
        if pair is None:
            return None
        bend, noise = _bend(base, *pair)
        if best is None or max(bend, noise) < best[0]:
            best = max(bend, noise), bend, step, *pair
        spent = out.spent[index] + 2 * _left(out, index) >= BUDGET
        if spent or (bend < _BENT and noise < _NOISY):
            break
        if bend >= _BENT and noise <= _DROWNED:
            bent_at = min(bent_at, step)
        step *= _other_step(bend, noise)
        if step >= bent_at:
            break  # a kink lies there
    assert best is not None
    _, bend, step, ahead, behind = best
    out.reach[index] = step / (_KINKED if out.kinked else _SMOOTH)  # for the next direction
    answers: dict[Key, Array] = {}
    for block in flat.blocks(keep, ahead.trace, behind.trace):
        front, back = block.rows
        with np.errstate(all="ignore"):
            answers.update(block.parts((front - back) / (2 * step)))
    path = out.parameters[index].path
    a, b = ahead.after.get(path), behind.after.get(path)
    turned = np.zeros(unit.shape)
    if a is not None and b is not None and a.shape == b.shape == unit.shape:
        turned = (a - b) / (2 * step) - unit
    return Direction(index, state, unit, answers, turned, step, bend)


def _other_step(bend: float, noise: float) -> float:
    """Say how much larger or smaller the next move should be: rounding shrinks as a move grows."""
    if noise > _DROWNED:  # what bends there is rounding, too
        return min(noise / _NOISY, _FURTHEST)
    return 1 / _STEPS if bend >= _BENT else _STEPS


def _there_and_back(  # noqa: PLR0917 - the parts of one record
    subject: Subject, out: Measurement, index: int, state: int, move: Array, keep: set[Key]
) -> tuple[Outcome, Outcome] | None:
    path = out.parameters[index].path
    try:
        ahead = subject.run(state, {path: move}, keep)
        behind = subject.run(state, {path: -move}, keep)
    except Exception:  # noqa: BLE001 - a move may leave the domain of the program
        return None
    out.runs += 2
    out.spent[index] += 2
    return ahead, behind


def _left(out: Measurement, index: int) -> int:
    """Count the directions of a parameter that are still to be measured."""
    return max(0, out.planned[index] - sum(d.parameter == index for d in out.directions))


def _bend(base: Outcome, ahead: Outcome, behind: Outcome) -> tuple[float, float]:
    """Measure second differences against first ones: at a kink, and as rounding leaves them.

    Gives the largest such ratio that rounding cannot explain (a relu or an absolute value lies
    within the move), and the share of rounding in the typical array.
    """
    bend, noises = 0.0, []
    blocks = list(flat.blocks(ahead.trace.events, ahead.trace, behind.trace, base.trace))
    sizes = [block.largest(np.abs(block.rows[2])) for block in blocks]
    usual = float(np.median(np.concatenate(sizes))) if sizes else 0.0
    for block, size in zip(blocks, sizes, strict=True):
        front, back, here = block.rows
        with np.errstate(all="ignore"):
            first = block.largest(np.abs(front - back))
            second = block.largest(np.abs(front + back - 2 * here))
            rounding = 4e-16 * size
            seen = np.isfinite(second) & (first > 0)
            seen &= (first > _NIL * usual) | (size > _NIL * usual)  # what cancels is rounding only
            noises.append((rounding / first)[seen])
            bends = (second / first)[seen & (second > 100 * rounding)]
        bend = max(bend, float(bends.max(initial=0.0)))
    noise = np.concatenate(noises) if noises else np.zeros(0)
    return bend, float(np.median(noise)) if noise.size else 0.0


def asymmetry(measured: Measurement, index: int) -> float | None:
    """Measure how far the update is from being the gradient of any function of one parameter.

    The derivative of a gradient is symmetric: u·(J v) = v·(J u).  Gives the typical difference of
    the two, relative to their size; None where there are too few directions to tell.
    """
    differences, sizes = [], []
    found = measured.of(index)
    for i, one in enumerate(found):
        for two in found[:i]:
            if one.state != two.state:
                continue
            left, right = float(np.vdot(one.unit, two.turned)), float(np.vdot(two.unit, one.turned))
            differences.append(left - right)
            sizes += [left, right]
    if len(differences) < 3:
        return None
    size = float(np.sqrt(np.mean(np.square(sizes))))
    return float(np.sqrt(np.mean(np.square(differences)))) / size if size > 0 else 0.0


def constants(measured: Measurement) -> dict[Key, Event]:
    """List recorded values that no parameter reaches: data, targets, weights of examples."""
    return {
        key: event
        for key, event in measured.bases[0].trace.events.items()
        if key not in measured.reached
    }


__all__ = ["BUDGET", "Direction", "Measurement", "asymmetry", "constants", "measure", "same"]
