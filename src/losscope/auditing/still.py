"""Programs in which nothing moves: updates are worked out, and no array ever changes.

Sought only when no training loop was found.  A pass of each loop is run aside; an array that the
pass computes with, and for which some line works out a new value (equal to the old one, or never
written back), is a parameter that never moves.
"""

from __future__ import annotations

import ast
from types import FrameType
from typing import Any

import numpy as np

from losscope.auditing import findings, unkept
from losscope.auditing.branches import TELLING
from losscope.auditing.instrument import Loop
from losscope.auditing.leaves import Path, same, spelled
from losscope.auditing.parameters import scale_of
from losscope.auditing.program import Program
from losscope.auditing.recorder import Event
from losscope.auditing.report import ParameterReport, Report
from losscope.auditing.source import Source
from losscope.auditing.step import LoopSubject, Outcome
from losscope.auditing.trouble import CannotAudit, Stop

Array = np.ndarray[Any, Any]
_WATCHED = (1, 2)  # the first pass may still make arrays; a list may part from them after it
_FOLLOWS = 0.5  # the least cosine of a new value's change and that of the array it is made from
_FAR = 3.0  # times an array's own size
_MOST_ARRAYS = 60


class _Watcher:
    """Runs one pass of each loop aside, until one is found whose updates go nowhere."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.passes: dict[int, int] = {}
        self.found: list[tuple[Path, Event, bool]] = []
        self.loop: Loop | None = None
        self.runs = 0

    def head(self, number: int, frame: FrameType) -> None:
        """Handle the beginning of a pass."""
        self.passes[number] = self.passes.get(number, 0) + 1
        if self.passes[number] not in _WATCHED:
            return
        loop = self.program.instrumented.loops[number]
        try:
            with self.program.aside(loop, frame) as subject:
                found = self._still(subject, subject.run(0))
                self.runs += subject.count
        except Exception:  # noqa: BLE001 - not a pass that can be run alone
            return
        if found:
            self.found, self.loop = found, loop
            raise Stop

    def _still(self, subject: LoopSubject, base: Outcome) -> list[tuple[Path, Event, bool]]:
        """List arrays that stay, with the line that works out a new value, and whether it is 0."""
        out = []
        made: dict[tuple[int, ...], list[Event]] = {}
        talking = _talking(self.program.source.tree)
        for event in base.trace.events.values():
            if event.site.kind in ("assign", "inner") and event.key[0] not in talking:
                made.setdefault(event.value.shape, []).append(event)
        for path, value in list(subject.snapshots[0].arrays().items())[:_MOST_ARRAYS]:
            held = np.asarray(value, dtype=np.float64)
            if held.shape not in made or not same(held, base.after.get(path)):
                continue
            move = 1e-3 * scale_of(held) * np.random.default_rng(3).normal(size=held.shape)
            moved = subject.run(0, {path: move})
            like = [e for e in made[held.shape] if self._is_update(e, path, held, base)]
            new = _following(like, moved, move)
            if new is None or not self._matters(subject, base, moved, new, path):
                continue
            elsewhere = subject.run(0, _off_zero(subject, path))
            if self._is_update(new, path, held, elsewhere):
                out.append((path, new, same(new.value, held)))
        return out

    def _matters(
        self, subject: LoopSubject, base: Outcome, moved: Outcome, new: Event, path: Path
    ) -> bool:
        """Tell whether the pass computes with an array: a dead relu wakes far away only."""
        if _answers(base, moved, new):
            return True
        held = np.asarray(subject.snapshots[0].arrays()[path], dtype=np.float64)
        far = _FAR * scale_of(held) * np.random.default_rng(5).normal(size=held.shape)
        return _answers(base, subject.run(0, {path: far}), new)

    def _is_update(self, event: Event, path: Path, held: Array, base: Outcome) -> bool:
        """Tell whether a value is written, or made, as a new value of an array."""
        source, line = self.program.source, event.key[0]
        if event.site.kind == "assign" and (
            source.reads_as_update(line, spelled(path)) or source.steps_itself(line)
        ):
            return True
        if _adds_to(source, line, path):
            return True
        if unkept.is_item_of(unkept.collections(source, event), path):
            return True
        return unkept.hold(unkept.first_terms(source, event), held, event, base.trace)


def _adds_to(source: Source, line: int, path: Path) -> bool:
    """Tell whether a line adds to an array of that name in place: self.W += step."""
    own = spelled(path).rpartition(".")[2]
    nodes = source.updates.get(line, ())
    targets = [ast.unparse(n.target) for n in nodes if isinstance(n, ast.AugAssign)]
    return any(target.rpartition(".")[2] == own for target in targets)


def _talking(tree: ast.AST) -> set[int]:
    """List the lines of statements that only print: what they work out is no update."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "id", getattr(node.value.func, "attr", "")) in TELLING
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _off_zero(subject: LoopSubject, path: Path) -> dict[Path, Array]:
    """Give moves for all else that is exactly zero: with no weights, what is left of y is y."""
    held = subject.snapshots[0].arrays()
    return {p: np.full(np.shape(v), 0.01) for p, v in held.items() if p != path and not np.any(v)}


def _following(events: list[Event], moved: Outcome, move: Array) -> Event | None:
    """Find the value that an update gives: it follows the array wherever that is moved."""
    for event in events:
        twin = moved.trace.value(event.key)
        if twin is None or twin.shape != move.shape:
            continue
        answer = (twin - event.value).ravel()
        length = float(np.linalg.norm(answer) * np.linalg.norm(move))
        if length > 0 and float(answer @ move.ravel()) > _FOLLOWS * length:
            return event
    return None


def _answers(base: Outcome, moved: Outcome, event: Event) -> bool:
    """Tell whether the pass computes with an array: something else than its own update answers."""
    return any(
        other.key[0] != event.key[0] and not same(other.value, moved.trace.value(other.key))
        for other in base.trace.events.values()
        if other.value.shape != event.value.shape or other.value.size == 1
    )


def audit(program: Program, why: CannotAudit) -> Report:
    """Report the parameters that never move.

    Raises
    ------
    CannotAudit
        The error that was given, when no update is worked out either.
    """
    watcher = _Watcher(program)
    program.run(watcher.head)
    if watcher.loop is None:
        raise why
    said, parameters = [], []
    for path, event, zero in watcher.found:
        name, line = spelled(path), event.key[0]
        text = f"The update of {name} on line {line} is exactly zero: {name} never moves."
        said.append(findings.get("LS010").found(line, [name], text=text if zero else ""))
        parameters.append(ParameterReport(name, line, "still", 1.0, 0.0, "plain"))
    said.sort(key=lambda f: f.line)
    passes = dict.fromkeys(("repairs_tried", "repairs", "per_parameter", "per_repair", "trial"), 0)
    passes["measuring"] = watcher.runs
    return Report(
        str(program.source.path),
        watcher.loop.line,
        "",
        "",
        "",
        "",
        "",
        None,
        parameters,
        [],
        said,
        ["No array changes from pass to pass: the program trains nothing."],
        None,
        passes,
        0.0,
    )
