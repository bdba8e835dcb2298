"""A program that can be run from its start, watched at each loop's head."""

from __future__ import annotations

import ast
import builtins
import os
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from losscope.auditing import branches, overwritten, parameters, sets, siblings
from losscope.auditing.instrument import RUNTIME, Instrumented, Loop, Place, instrument
from losscope.auditing.leaves import Path
from losscope.auditing.recorder import Recorder
from losscope.auditing.source import Source
from losscope.auditing.state import Frame, Snapshot
from losscope.auditing.step import LoopSubject, Outcome, compile_program, compile_step
from losscope.auditing.trouble import CannotAudit, Stop
from losscope.auditing.unchanged import Unchanged

SEED = 20_160_229


@dataclass
class Capture:
    """A training loop that has been found and captured."""

    subject: LoopSubject
    loop: Loop
    starts: list[dict[Path, Any]]
    bases: list[Outcome]
    carried: parameters.Carried
    names: frozenset[str] | None
    seconds_per_pass: float
    reseeded: bool


@dataclass(frozen=True)
class Code:
    """A compiled program, and the modules beside it."""

    main: CodeType
    beside: dict[File, CodeType]


class Program:
    """A program that can be run from its start, watched at each loop's head."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.recorder = Recorder()
        self.filename = str(source.path)
        branches.mark(source.tree)
        self.makes_sets = sets.are_made(source.tree)
        self.instrumented = self.instrument(source.tree)
        self.code = self.compiled(self.instrumented)

    def instrument(
        self,
        tree: ast.Module,
        *,
        light: bool = False,
        only: frozenset[Place] | None = None,
        unchanged: Unchanged | None = None,
    ) -> Instrumented:
        """Rewrite a tree of this program (the original, or a mended one)."""
        return instrument(
            tree,
            self.recorder.sites,
            light=light,
            only=only,
            sets=self.makes_sets,
            unchanged=unchanged,
        )

    def compiled(self, made: Instrumented) -> Code:
        """Compile a rewritten tree: the program itself, and each module beside it."""
        ends = [*(part.first for part in self.source.parts), sys.maxsize]

        def between(first: int, end: int) -> CodeType:
            body = [node for node in made.tree.body if first <= node.lineno < end]
            return compile_program(Instrumented(ast.Module(body, []), []), self.filename)

        parts = zip(self.source.parts, ends[:-1], ends[1:], strict=True)
        return Code(between(0, ends[0]), {p.path: between(first, end) for p, first, end in parts})

    def run(self, on_head: Callable[[int, FrameType], None], code: Code | None = None) -> None:
        """Run the program from its start; `on_head` may raise Stop to end it.

        Raises
        ------
        CannotAudit
            When the program fails, with the line and the reason.
        """
        self.recorder.on_head = on_head
        setattr(builtins, RUNTIME, self.recorder)
        builtins.__ls_names__ = locals  # type: ignore[attr-defined]
        np.random.seed(SEED % 2**32)
        random.seed(SEED)
        code = code or self.code
        with (
            self._as_main() as module,
            siblings.imported(code.beside),
            _seeded(),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")  # the program's own business
            try:
                exec(code.main, module.__dict__)  # noqa: S102 - the user's program
            except Stop as stop:
                if type(stop) is not Stop:
                    raise  # not ours: it printed too much
                if self.recorder.fault is not None:
                    raise self.recorder.fault from None
            except SystemExit as error:
                self._exit(error)
            except CannotAudit:
                raise
            except (Exception, KeyboardInterrupt) as error:
                raise CannotAudit(self.failure(error)) from error
            finally:
                self.recorder.on_head = None

    @contextmanager
    def aside(self, loop: Loop, frame: FrameType) -> Iterator[LoopSubject]:
        """Let a pass be run by itself from where the program stands, while nothing watches."""
        step = compile_step(loop, self.filename, names_at(loop, frame))
        subject = LoopSubject(self.recorder, step)
        hook, self.recorder.on_head = self.recorder.on_head, None
        try:
            subject.add(Snapshot(self.place(loop, frame)))
            yield subject
        finally:
            self.recorder.on_head = hook

    def place(self, loop: Loop, frame: FrameType) -> Frame:
        """Describe where a pass of a loop runs."""
        anew = overwritten.names(loop, self.source.tree)
        return Frame.of(frame, (self.filename,), anew)

    def _exit(self, error: SystemExit) -> None:
        if error.code not in (0, None):
            raise CannotAudit(
                f"The program ended itself (exit code {error.code}) before its training loop "
                "could be audited; does it need arguments on its command line?"
            )

    @contextmanager
    def _as_main(self) -> Iterator[ModuleType]:
        module = ModuleType("__main__")
        module.__file__ = self.filename
        main, argv, path = sys.modules["__main__"], sys.argv, list(sys.path)
        sys.modules["__main__"] = module
        sys.argv = [self.filename]
        sys.path.insert(0, os.path.dirname(os.path.abspath(self.filename)))  # noqa: PTH100, PTH120
        try:
            yield module
        finally:
            sys.modules["__main__"], sys.argv = main, argv
            sys.path[:] = path

    def failure(self, error: BaseException) -> str:
        """Say in one sentence how the program failed, with its own line."""
        line = 0
        for entry in traceback.extract_tb(error.__traceback__):
            if entry.filename == self.filename and entry.lineno:
                line = entry.lineno
        where = f" at {self.source.place(line)} ({self.source.line(line)})" if line else ""
        reason = " ".join(str(error).split())[:300]
        kind = type(error).__name__
        if isinstance(error, NameError) and getattr(error, "name", None):
            return (
                f"The program failed{where}: {kind}: {reason}. It reads as a fragment: supply "
                "the missing names with --setup FILE."
            )
        missing = getattr(error, "name", None)
        if isinstance(error, ModuleNotFoundError) and missing:
            return (
                f"The program needs {missing}{where}, which is not installed in the Python that "
                f"runs losscope ({sys.executable}): install it there, or losscope beside it."
            )
        if kind in (
            "URLError",
            "ConnectionError",
            "gaierror",
            "ConnectionRefusedError",
            "HTTPError",
        ):
            return f"The program needs the network{where}: {reason}. Give it its data from a file."
        if isinstance(error, EOFError):
            return f"The program asks for input{where}; nobody is there to answer."
        return f"The program failed{where}: {kind}: {reason}"


def names_at(loop: Loop, frame: FrameType) -> frozenset[str] | None:
    """List a function's names that are bound where a loop begins; None at module level."""
    return frozenset(frame.f_locals) if loop.function is not None else None


@contextmanager
def _seeded() -> Iterator[None]:
    """Give generators that ask for no seed one, so that two runs of a program agree."""
    made = np.random.default_rng
    count = 0

    def default_rng(seed: Any = None) -> np.random.Generator:
        nonlocal count
        if seed is None:
            count += 1
            return made([SEED, count])
        return made(seed)

    np.random.default_rng = default_rng
    try:
        yield
    finally:
        np.random.default_rng = made
