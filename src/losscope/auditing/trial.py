"""Longer runs of the whole program: with a printed value taken out, or with a line mended."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import numpy as np

from losscope.auditing.program import Capture, Program
from losscope.auditing.recorder import Key
from losscope.auditing.state import Frame, Path, Snapshot, lookup
from losscope.auditing.step import LoopSubject, Outcome, compile_program, compile_step
from losscope.auditing.trouble import CannotAudit, Stop

_SECONDS = 3.0


@dataclass
class Trial:
    """Where a longer run ended."""

    passes: int
    mark: bytes  # fingerprint of all parameters, at each pass
    outcome: Outcome | None


def passes_for(captured: Capture, most: int = 200) -> int:
    """Choose how many passes a longer run may take."""
    return int(max(5, min(most, _SECONDS / max(captured.seconds_per_pass, 1e-4))))


def run(
    program: Program,
    captured: Capture,
    passes: int,
    tree: ast.Module | None = None,
    keep: set[Key] | None = None,
) -> Trial:
    """Run the program from its start for some passes of its loop; then one pass more, recorded."""
    made = program.instrument(tree) if tree is not None else program.instrumented
    code: CodeType = compile_program(made, program.filename)
    loop = made.loops[captured.loop.number]
    paths = [p.path for p in captured.carried.parameters]
    seen = 0
    digest = hashlib.blake2b(digest_size=16)
    last: list[Outcome] = []

    def head(number: int, frame: FrameType) -> None:
        nonlocal seen
        if number != loop.number:
            return
        digest.update(_mark(frame, paths))
        seen += 1
        if seen > passes:
            if keep is not None:
                last.append(_outcome(program, captured, frame, loop, keep))
            raise Stop

    program.run(head, code)
    return Trial(min(seen, passes), digest.digest(), last[0] if last else None)


def _mark(frame: FrameType, paths: list[Path]) -> bytes:
    values: dict[str, dict[Any, Any]] = {
        "local": frame.f_locals if frame.f_code.co_name != "<module>" else {},
        "global": frame.f_globals,
        "class": {},
        "cell": {},
    }
    out = b""
    for path in paths:
        if path[0] == "class":
            out += np.asarray(vars(path[1][0]).get(path[1][1], 0.0)).tobytes()
        else:
            value = lookup(values, path)
            out += b"" if value is None else np.ascontiguousarray(value).tobytes()
    return out


def _outcome(
    program: Program, captured: Capture, frame: FrameType, loop: Any, keep: set[Key]
) -> Outcome:
    names = frozenset(frame.f_locals) if loop.function is not None else None
    subject = LoopSubject(program.recorder, compile_step(loop, program.filename, names))
    hook, program.recorder.on_head = program.recorder.on_head, None
    try:
        subject.add(Snapshot(Frame.of(frame, (program.filename,))))
        del captured
        return subject.run(0, keep=keep)
    finally:
        program.recorder.on_head = hook


class _Taken(ast.NodeTransformer):
    """Replaces what is assigned to some names by not-a-number, and drops inline costs."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.count = 0

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if len(node.targets) == 1 and ast.unparse(node.targets[0]) in self.names:
            self.count += 1
            node.value = ast.copy_location(_nan(node), node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if ast.unparse(node.target) in self.names:
            self.count += 1
            node.value = ast.copy_location(_nan(node), node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("print", "append"):
            node.args = [
                ast.copy_location(_nan(node), a) if self._is_cost(a) else a for a in node.args
            ]
        return node

    def _is_cost(self, node: ast.expr) -> bool:
        """Tell whether an argument works a cost out on the spot."""
        return not isinstance(node, ast.Name) and ast.unparse(node) in self.names


def _nan(node: ast.AST) -> ast.expr:
    new = ast.parse("float('nan')", mode="eval").body
    for part in ast.walk(new):
        ast.copy_location(part, node)
    return new


def used(
    program: Program,
    captured: Capture,
    names: list[str],
    passes: int,
    copy: Callable[[ast.Module], ast.Module],
) -> tuple[dict[str, bool | None], int]:
    """Take printed values out and say of each whether the trained weights change by a bit."""
    plain = run(program, captured, passes)
    together = _without(program, captured, set(names), passes, copy)
    if together is not None and together.mark == plain.mark:
        return dict.fromkeys(names, False), plain.passes
    answers: dict[str, bool | None] = {}
    for name in names:
        alone = _without(program, captured, {name}, passes, copy)
        answers[name] = None if alone is None else alone.mark != plain.mark
    return answers, plain.passes


def _without(
    program: Program,
    captured: Capture,
    names: set[str],
    passes: int,
    copy: Callable[[ast.Module], ast.Module],
) -> Trial | None:
    tree = copy(program.source.tree)
    taker = _Taken(names)
    taker.visit(tree)
    if not taker.count and not any("(" in n for n in names):
        return None
    try:
        return run(program, captured, passes, tree)
    except CannotAudit:
        return Trial(0, b"failed without it", None)
