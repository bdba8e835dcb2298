"""Numbers that a pass tells once the parameters have moved: measured where the pass began.

A cost that is printed after the update speaks of the new parameters, so its slope along the old
ones has the update's own derivative in it.  The statements that work it out are therefore run by
themselves, from the start of the pass; no pass of the loop is spent on that.

Where a pass takes its steps in turn, as with a discriminator and a generator, a cost may stand
between them: it speaks of the new parameters of the first, and is descended by the others.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np

from losscope.auditing import candidates
from losscope.auditing.candidates import Candidate
from losscope.auditing.instrument import RUNTIME, Loop
from losscope.auditing.judge import Judgement, fitted
from losscope.auditing.leaves import Path, same
from losscope.auditing.program import Capture, Program
from losscope.auditing.recorder import Event, Key
from losscope.auditing.step import Mended, Outcome, compile_step

Array = np.ndarray[Any, Any]
_SAME = 1e-9  # what rounding may change in a number that is worked out again


def comes_after(judgement: Judgement, scalar: Candidate) -> bool:
    """Tell whether a number is computed from parameters that have moved already."""
    measured = judgement.measured
    event = measured.event(scalar.key) if scalar.key is not None else None
    return event is not None and event.order > _first_written(judgement)


def _first_written(judgement: Judgement) -> float:
    """Give the order of the first value that is a parameter's new one."""
    return min(_written(judgement), default=float("inf"))


def _written(judgement: Judgement) -> list[float]:
    """Give, by parameter, the order of the first value that is its new one."""
    base = judgement.measured.bases[0]
    finals = [base.after[p.path] for p in judgement.measured.parameters]
    made = [e for e in base.trace.events.values() if e.site.kind in ("assign", "inner")]
    return [  # a list that is built anew has no name yet
        min((e.order for e in made if v is not None and same(e.value, v)), default=float("inf"))
        for v in finals
    ]


def still_to_move(judgement: Judgement, scalar: Candidate) -> frozenset[int]:
    """List the parameters that are moved after a number was worked out of others' new values."""
    moved = _moved_before(judgement, scalar)
    return frozenset(range(len(judgement.parameters))) - moved if moved else frozenset()


def _moved_before(judgement: Judgement, scalar: Candidate) -> set[int]:
    event = judgement.measured.event(scalar.key) if scalar.key is not None else None
    orders = _written(judgement) if event is not None else []
    return {i for i, order in enumerate(orders) if event is not None and order < event.order}


def measured_before(
    program: Program, captured: Capture, judgement: Judgement, scalar: Candidate
) -> Candidate | None:
    """Measure a number at the parameters from which the pass starts; None where it cannot be."""
    left = still_to_move(judgement, scalar)
    moved = set(range(len(judgement.parameters))) - left
    made = _again(program, captured, judgement, scalar, moved if left else set())
    judgement.scalars += made
    judgement.scalar_fits += [[fitted(j, one) for j in judgement.parameters] for one in made]
    return made[-1] if made else None


def follows_in_turn(
    program: Program, captured: Capture, judgement: Judgement, scalar: Candidate, index: int
) -> bool:
    """Tell whether an update descends a number once those before it in the pass have been made."""
    orders = _written(judgement)
    moved = {i for i, order in enumerate(orders) if order < orders[index]}
    if not moved or orders[index] == float("inf"):
        return False
    made = _again(program, captured, judgement, scalar, moved, index)
    found = fitted(judgement.parameters[index], made[-1]) if made else None
    return found is not None and found.exact and found.factor > 0


def turned_round(judgement: Judgement, scalar: Candidate | None) -> Candidate | None:
    """Give what is descended where a number is to be made large: its negative, if any climbs it."""
    if scalar is None:
        return None
    fits = judgement.scalar_fits[judgement.scalars.index(scalar)]
    moving = [fits[j.index] for j in judgement.parameters if not j.still]
    if any(f.exact and f.factor > 0 for f in moving) or not any(f.exact for f in moving):
        return scalar
    made = replace(
        scalar,
        title=f"−({scalar.title})",
        along=[-row for row in scalar.along],
        value=[-value for value in scalar.value],
    )
    judgement.scalars.append(made)
    judgement.scalar_fits.append([fitted(j, made) for j in judgement.parameters])
    return made


def _again(  # noqa: PLR0917 - the parts of one record
    program: Program,
    captured: Capture,
    judgement: Judgement,
    scalar: Candidate,
    moved: set[int],
    only: int | None = None,
) -> list[Candidate]:
    """Measure what works a number out, where some parameters have moved; the number goes last."""
    event = judgement.measured.event(scalar.key) if scalar.key is not None else None
    body = None if event is None else _statements(captured.loop, judgement, event)
    if event is None or not body:
        return []
    loop = captured.loop
    part = Loop(
        loop.number,
        loop.line,
        loop.last_line,
        body,
        loop.function,
        loop.function_name,
        loop.parent,
    )
    try:
        mended = Mended(compile_step(part, program.filename, captured.names))
        here = _moved_before(judgement, scalar)
        if not _repeats(captured, judgement, event, mended, here):
            return []  # something else than the parameters has changed since
        made = _measured(captured, judgement, scalar, mended, moved, only)
    except Exception:  # noqa: BLE001 - the statements may need what the pass works out before
        return []
    told = [one for key, one in made.items() if key[:2] == event.key[:2]]
    return [*(one for one in made.values() if one is not told[-1]), told[-1]] if told else []


def _ends(judgement: Judgement, state: int, moved: set[int]) -> dict[Path, Array]:
    """Give the moves that bring some parameters to where the pass leaves them."""
    measured = judgement.measured
    every = enumerate(measured.parameters)
    return {
        p.path: _gone(measured.bases[state], p.path, p.starts[state])
        for i, p in every
        if i in moved
    }


def _repeats(
    captured: Capture, judgement: Judgement, event: Event, mended: Mended, moved: set[int]
) -> bool:
    """Tell whether the statements give the number that was told, from where some steps ended."""
    measured = judgement.measured
    for state, base in enumerate(measured.bases):
        ends = _ends(judgement, state, moved)
        run = captured.subject.run(state, ends, mend=mended)
        same_place = [v for k, v in _numbers(run).items() if k[:2] == event.key[:2]]
        wanted = base.trace.value(event.key)
        if not same_place or wanted is None:
            return False
        if abs(same_place[-1] - wanted.sum()) > _SAME * abs(same_place[-1]):
            return False
    return True


def _measured(  # noqa: PLR0917 - the parts of one record
    captured: Capture,
    judgement: Judgement,
    scalar: Candidate,
    mended: Mended,
    moved: set[int],
    only: int | None,
) -> dict[Key, Candidate]:
    """Measure every number that the statements work out, once some parameters have moved."""
    measured, run = judgement.measured, captured.subject.run
    ends = [_ends(judgement, state, moved) for state in range(len(measured.bases))]
    starts = [_numbers(run(state, end, mend=mended)) for state, end in enumerate(ends)]
    along: dict[Key, list[Array]] = {key: [] for key in starts[0]}
    for index, parameter in enumerate(measured.parameters):
        rows: dict[Key, list[float]] = {key: [] for key in along}
        for d in measured.of(index):
            if only not in (None, index):
                for row in rows.values():
                    row.append(0.0)
                continue
            move = d.step * d.unit
            end = ends[d.state]
            there = end.get(parameter.path, 0.0)
            ahead, behind = (
                _numbers(run(d.state, {**end, parameter.path: there + m}, mend=mended))
                for m in (move, -move)
            )
            for key, row in rows.items():
                row.append((ahead[key] - behind[key]) / (2 * d.step))
        for key, row in rows.items():
            along[key].append(np.array(row))
    return {
        key: Candidate(
            "scalar",
            "",
            key[1],
            "",
            "",
            key[0],
            scalar.size,
            scalar.examples,
            rows,
            value=[start[key] for start in starts],
            noise=[
                candidates.rounding(measured, i, np.array(starts[0][key]), row)
                for i, row in enumerate(rows)
            ],
        )
        for key, rows in along.items()
        if any(np.any(row != 0) for row in rows)
    }


def _numbers(outcome: Outcome) -> dict[Key, float]:
    events = outcome.trace.events.values()
    return {e.key: float(e.value.ravel()[0]) for e in events if e.value.size == 1}


def _gone(base: Outcome, path: Any, start: Array) -> Array:
    after = base.after.get(path)
    return np.zeros(start.shape) if after is None else after - start


def _statements(loop: Loop, judgement: Judgement, event: Event) -> list[ast.stmt]:
    """Cut out of a loop's body what works the number out, but for the updates."""
    lines = {p.line for p in judgement.measured.parameters}
    parameters = {p.name for p in judgement.measured.parameters}
    where = [
        index
        for index, s in enumerate(loop.body)
        if s.lineno <= event.key[0] <= (s.end_lineno or s.lineno)
    ]
    where = where or [i for i, s in enumerate(loop.body) if event.site.name in ast.unparse(s)]
    if not where:
        return []
    kept = [loop.body[where[-1]]]
    needed = _read(kept[0])
    for statement in reversed(loop.body[: where[-1]]):
        own = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        made = _made(statement)
        if not made & needed:
            continue
        if lines & set(own) or made & parameters:
            continue
        kept.insert(0, statement)
        needed |= _read(statement)
    return kept


def _read(statement: ast.stmt) -> set[str]:
    return {
        n.id
        for n in ast.walk(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id != RUNTIME
    }


def _made(statement: ast.stmt) -> set[str]:
    """List the names that a statement gives a value, or a part of a value."""
    return {
        n.id
        for node in ast.walk(statement)
        if isinstance(getattr(node, "ctx", None), ast.Store)
        for n in ast.walk(node)
        if isinstance(n, ast.Name)
    }
