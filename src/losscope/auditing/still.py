"""Programs in which nothing moves: updates are worked out, and no array ever changes.

Sought only when no training loop was found.  A pass of each loop is run aside; an array that the
pass computes with, and for which some line works out a new value (equal to the old one, or never
written back), is a parameter that never moves.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

import numpy as np

from losscope.auditing import findings
from losscope.auditing.instrument import Loop
from losscope.auditing.parameters import same, scale_of
from losscope.auditing.program import Program
from losscope.auditing.recorder import Event
from losscope.auditing.report import ParameterReport, Report
from losscope.auditing.state import Path, spelled
from losscope.auditing.step import LoopSubject, Outcome
from losscope.auditing.trouble import CannotAudit, Stop

Array = np.ndarray[Any, Any]
_WATCHED_PASS = 2  # the first pass may still make arrays
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
        if self.passes[number] != _WATCHED_PASS:
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
        for path, value in list(subject.snapshots[0].arrays().items())[:_MOST_ARRAYS]:
            held = np.asarray(value, dtype=np.float64)
            if not same(held, base.after.get(path)):
                continue
            event = self._new_value(base, path, held)
            if event is None:
                continue
            move = 1e-3 * scale_of(held) * np.random.default_rng(3).normal(size=held.shape)
            moved = subject.run(0, {path: move})
            if _answers(base, moved, event):
                out.append((path, event, same(event.value, held)))
        return out

    def _new_value(self, base: Outcome, path: Path, held: Array) -> Event | None:
        size = max(float(np.linalg.norm(held)), 1e-3 * held.size)
        name = spelled(path)
        for event in base.trace.events.values():
            if event.site.kind != "assign" or event.value.shape != held.shape:
                continue
            close = float(np.linalg.norm(event.value - held)) <= 0.7 * size or not np.any(held)
            if close and self.program.source.reads_as_update(event.key[0], name):
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
