"""Longer runs of the whole program: with a printed value taken out, or with a line mended."""

from __future__ import annotations

import ast
import hashlib
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from losscope.auditing.branches import TELLING
from losscope.auditing.causes.edit import slots
from losscope.auditing.instrument import clone
from losscope.auditing.leaves import Path, lookup, same
from losscope.auditing.program import Capture, Program
from losscope.auditing.recorder import Key
from losscope.auditing.step import Mended, Outcome, codes_of, quiet
from losscope.auditing.trouble import CannotAudit, Stop

PASSES = 200  # of the longer runs
_SECONDS = 15.0  # of this process's own time; a net for passes that take long, no more
_NOTHING = "float('nan')"
_MISLEADING = ("0.0", "__ls__.turn(1.0)", "__ls__.turn(-1.0)")  # it stands still, rises, falls


@dataclass
class Trial:
    """Where a longer run ended."""

    passes: int
    mark: bytes  # fingerprint of all parameters, at each pass
    outcome: Outcome | None


def run(
    program: Program,
    captured: Capture,
    passes: int,
    tree: ast.Module | None = None,
    keep: set[Key] | None = None,
) -> Trial:
    """Run the program from its start for some passes of its loop; then one pass more, recorded."""
    made = program.instrument(tree) if tree is not None else program.instrumented
    code = program.compiled(made)
    loop = made.loops[captured.loop.number]
    paths = [p.path for p in captured.carried.parameters]
    seen = 0
    began = time.process_time()
    digest = hashlib.blake2b(digest_size=16)
    last: list[Outcome] = []

    def head(number: int, frame: FrameType) -> None:
        nonlocal seen
        if number != loop.number:
            return
        digest.update(_mark(frame, paths))
        seen += 1
        if seen > passes or time.process_time() - began > _SECONDS:
            seen -= 1  # this pass is not run
            if keep is not None:
                with program.aside(loop, frame) as subject:
                    last.append(subject.run(0, keep=keep))
            raise Stop

    with quiet():
        program.run(head, code)
    return Trial(seen, digest.digest(), last[0] if last else None)


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
            owner, name = path[1]
            values["class"][path[1]] = vars(_now(owner)).get(name, 0.0)
        value = lookup(values, path)
        out += b"" if value is None else np.ascontiguousarray(value).tobytes()
    return out


def _now(owner: Any) -> Any:
    """Give the class or module that goes by an owner's name in this run of the program."""
    if isinstance(owner, ModuleType):
        return sys.modules.get(owner.__name__, owner)
    return getattr(sys.modules.get(owner.__module__), owner.__name__, owner)


class _Taken(ast.NodeTransformer):
    """Replaces what is assigned to some names, and costs worked out where they are told."""

    def __init__(self, names: set[str], instead: str) -> None:
        self.names, self.instead = names, instead
        self.count = 0

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Let the name hold something else."""
        if len(node.targets) == 1 and ast.unparse(node.targets[0]) in self.names:
            node.value = self._other(node.value)
            return node
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Let something else be added."""
        if ast.unparse(node.target) in self.names:
            node.value = self._other(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Let something else be printed or kept."""
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in TELLING:
            for slot in slots(node):
                told = slot.get()
                if not isinstance(told, ast.Name) and ast.unparse(told) in self.names:
                    slot.put(self._other(told))
        return node

    def _other(self, old: ast.expr) -> ast.expr:
        self.count += 1
        new = ast.parse(self.instead, mode="eval").body
        for part in ast.walk(new):
            ast.copy_location(part, old)
        return new


def used(
    program: Program,
    captured: Capture,
    names: list[str],
    readers: Mapping[str, object],
) -> tuple[dict[str, bool | None], int]:
    """Take printed values out and say of each whether the trained weights change by a bit.

    Where some line reads a value for more than telling it (`readers`), it is also replaced by
    numbers that stay, rise and fall: early stopping may not mind a value that is no number.
    """
    plain = run(program, captured, PASSES)
    passes = plain.passes

    def changes(some: set[str], instead: str) -> bool | None:
        tree = clone(program.source.tree)
        taker = _Taken(some, instead)
        taker.visit(tree)
        if not taker.count:
            return None
        try:
            return run(program, captured, passes, tree).mark != plain.mark
        except CannotAudit:
            return True  # it fails without it

    read = [name for name in names if readers.get(name)]
    quiet = [name for name in names if name not in read]
    answers: dict[str, bool | None] = {}
    if quiet and changes(set(quiet), _NOTHING) is False:
        answers.update(dict.fromkeys(quiet, False))
        quiet = []
    for name in quiet:
        answers[name] = changes({name}, _NOTHING)
    for name in read:
        tried = [changes({name}, instead) for instead in (_NOTHING, *_MISLEADING)]
        answers[name] = None if None in tried else any(tried)
    return {name: answers[name] for name in names}, passes


def used_in_steps(
    program: Program, captured: Capture, names: list[str]
) -> tuple[dict[str, bool | None], int]:
    """Take printed values out of a step that is called from outside, and run it from each state.

    Says of each whether a parameter comes out differently by a bit, and how many steps were run.
    """
    answers: dict[str, bool | None] = {}
    for name in names:
        tree = clone(program.source.tree)
        taker = _Taken({name}, _NOTHING)
        taker.visit(tree)
        codes = codes_of(program.compiled(program.instrument(tree, light=True)).main)
        without = Mended(captured.subject.step, codes)
        answers[name] = _steps_change(captured, without) if taker.count else None
    return answers, len(captured.bases)


def _steps_change(captured: Capture, without: Mended) -> bool:
    for state, base in enumerate(captured.bases):
        try:
            after = captured.subject.run(state, mend=without).after
        except Exception:  # noqa: BLE001 - it fails without it
            return True
        paths = [p.path for p in captured.carried.parameters]
        if not all(same(base.after.get(path), after.get(path)) for path in paths):
            return True
    return False
