"""Updates that are worked out and then lost: never written back to the array the network uses."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing import forgotten, unkept
from losscope.auditing.arrays import Target
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, is_list, same, spelled
from losscope.auditing.parameters import reached, scale_of
from losscope.auditing.program import Capture
from losscope.auditing.recorder import ALL, Event, Key
from losscope.auditing.source import Source

Array = np.ndarray[Any, Any]
SUMMED = "LS005"
_LARGE = (1, 30)  # moves beyond where parameters are, in their own size


@dataclass
class Lost:
    """An array that the network uses, and the line whose new value for it goes nowhere."""

    name: str
    line: int
    text: str = ""  # what there is to say, where no new value is worked out
    code: str = "LS010"


def find(
    source: Source, captured: Capture, judgement: Judgement, targets: list[Target]
) -> list[Lost]:
    """List arrays that stay as they are although a new value is computed for them."""
    answering = judgement.measured.reached | _far(captured, judgement)
    events = _made_by_updates(source, captured, judgement, answering)
    moving = {p.line for p in judgement.measured.parameters}
    singles = [event for event in events.get((), []) if event.key[0] not in moving]
    data = _data(judgement, targets)
    renewed = unkept.Renewed(source, captured, judgement, answering)
    found = []
    for path, value in _fixed(captured).items():
        held = np.asarray(value, dtype=np.float64)
        # of lists, the words of the line must tell
        known = path in data or (not is_list(path) and _is_input(held, judgement))
        if known or held.size > 1_000_000 or not _stays(path, value, captured):
            continue
        event = _new_value(source, events.get(held.shape, []), path, held)
        if event is None and is_list(path):
            event = _new_entry(source, singles, path, held)
        event = event or renewed.value_of(path, held)
        if event is not None and _matters(captured, path, held, judgement, event):
            found.append(Lost(spelled(path), event.key[0]))
        elif event is None and (line := _without_value(source, captured, judgement, path, held)):
            found.append(line)
    return found


def _without_value(
    source: Source, captured: Capture, judgement: Judgement, path: Path, held: Array
) -> Lost | None:
    """Find what stays although the loss answers to it: a step of zero, or no step at all."""
    name = spelled(path)
    line, summed = forgotten.zero_update_of(source, captured, judgement, path, held)
    if summed:
        text = (
            f"Line {summed} sums a gradient to a single number, which cancels: {name} never moves."
        )
        return Lost(name, summed, text, SUMMED)
    if line:
        text = f"The update of {name} on line {line} is exactly zero: {name} never moves."
        return Lost(name, line, text)
    event = forgotten.gradient_of(source, captured, judgement, path, held)
    if event is None:
        return None
    line = event.key[0]
    text = f"Line {line} works out the gradient of {name}, and no line uses it to update {name}, "
    return Lost(name, line, f"{text}which never changes.")


def _made_by_updates(
    source: Source, captured: Capture, judgement: Judgement, answering: set[Key]
) -> dict[tuple[int, ...], list[Event]]:
    """List what lines that read as updates work out, by its shape, but for what is written back."""
    events: dict[tuple[int, ...], list[Event]] = {}
    lines = set(source.updates) - _taken(judgement)
    for made in captured.bases[0].trace.events.values():
        bare = any(isinstance(node, ast.Expr) for node in source.updates.get(made.key[0], ()))
        if made.key[2] != ALL and (made.key in answering or bare) and made.key[0] in lines:
            events.setdefault(made.value.shape, []).append(made)
    return events


def _data(judgement: Judgement, targets: list[Target]) -> set[Path | None]:
    """List the arrays that are known to be data: images, and what the loss compares with."""
    best = judgement.best
    data = {t.path for t in targets if t.values[0].ndim > 2}
    if best is not None and best.source is not None and any(f.exact for f in judgement.fits):
        data.add(best.source.path)
    return data


def _far(captured: Capture, judgement: Judgement) -> set[Key]:
    """List what answers to large moves of all parameters, as the slope of a hinge does."""
    random, found = np.random.default_rng(17), set[Key]()
    for size in _LARGE:
        moves = {
            p.path: size * scale_of(p.starts[0]) * random.normal(size=p.shape)
            for p in judgement.measured.parameters
        }
        try:
            found |= reached(captured.bases[0], captured.subject.run(0, moves))
        except Exception:  # noqa: BLE001, S112 - so far a move may leave the domain of the program
            continue
    return found


def _stays(path: Path, value: Any, captured: Capture) -> bool:
    """Tell whether each pass finds the same; another one is an example, and nothing trained."""
    return all(same(start.get(path, value), value) for start in captured.starts)


def _fixed(captured: Capture) -> dict[Path, Array]:
    """Give the arrays that stay, and the numbers that are the 0 of a bias still."""
    zeros: list[dict[Path, Any]] = [
        {p: np.zeros(()) for p, v in snapshot.arrays("0").items() if type(v) is int}
        for snapshot in captured.subject.snapshots
    ]
    still = {path: zero for path, zero in zeros[0].items() if all(path in z for z in zeros)}
    return {**captured.carried.fixed, **still}


def _taken(judgement: Judgement) -> set[int]:
    """List the lines all of whose new values are those of parameters that move."""
    written = written_by(judgement)
    made = writes(judgement)
    return {line for line, count in written.items() if made[line] % count == 0}


def written_by(judgement: Judgement) -> Counter[int]:
    """Count what each line gives its new value: parameters, and the entries of those in lists."""
    count: Counter[int] = Counter()
    names = {name for _, name, _ in judgement.measured.bases[0].trace.events}
    for parameter in judgement.measured.parameters:
        one_by_one = is_list(parameter.path) and parameter.name not in names
        count[parameter.line] += parameter.size if one_by_one else 1
    return count


def writes(judgement: Judgement) -> Counter[int]:
    """Count how often each line assigns something in a pass."""
    events = judgement.measured.bases[0].trace.events.items()
    return Counter(k[0] for k, e in events if e.site.kind == "assign" and k[2] != ALL)


def _is_input(held: Array, judgement: Judgement) -> bool:
    """Tell whether an array has a row, or a column, for each example: data, and no parameter."""
    best = judgement.best
    if best is None or not held.ndim or not any(f.exact for f in judgement.fits):
        return False
    return best.examples[0] > 1 and best.examples[0] in (held.shape[0], held.shape[-1])


def _new_value(source: Source, events: list[Event], path: Path, held: Array) -> Event | None:
    """Find a value that is the array plus a small change which the parameters reach."""
    size = float(np.linalg.norm(held)) or 1.0
    for event in events:
        length = float(np.linalg.norm(event.value - held))
        if length == 0 or (length > 0.7 * max(size, 1e-3 * held.size) and np.any(held)):
            continue
        assigned = event.site.kind == "assign" or any(
            isinstance(node, ast.Expr) for node in source.updates[event.key[0]]
        )
        loose = held.size > 1  # single numbers are near each other by chance
        if assigned and source.reads_as_update(event.key[0], spelled(path), any_target=loose):
            return event
    return None


def _new_entry(source: Source, events: list[Event], path: Path, held: Array) -> Event | None:
    """Find a number that is an entry of a list plus a small change."""
    for event in events:
        nearest = held.ravel()[np.argmin(np.abs(held - event.value))]
        if _new_value(source, [event], path, np.asarray(nearest)) is not None:
            return event
    return None


def _matters(captured: Capture, path: Path, held: Array, judgement: Judgement, new: Event) -> bool:
    """Move the array a little: does anything that the parameters reach answer?"""  # noqa: D400 - a question
    move = np.asarray(np.random.default_rng(3).normal(size=held.shape)) * 1e-4 * scale_of(held)
    try:
        moved = captured.subject.run(0, {path: move})
    except Exception:  # noqa: BLE001 - then it cannot be told
        return False
    trace = captured.bases[0].trace
    best = judgement.best
    made = trace.events.get(best.key) if best is not None and best.key is not None else None
    numbers = [trace.events.get(one.key) for one in judgement.scalars if one.key is not None]
    if any(
        number is not None
        and number.order < new.order
        and number.site.kind == "assign"
        and not same(number.value, moved.trace.value(number.key))
        for number in numbers
    ):
        return True
    if made is None and any(number is not None for number in numbers):
        return False  # what is left of a target, say, from which the numbers are then worked out
    return any(
        not same(event.value, moved.trace.value(event.key))
        for event in trace.events.values()
        if made is None or event is made or _comes_of(event, made, judgement)
    )


def _comes_of(event: Event, made: Event, judgement: Judgement) -> bool:
    """Tell whether a value may be the prediction with more to it: a bias of 0 that is added."""
    return event.key in judgement.measured.reached and event.value.shape == made.value.shape
