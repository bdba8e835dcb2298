"""Which of the arrays that a pass changes are parameters, and which only belong to the update.

A parameter is moved a little by the pass (its value afterwards follows its value before), and what
it holds reaches values that are computed before the update: the forward pass.  A momentum buffer
also carries over, but moving one of its entries moves that entry of the update and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from losscope.auditing import ahead, forward, grown
from losscope.auditing.leaves import Path, same, spelled
from losscope.auditing.recorder import Event, Key
from losscope.auditing.step import Outcome, Subject

Array = np.ndarray[Any, Any]
MOVE = 1e-4  # relative size of the first small move of each array


@dataclass
class Parameter:
    """One array that the loop trains."""

    path: Path
    name: str
    line: int
    shape: tuple[int, ...]
    starts: list[Array] = field(default_factory=list)  # its value in each captured state

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape)) if self.shape else 1


@dataclass
class Carried:
    """All arrays that a pass carries over to the next."""

    parameters: list[Parameter]
    moves: list[Outcome]  # one pass with each parameter moved a little
    buffers: dict[Path, list[Array]]  # momentum and the like, before the pass, by state
    fixed: dict[Path, Array]  # arrays and floats that no pass changes (first state)
    from_buffers: dict[Path, set[Key]]  # values that each buffer reaches
    runs: int


def scale_of(value: Array) -> float:
    """Give the typical size of an array's entries; 1 where it is all zero."""
    size = float(np.sqrt(np.mean(np.square(value)))) if value.size else 0.0
    return size if np.isfinite(size) and size > 1e-8 else 1.0


def find(
    subject: Subject,
    starts: Sequence[dict[Path, Array]],
    bases: Sequence[Outcome],
    own_readers: frozenset[int] = frozenset(),
    read_first: Mapping[int, str] = MappingProxyType({}),
) -> Carried:
    """Sort the arrays of the captured states into parameters, buffers and fixed data.

    `own_readers` are lines that change what they read (W -= …): what they write is carried over
    even where a rate far too large hides it. `read_first` is what a line of two parts begins with:
    in new_b = b - …, b is changed under another name.

    `starts` gives each state's arrays before the pass, `bases` what one plain pass made of them.
    Costs one pass for every array that changes.
    """
    random = np.random.default_rng(7)
    out = Carried([], [], {}, {}, {}, 0)
    moves: dict[Path, tuple[Array, Outcome]] = {}
    anew: dict[Path, tuple[Array, Outcome]] = {}
    for path, before in starts[0].items():
        changed = any(
            not same(start.get(path), base.after.get(path))
            for start, base in zip(starts, bases, strict=True)
        )
        if not changed:
            out.fixed[path] = before
            continue
        after = bases[0].after.get(path)
        if after is None or after.shape != before.shape or _shuffled(before, after):
            continue
        if not np.all(np.isfinite(after)) or not all(path in start for start in starts):
            continue
        line = written_at(bases[0], after, before, spelled(path))
        mask, move = _small_move(before, random, after)
        try:
            moved = subject.run(0, {path: move})
        except Exception:  # noqa: BLE001, S112 - a probe may leave the domain of the program
            continue
        out.runs += 1
        changes = line in own_readers or _is_renamed(path, after, bases[0], read_first)
        if _carries(path, before, move, bases[0], moved, reads_itself=changes):
            moves[path] = mask, moved
        elif before.size > 1:
            anew[path] = mask, moved
    for path, (mask, moved) in moves.items():
        values = [start[path] for start in starts]
        if forward.reaches(path, mask, set(moves), starts[0], bases[0], moved):
            after = bases[0].after[path]
            assert after is not None
            line = written_at(bases[0], after, values[0], spelled(path))
            out.parameters.append(Parameter(path, spelled(path), line, values[0].shape, values))
            out.moves.append(moved)
        else:
            out.buffers[path] = values
            out.from_buffers[path] = reached(bases[0], moved)
    _set_averages_apart(out, bases)
    ahead.set_apart(out, bases, {path: mask for path, (mask, _) in moves.items()})
    _add_last_ones(out, anew, starts, bases[0])
    return out


def _add_last_ones(
    out: Carried,
    anew: dict[Path, tuple[Array, Outcome]],
    starts: Sequence[dict[Path, Array]],
    base: Outcome,
) -> None:
    """Put among the buffers what is written anew in each pass, and read by the next one's update.

    The last change of a weight, of which a share is added to the next one, is momentum too.
    """
    shapes = {parameter.shape for parameter in out.parameters}
    for path, (mask, moved) in anew.items():
        before = starts[0][path]
        stepped = any(
            p.shape == before.shape and not same(base.after.get(p.path), moved.after.get(p.path))
            for p in out.parameters
        )
        if before.shape not in shapes or not stepped:
            continue
        trained = {parameter.path for parameter in out.parameters}
        if not forward.reaches(path, mask, trained, starts[0], base, moved):
            out.buffers[path] = [start[path] for start in starts]
            out.from_buffers[path] = reached(base, moved)


def _is_renamed(path: Path, after: Array, base: Outcome, read_first: Mapping[int, str]) -> bool:
    """Tell whether a number's new value was made from it under another name."""
    own = spelled(path).rpartition(".")[2]
    return after.size == 1 and any(
        e.site.kind == "assign" and read_first.get(e.site.line) == own and same(e.value, after)
        for e in base.trace.events.values()
    )


def _set_averages_apart(out: Carried, bases: Sequence[Outcome]) -> None:
    """Put running averages of parameters, and sums of squares, among the buffers."""
    pairs = list(zip(out.parameters, out.moves, strict=True))
    out.parameters, out.moves = [], []
    for one, moved in pairs:
        averages = any(_averages(one, other, bases) for other, _ in pairs if other is not one)
        if averages or _gathers_squares(one, bases[0]):
            out.buffers[one.path] = one.starts
            out.from_buffers[one.path] = reached(bases[0], moved)
        else:
            out.parameters.append(one)
            out.moves.append(moved)


def _gathers_squares(one: Parameter, base: Outcome) -> bool:
    """Tell whether all that a pass adds to an array are squares of numbers that it worked out."""
    after = base.after.get(one.path)
    added = np.zeros(0) if after is None else (after - one.starts[0]).ravel()
    added = added[added != 0]
    if not added.size or np.any(added < 0):
        return False
    near = 1e-12 * float(np.abs(one.starts[0]).max())  # what adding to a large sum rounds away
    alike = [e.value.ravel() for e in base.trace.events.values() if e.value.size == added.size]
    rows = np.abs(np.array(alike)) if alike else np.zeros((0, added.size))
    with np.errstate(all="ignore"):
        are = np.isclose(rows**2, added, rtol=1e-9, atol=near).all(axis=1)
        themselves = np.isclose(rows, added, rtol=1e-9, atol=near).all(axis=1)
    return bool(np.any(are & ~themselves))


def _averages(one: Parameter, other: Parameter, bases: Sequence[Outcome]) -> bool:
    """Tell whether one's new value is a · its old one + (1 − a) · the other's new one."""
    after = [base.after.get(one.path) for base in bases]
    mixed = [base.after.get(other.path) for base in bases]
    if one.shape != other.shape or any(
        a is None or m is None for a, m in zip(after, mixed, strict=True)
    ):
        return False
    old, new, of = (
        np.concatenate([np.ravel(v) for v in values])  # type: ignore[arg-type]
        for values in (one.starts, after, mixed)
    )
    step, room = new - old, of - old
    length = float(room @ room)
    if old.size < 2 or length == 0:
        return False
    share = float(step @ room) / length
    left = float(np.linalg.norm(step - share * room))
    return 0 < share < 1 and left <= 1e-9 * float(np.linalg.norm(step))


def _shuffled(before: Array, after: Array) -> bool:
    return before.size > 1 and bool(
        np.array_equal(np.sort(before, axis=None), np.sort(after, axis=None))
    )


def written_at(base: Outcome, after: Array, before: Array, name: str = "") -> int:
    """Give the line that gave an array its final value (0: not seen).

    Single numbers may be equal by chance: the line that writes the name itself goes first.
    """
    line, own = 0, name.rpartition(".")[2]
    events = list(base.trace.events.values())
    if after.size == 1:
        events.sort(key=lambda e: e.site.name.rpartition(".")[2] != own)
    for event in events:
        if event.site.kind == "assign" and same(event.value, after) and not same(after, before):
            return event.site.line
        if event.site.kind != "assign" and same(event.value, after) and not line:
            line = event.site.line
    return line or _part_written_at(base, after, before) or _spread_at(events, after)


def _spread_at(events: list[Event], after: Array) -> int:
    """Give the line that spread an array, of which `after` is the part that it should have been."""
    return next(
        (
            event.site.line
            for event in reversed(events)
            if event.site.kind == "assign" and same(grown.shrunk(event.value, after.shape), after)
        ),
        0,
    )


def _part_written_at(base: Outcome, after: Array, before: Array) -> int:
    """Give the line that wrote what a pass changes of an array; of several, that of the most."""
    moved = after[after != before] if after.shape == before.shape else after[:0]
    most, line, made = 0, 0, 0
    for event in base.trace.events.values() if moved.size else ():
        if event.site.kind != "assign" or not event.site.name.endswith("]"):
            if np.isin(event.value, moved).all():
                made = event.site.line  # a row of a nested list, as a function gives it back
            continue
        if np.isin(moved, event.value).all():
            return event.site.line
        if event.value.size > most and np.isin(event.value, moved).all():
            most, line = event.value.size, event.site.line
    return line or made


def _small_move(
    before: Array, random: np.random.Generator, after: Array | None = None
) -> tuple[Array, Array]:
    """Choose half of an array's entries, half of those that a pass changes, and move them a bit."""
    mask = np.ones(before.shape)
    if before.size > 1:
        mask = np.zeros(before.size)
        drawn = random.permutation(before.size)
        if after is not None and np.any(after == before):
            changed = (after != before).ravel()[drawn]
            some, others = drawn[changed], drawn[~changed]
            half, rest = (len(some) + 1) // 2, len(others) // 2
            if len(some) < len(others):  # of a series that is worked out, the rest is read
                rest = 0
            drawn = np.concatenate([some[:half], others[:rest]])
        mask[drawn[: (before.size + 1) // 2]] = 1.0
        mask = mask.reshape(before.shape)
    return mask, mask * random.choice([-1.0, 1.0], before.shape) * MOVE * scale_of(before)


def _carries(
    path: Path, before: Array, move: Array, base: Outcome, moved: Outcome, *, reads_itself: bool
) -> bool:
    """Tell whether a move is still there after the pass: the array is changed, not written anew."""
    start, after = base.after[path], moved.after.get(path)
    if start is None or after is None or after.shape != start.shape:
        return False
    fresh = before + move
    written = (start != before) | (after != fresh)  # the rest stays, whatever it is
    answer, move = (after - start)[written], move[written]
    length = float(np.linalg.norm(answer) * np.linalg.norm(move))
    cosine = float(answer @ move) / length if length else 0.0
    if length == 0 or (cosine < 0.5 and not reads_itself):
        return False  # written anew, or fed through a layer
    leaps = np.linalg.norm(start - before) > 0.5 * np.linalg.norm(before)
    if cosine < 0.8 and leaps and not reads_itself:
        return False  # the state of a recurrent network keeps something of the last one
    if before.size > 1:
        return True
    # a decaying rate, a counter, a running sum
    return not _runs_by_itself(before, start, fresh, after, reads_itself)


def _runs_by_itself(
    before: Array, start: Array, fresh: Array, after: Array, reads_itself: bool
) -> bool:
    """Tell whether a scalar is only ever multiplied by, or increased by, the same number."""
    old, new, old2, new2 = (float(a.ravel()[0]) for a in (before, start, fresh, after))
    tiny = 1e-11 * max(abs(old), abs(new), 1e-300)
    by_sum = abs((new - old) - (new2 - old2)) <= tiny and not reads_itself
    by_product = abs(new * old2 - new2 * old) <= tiny * max(abs(old2), 1e-300)
    return by_sum or by_product


def reached(base: Outcome, moved: Outcome) -> set[Key]:
    """List the recorded values that differ between two passes."""
    return {
        key
        for key, event in base.trace.events.items()
        if not same(event.value, moved.trace.value(key))
    }
