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

from losscope.auditing import findings
from losscope.auditing.instrument import Loop
from losscope.auditing.parameters import same, scale_of
from losscope.auditing.program import Program
from losscope.auditing.recorder import Event
from losscope.auditing.report import ParameterReport, Report
from losscope.auditing.source import Source
from losscope.auditing.state import Frame, Path, Snapshot, spelled
from losscope.auditing.step import LoopSubject, Outcome, compile_step
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
        hook, self.program.recorder.on_head = self.program.recorder.on_head, None
        try:
            names = frozenset(frame.f_locals) if loop.function is not None else None
            step = compile_step(loop, self.program.filename, names)
            subject = LoopSubject(self.program.recorder, step)
            subject.add(Snapshot(Frame.of(frame, (self.program.filename,))))
            base = subject.run(0)
            found = self._still(subject, base)
            self.runs += subject.count
        except Exception:  # noqa: BLE001 - not a pass that can be run alone
            return
        finally:
            self.program.recorder.on_head = hook
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
            if close and _is_update(self.program.source, event, name):
                return event
        return None


def _is_update(source: Source, event: Event, name: str) -> bool:
    """Tell whether a line is written as an update of an array: W -= …, W1 = self.W1 - …"""  # noqa: D400 - a question
    short = name.rsplit(".", maxsplit=1)[-1].split("[", maxsplit=1)[0]
    for node in ast.walk(source.tree):
        if getattr(node, "lineno", 0) != event.key[0]:
            continue
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
            return short in ast.unparse(node.target)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            left = ast.unparse(node.value.left)
            return isinstance(node.value.op, ast.Add | ast.Sub) and short in left
    return False


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
