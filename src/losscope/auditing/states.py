"""The states in which a loop was captured: kept in bounds, and seen to give the same twice."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from losscope.auditing import idle, parameters
from losscope.auditing.leaves import Path, is_list, lookup, replace, same
from losscope.auditing.program import Program
from losscope.auditing.step import LoopSubject, Outcome
from losscope.auditing.trouble import CannotAudit


def off_zero(subject: LoopSubject, found: list[parameters.Parameter]) -> bool:
    """Move entries that are exactly zero a little: a relu that meets a bias of 0 has no slope."""
    random, moved = np.random.default_rng(13), False
    for snapshot in subject.snapshots:
        for parameter in found:
            held = lookup(snapshot.values, parameter.path)
            if not isinstance(held, np.ndarray) or not np.any(held == 0) or not held.any():
                continue
            here = held == 0
            scale = 1e-2 * float(np.sqrt(np.mean(held[~here] ** 2)))
            filled = held.copy()
            filled[here] = scale * random.choice([-1.0, 1.0], int(here.sum()))
            replace(snapshot.values, parameter.path, filled)
            moved = True
    return moved


def sane(subject: LoopSubject, starts: list[dict[Path, Any]]) -> list[dict[Path, Any]]:
    """Leave out states in which a training that diverges has run out of bounds."""
    first = {path: 1e3 * max(1.0, float(np.abs(v).max())) for path, v in starts[0].items()}
    kept = 1
    for start in starts[1:]:
        if any(not np.all(np.abs(v) < first.get(p, np.inf)) for p, v in start.items()):
            break
        kept += 1
    del subject.snapshots[kept:]
    return starts[:kept]


def anew(subject: LoopSubject) -> tuple[list[dict[Path, Any]], list[Outcome]]:
    """Give the states as they stand now, and a plain pass from each."""
    starts = [numbers(s.arrays()) for s in subject.snapshots]
    return starts, [subject.run(state) for state in range(subject.states)]


def repeatable(
    program: Program, subject: LoopSubject, starts: list[dict[Path, Any]]
) -> tuple[list[Outcome], list[dict[Path, Any]]]:
    """Run each state plainly, the first one twice: the same state must give the same pass."""
    try:
        bases = [subject.run(state) for state in range(subject.states)]
        again = subject.run(0)
    except CannotAudit:
        raise
    except Exception as error:
        raise CannotAudit(
            f"A pass of the loop cannot be run by itself. {program.failure(error)}. It may need "
            "what is gone when the loop has ended: a pool of threads, a file, a connection."
        ) from error
    for path, value in bases[0].after.items():
        if value is not None and not same(value, again.after.get(path)):
            raise CannotAudit(
                "The same pass from the same state gives different results, even with NumPy's and "
                "Python's random streams put back: the step takes something from outside (the "
                "clock, the system's randomness, a file, an iterator that cannot be wound back)."
            )
    kept = _finite(bases)
    del subject.snapshots[kept:]
    bases, starts = bases[:kept], starts[:kept]
    _share_constants(subject, starts, bases)
    idle.set_aside(subject, starts)
    return bases, starts


def _inside(value: Any) -> bool:
    """Tell whether all of several entries lie in (0, 1), away from where a sigmoid saturates."""
    return bool(value.size > 1 and value.min() > 1e-5 and value.max() < 1 - 1e-5)


def _saturated(value: Any) -> bool:
    """Tell whether some, not all, of what were probabilities have come to be 0 or 1 exactly."""
    ends = (value <= 1e-14) | (value >= 1 - 1e-14)
    return bool(0 <= value.min() <= value.max() <= 1 and 0 < ends.sum() < value.size)


def _finite(bases: list[Outcome]) -> int:
    """Count the leading states in which nothing has overflowed that was finite in the first."""
    for number, base in enumerate(bases[1:], start=1):
        for key, event in bases[0].trace.events.items():
            other = base.trace.value(key)
            if other is not None and (
                (np.all(np.isfinite(event.value)) and not np.all(np.isfinite(other)))
                or (_inside(event.value) and _saturated(other))
            ):
                return number
    return len(bases)


def _share_constants(
    subject: LoopSubject, starts: list[dict[Path, Any]], bases: list[Outcome]
) -> None:
    """Let large arrays that a pass leaves alone be shared rather than copied for each run."""
    for snapshot, start, base in zip(subject.snapshots, starts, bases, strict=True):
        for path, array in snapshot.arrays().items():
            if not isinstance(array, np.ndarray) or is_list(path) or array.nbytes < 1 << 16:
                continue
            if same(base.after.get(path), start.get(path)):
                snapshot.constant[id(array)] = array


def random_used(subject: LoopSubject) -> bool:
    """Tell whether a pass draws from a global random stream or from a generator it holds."""
    snapshot = subject.snapshots[0]
    with snapshot.open() as live:
        before = str(np.random.get_state()), random.getstate()
        generators = [
            v
            for v in (*live.values["local"].values(), *live.values["global"].values())
            if isinstance(v, np.random.Generator)
        ]
        states = [str(g.bit_generator.state) for g in generators]
        subject.once(snapshot, live)
        after = str(np.random.get_state()), random.getstate()
        return before != after or states != [str(g.bit_generator.state) for g in generators]


def numbers(arrays: dict[Path, Any]) -> dict[Path, Any]:
    """Copy arrays and numbers as floats."""
    return {path: np.array(value, dtype=np.float64) for path, value in arrays.items()}
