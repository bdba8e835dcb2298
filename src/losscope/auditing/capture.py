"""Run a program until its training loop has shown itself, and capture the loop at several passes.

A loop is the training loop when one pass of it moves parameters (see `parameters`).  Loops over
layers, or over examples whose gradients are only summed up, fail that test; the innermost loop
that meets it is the one, so that a pass is one update.
"""

from __future__ import annotations

import ast
import hashlib
import os
import time
import traceback
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from losscope.auditing import cuts, grown, parameters, rewrites, states
from losscope.auditing.instrument import Loop
from losscope.auditing.leaves import Path, arrays_in, lookup, same
from losscope.auditing.program import Capture, Program, names_at
from losscope.auditing.state import Frame, Snapshot, belongings, values_of
from losscope.auditing.step import LoopSubject
from losscope.auditing.trouble import CannotAudit, NothingMoves, Stop

CAPTURE_AT = (1, 2, 3, 5, 8, 13)  # passes whose beginnings are captured
_LATER = (21, 34, 55, 89)  # in their place, while nothing but rounding has moved some array
_ROUNDING = 1e-12
_TRIES = 2
_MOST_SINGLE = 6  # numbers in lists that are looked at as parameters, each by itself
_SLOW_PASS = 1.0  # seconds: beyond that fewer states are captured


@dataclass
class _Track:
    frame: FrameType
    passes: int = 0
    digest: dict[Path, bytes] = field(default_factory=dict)
    shapes: dict[Path, grown.Shape] = field(default_factory=dict)  # before the first pass


class Finder:
    """Watches loop heads until the training loop has been found and captured."""

    def __init__(
        self,
        program: Program,
        most_states: int = len(CAPTURE_AT),
        inner: frozenset[int] = frozenset(),
    ) -> None:
        self.program = program
        self.inner = inner  # loops around which nothing is trained
        self.passed_over: set[int] = set()  # loops whose arrays the loop around them makes anew
        self.most_states = most_states
        self.tracks: dict[int, _Track] = {}
        self.tries: dict[int, int] = {}
        self.found: Loop | None = None
        self.names: frozenset[str] | None = None
        self.subject: LoopSubject | None = None
        self.starts: list[dict[Path, Any]] = []
        self.passes = 0
        self.seconds = 0.0
        self.updated = grown.updated(program.source.tree)
        self.readers = rewrites.own_readers(program.source.tree)
        self.firsts = rewrites.read_first(program.source.tree)
        self.enclosed = any(isinstance(n, ast.Nonlocal) for n in ast.walk(program.source.tree))
        self.children: dict[int, list[int]] = {}
        for loop in program.instrumented.loops:
            if loop.parent is not None:
                self.children.setdefault(loop.parent, []).append(loop.number)

    def head(self, number: int, frame: FrameType) -> None:
        """Handle the beginning of a pass."""
        if self.found is not None:
            if number == self.found.number:
                self._capture(frame)
            return
        for child in self.children.get(number, ()):
            self.tracks.pop(child, None)
        if self.tries.get(number, 0) >= _TRIES:
            self._go_inside(number)
            return
        track = self.tracks.get(number)
        if track is None or track.frame is not frame:
            track = self.tracks[number] = _Track(frame)
            track.digest = _digests(self._frame(frame))
            track.shapes = grown.of(grown.shapes(values_of(self._frame(frame))), self.updated)
            return
        track.passes += 1
        if track.passes > 3:  # examined already
            self._go_inside(number)
            return
        now = _digests(self._frame(frame))
        moved = {path for path, digest in now.items() if track.digest.get(path, digest) != digest}
        track.digest = now
        if moved:
            self._try(self.program.instrumented.loops[number], frame, moved)

    def _go_inside(self, number: int) -> None:
        """End a run that shows that nothing is trained around a loop which was passed over."""
        if self.passed_over & set(self.children.get(number, ())):
            raise Stop

    def _frame(self, frame: FrameType) -> Frame:
        inside = frame.f_code.co_name != "<module>"
        closures = belongings((self.program.filename,))[0] if self.enclosed else ()
        return Frame(dict(frame.f_locals) if inside else None, frame.f_globals, closures, ())

    def _try(self, loop: Loop, frame: FrameType, moved: set[Path]) -> None:
        """Run one pass aside and see whether it moves parameters that also moved before."""
        self.tries[loop.number] = self.tries.get(loop.number, 0) + 1
        self._forget_ended(frame)
        try:
            with self.program.aside(loop, frame) as subject:
                subject.shrink(self.tracks[loop.number].shapes)
                starts = [states.numbers(subject.snapshots[0].arrays())]
                began = time.perf_counter()
                bases = [subject.run(0)]
                self.seconds = time.perf_counter() - began
                carried = parameters.find(subject, starts, bases)
                if not carried.parameters:  # a rate far too large hides what is changed
                    carried = parameters.find(subject, starts, bases, self.readers, self.firsts)
        except Exception:  # noqa: BLE001 - not a pass that can be run alone
            if os.environ.get("LOSSCOPE_DEBUG"):
                traceback.print_exc()
            return
        again = [p.path for p in carried.parameters if p.path in moved]
        if again:
            if loop.number not in self.inner and self._made_anew(loop, again):
                self.passed_over.add(loop.number)
                return
            self.found, self.names, self.subject = loop, names_at(loop, frame), subject
            self.starts, self.passes = starts, 1

    def _made_anew(self, loop: Loop, found: list[Path]) -> bool:
        """Tell whether each pass of the loop around a loop begins by making its arrays anew.

        So it is with what runs through layers, or through time: the state of a network. A network
        that is trained several times from its beginning is told from it by what the loop around
        trains: nothing.
        """
        if loop.parent is None:
            return False
        around = self.program.instrumented.loops[loop.parent]
        before = [s for s in around.body if s.lineno < loop.line]
        names = {
            node.id
            for statement in before
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return all(len(path) == 2 and path[1] in names for path in found)

    def _forget_ended(self, frame: FrameType) -> None:
        """Let go of functions that have returned, with all that they spoke of."""
        running, place = set[int](), frame.f_back
        while place is not None:
            running.add(id(place))
            place = place.f_back
        running.add(id(frame))
        self.tracks = {n: t for n, t in self.tracks.items() if id(t.frame) in running}

    def _capture(self, frame: FrameType) -> None:
        assert self.subject is not None
        assert self.found is not None
        self.passes += 1
        if self.passes not in (*CAPTURE_AT, *_LATER):
            return
        place = self.program.place(self.found, frame)
        before = self.subject.snapshots[-1]
        snapshot = Snapshot(place, _unchanged(before, place))
        self.subject.add(snapshot)
        self.starts.append(states.numbers(snapshot.arrays()))
        enough = 2 if self.seconds > _SLOW_PASS else min(self.most_states, len(CAPTURE_AT))
        if len(self.starts) < enough:
            return
        for state in reversed(_asleep(self.starts)):
            if len(self.starts) > 2:
                del self.subject.snapshots[state], self.starts[state]
        if len(self.starts) >= enough or self.passes >= _LATER[-1]:
            raise Stop


def _asleep(starts: list[dict[Path, Any]]) -> list[int]:
    """List the states in which an array that began as zero has been moved by rounding alone.

    While all residuals have one sign, the slopes of absolute errors cancel in a centred table.
    """
    found = set()
    for path, first in starts[0].items():
        sizes = [
            float(np.abs(s[path]).max()) if path in s and first.size > 1 else 0 for s in starts
        ]
        near = [state for state, size in enumerate(sizes) if 0 < size < _ROUNDING]
        if near and any(not same(start.get(path), first) for start in starts[1:]):
            found |= set(near)
    return sorted(found)


def capture(program: Program, most_states: int = len(CAPTURE_AT)) -> Capture:
    """Run the program, find its training loop and capture it.

    Raises
    ------
    CannotAudit
        When there is no loop, or none that moves parameters, or a pass cannot be repeated.
    """
    if not program.instrumented.loops:
        raise CannotAudit(
            f"{program.source.path} has no for or while loop, so nothing is trained step by step. "
            "For code that is called from elsewhere: losscope.audit(step=…, parameters=…)."
        )
    finder = Finder(program, most_states)
    program.run(finder.head)
    if finder.found is None and finder.passed_over:
        finder = Finder(program, most_states, frozenset(finder.passed_over))
        program.run(finder.head)
    if finder.found is None or finder.subject is None:
        raise NothingMoves(_nothing_found(program))
    subject = finder.subject
    bases, starts = states.repeatable(program, subject, states.sane(subject, finder.starts))
    if cuts.cut(subject, starts, bases):
        starts, bases = states.anew(subject)
    readers, first = finder.readers, finder.firsts
    carried = parameters.find(subject, starts, bases, readers, first)
    if states.off_zero(subject, carried.parameters):
        starts, bases = states.anew(subject)
        carried = parameters.find(subject, starts, bases, readers, first)
    if not carried.parameters:
        raise NothingMoves(_nothing_found(program))
    _one_by_one(carried.parameters)
    drew = states.random_used(subject)
    return Capture(
        subject, finder.found, starts, bases, carried, finder.names, finder.seconds, drew
    )


def _one_by_one(found: list[parameters.Parameter]) -> None:
    """Refuse weights that are kept as single numbers in lists: their updates tell too little."""
    single = [p for p in found if not p.shape and p.path[-1][0] == "item"]
    if len(single) >= _MOST_SINGLE:
        raise CannotAudit(
            f"The program keeps its weights as {len(single)} single numbers in lists "
            f"({single[0].name}, …); with each layer's in a NumPy array they can be audited."
        )


_AUTOMATIC = ("torch", "tensorflow", "keras", "jax", "autograd", "mxnet", "paddle", "tinygrad")


def _nothing_found(program: Program) -> str:
    imported = {
        name.split(".")[0]
        for node in ast.walk(program.source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(item.name for item in node.names)]
    }
    automatic = [name for name in _AUTOMATIC if name in imported]
    if automatic:
        return (
            f"The program trains with {automatic[0]}, which works out the gradients of the loss "
            "that it is handed; the audit is for gradients that are written by hand."
        )
    lines = ", ".join(str(loop.line) for loop in program.instrumented.loops[:8])
    return (
        f"No training loop was found: the program ran to its end, and no pass of a loop "
        f"(lines {lines}) changed an array that the same pass computes with. "
        "For code that is called from elsewhere: losscope.audit(step=…, parameters=…)."
    )


def _digests(frame: Frame) -> dict[Path, bytes]:
    """Fingerprint every float array and float that the frame reaches; large ones by sample."""
    out: dict[Path, bytes] = {}
    for path, value in arrays_in(values_of(frame)).items():
        array = np.asarray(value)
        if array.size > 65_536:
            array = array.ravel()[:: array.size // 4096]
        out[path] = hashlib.blake2b(array.tobytes(), digest_size=12).digest()
    return out


def _unchanged(before: Snapshot, frame: Frame) -> dict[int, Any]:
    """Map live large arrays that still equal their earlier copy to that copy."""
    shared: dict[int, Any] = {}
    for path, value in arrays_in(values_of(frame)).items():
        if isinstance(value, np.ndarray) and value.nbytes > 1 << 20:
            old = lookup(before.values, path)
            if isinstance(old, np.ndarray) and same(old, value):
                shared[id(value)] = old
    return shared
