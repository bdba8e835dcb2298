"""One pass of the training loop as a function of the parameters."""

from __future__ import annotations

import ast
import builtins
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import CodeType, FunctionType
from typing import Any, Protocol

import numpy as np

from losscope.auditing import grown
from losscope.auditing.instrument import Instrumented, Loop, clone
from losscope.auditing.leaves import Path, lookup
from losscope.auditing.recorder import Key, Recorder, Trace
from losscope.auditing.state import Live, Snapshot, assign, double_precision

Array = np.ndarray[Any, Any]
Step = Callable[[dict[str, Any] | None, dict[str, Any]], tuple[dict[str, Any] | None, bool]]


@dataclass
class Outcome:
    """What one pass did: the values it computed, and where the carried arrays ended."""

    trace: Trace
    after: dict[Path, Array | None]
    stopped: bool = False  # the pass left the loop (break, return)


class Subject(Protocol):
    """Something whose pass can be run again from a known state."""

    count: int  # passes run so far

    @property
    def states(self) -> int:
        """How many states have been captured."""

    def run(
        self,
        state: int,
        moved: Mapping[Path, Array] | None = None,
        keep: set[Key] | None = None,
        mend: Mended | None = None,
    ) -> Outcome:
        """Run one pass from a state, with some parameters moved by the given amounts."""


@dataclass
class Mended:
    """A changed program, compiled: the pass, and code for each of its functions."""

    step: Step
    codes: dict[tuple[str, int], CodeType] = field(default_factory=dict)


def compile_program(program: Instrumented, filename: str) -> CodeType:
    """Compile a rewritten program, or a part of one."""
    return compile(program.tree, filename, "exec")


@dataclass(frozen=True)
class Head:
    """How a pass begins: which names of its function it finds, and which it shares."""

    names: frozenset[str] | None
    shared: frozenset[str]
    begin: tuple[ast.stmt, ...]
    ends_itself: bool  # it holds `return`, or names of an outer function

    @classmethod
    def of(cls, loop: Loop, names: frozenset[str] | None) -> Head:
        """Describe the passes of a loop; `names` are its function's names bound at its head."""
        if loop.function is None:
            return cls(names, frozenset(), (), ends_itself=False)
        shared = frozenset(
            name
            for node in ast.walk(loop.function)
            if isinstance(node, ast.Global)
            for name in node.names
        )
        lines = [f"global {', '.join(sorted(shared))}"] if shared else []
        lines += [f"{name} = __ls_in__[{name!r}]" for name in sorted((names or set()) - shared)]
        begin = _at(loop.line, ast.parse("\n".join(lines)).body)
        own = [node for statement in loop.body for node in ast.walk(statement)]
        ends = any(isinstance(node, ast.Return | ast.Nonlocal) for node in own)
        return cls(names, shared, tuple(begin), ends_itself=ends)


def compile_step(loop: Loop, filename: str, names: frozenset[str] | None) -> Step:
    """Make a function of one pass; `names` are the function's names bound at its head."""
    copied = replace(loop, body=[clone(statement) for statement in loop.body])
    return pass_of(copied, filename, Head.of(loop, names))


def pass_of(loop: Loop, filename: str, head: Head) -> Step:
    """Make a function of one pass, whose statements are used up."""
    return _module_step(loop, filename) if loop.function is None else _step(loop, filename, head)


_FRAME = """
__ls_out__ = True
for __ls_once__ in (0,):
    pass
else:
    __ls_out__ = False
"""


def _once(body: list[ast.stmt]) -> list[ast.stmt]:
    """Wrap a body so that `break` and `continue` keep their meaning for one pass."""
    frame = _at(body[0].lineno if body else 1, ast.parse(_FRAME).body)
    loop = frame[1]
    assert isinstance(loop, ast.For)
    loop.body = body
    return frame


def _at(line: int, statements: list[ast.stmt]) -> list[ast.stmt]:
    """Let made statements stand on a line of the program."""
    for statement in statements:
        for node in ast.walk(statement):
            if hasattr(node, "lineno"):
                vars(node).update(lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
    return statements


def _module_step(loop: Loop, filename: str) -> Step:
    tree = ast.Module(_once(loop.body), [])
    code = compile(tree, filename, "exec")

    def step(scope: dict[str, Any] | None, world: dict[str, Any]) -> tuple[None, bool]:
        del scope
        exec(code, world)  # noqa: S102 - running the user's program is the point
        return None, bool(world.pop("__ls_out__", False))

    return step


class _Returns(ast.NodeTransformer):
    """Let `return` give back the names as they stand."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        before = [ast.Expr(node.value)] if node.value is not None else []
        out = _at(node.lineno, ast.parse("return (__ls_names__(), True)").body)
        return [*(ast.copy_location(n, node) for n in before), *out]  # type: ignore[return-value]


_FUNCTION = """
def __ls_step__(__ls_in__):
    return (__ls_names__(), __ls_out__)
"""


def _step(loop: Loop, filename: str, head: Head) -> Step:
    inner = _once(loop.body)
    if head.ends_itself:
        inner = [_Returns().visit(_LocalNonlocal().visit(s)) for s in inner]
    function = _at(loop.line, ast.parse(_FUNCTION).body)[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = [*head.begin, *inner, *function.body]
    code = compile(ast.Module([function], []), filename, "exec")

    def step(scope: dict[str, Any] | None, world: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        made: dict[str, Any] = {}
        exec(code, world, made)  # noqa: S102 - running the user's program is the point
        after, out = made["__ls_step__"](scope)
        return {k: v for k, v in after.items() if not k.startswith("__ls_")}, out

    return step


class _LocalNonlocal(ast.NodeTransformer):
    """Drop `nonlocal` of the pass itself: its names are ordinary locals of the step."""

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        return ast.copy_location(ast.Pass(), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node


def codes_of(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """Map each function of a compiled program, by qualified name and line, to its code."""
    found: dict[tuple[str, int], CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found[(constant.co_qualname, constant.co_firstlineno)] = constant
            found.update(codes_of(constant))
    return found


class swapped:  # noqa: N801 - reads as a verb: with swapped(…):
    """Let the program's functions run other code for a while."""

    def __init__(
        self, functions: tuple[FunctionType, ...], codes: dict[tuple[str, int], CodeType]
    ) -> None:
        self.pairs = []
        for function in functions:
            old = function.__code__
            new = codes.get((old.co_qualname, old.co_firstlineno))
            if new is not None and len(new.co_freevars) == len(old.co_freevars):
                self.pairs.append((function, old, new))

    def __enter__(self) -> None:
        for function, _, new in self.pairs:
            function.__code__ = new

    def __exit__(self, *exc: object) -> None:
        for function, old, _ in self.pairs:
            function.__code__ = old


class LoopSubject:
    """A captured training loop: its pass can be run from each captured state."""

    def __init__(self, recorder: Recorder, step: Step) -> None:
        self.recorder = recorder
        self.step = step
        self.snapshots: list[Snapshot] = []
        self.watched: list[Path] = []
        self.grown: dict[Path, grown.Shape] = {}  # what the first pass spread, as it was before
        self.count = 0

    def add(self, snapshot: Snapshot) -> None:
        """Add a state to run from; the first one says which arrays are watched."""
        self.snapshots.append(snapshot)
        grown.shrink(snapshot.values, self.grown)
        if not self.watched:
            self.watched = list(snapshot.arrays())

    def shrink(self, first: Mapping[Path, grown.Shape]) -> None:
        """Take what has grown since the first pass as it was before, now and in what follows."""
        self.grown = grown.grown(self.snapshots[0].values, first)
        grown.shrink(self.snapshots[0].values, self.grown)

    @property
    def states(self) -> int:
        """How many states have been captured."""
        return len(self.snapshots)

    def run(
        self,
        state: int,
        moved: Mapping[Path, Array] | None = None,
        keep: set[Key] | None = None,
        mend: Mended | None = None,
    ) -> Outcome:
        """Run one pass from a state, with some parameters moved by the given amounts."""
        self.count += 1
        snapshot = self.snapshots[state]
        step = None if mend is None else mend.step
        world = snapshot.frame.world
        with (
            snapshot.open(moved or ()) as live,
            swapped(snapshot.frame.functions, self.codes_with(mend)),
            double_precision(world, wanted=snapshot.widened),
        ):
            for path, amount in (moved or {}).items():
                assign(live, path, np.asarray(lookup(live.values, path)) + amount)
            trace = self.recorder.begin(keep)
            try:
                left, out = self.once(snapshot, live, step)
            finally:
                self.recorder.end()
            values = live.after(left)
            after = {path: _number(lookup(values, path)) for path in self.watched}
            for path, shape in self.grown.items():
                after[path] = grown.shrunk(after.get(path), shape)
            self.settle(after, live, values)
        return Outcome(trace, after, out)

    def codes_with(self, mend: Mended | None) -> dict[tuple[str, int], CodeType]:
        """Give the code that the program's functions are to run."""
        return mend.codes if mend is not None else {}

    def settle(self, after: dict[Path, Array | None], live: Live, values: Any) -> None:
        """Change what a pass left, where it only worked something out."""

    def once(
        self, snapshot: Snapshot, live: Live, step: Callable[..., Any] | None = None
    ) -> tuple[dict[str, Any] | None, bool]:
        """Run one pass on a live state; gives the names that it leaves, and whether it ended."""
        with quiet(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.call(snapshot, live, step or self.step)

    def call(
        self, snapshot: Snapshot, live: Live, step: Callable[..., Any]
    ) -> tuple[dict[str, Any] | None, bool]:
        """Hand a pass the names that it finds."""
        scope = snapshot.frame.scope
        names = None if scope is None else {**scope, **live.values["local"]}
        left: tuple[dict[str, Any] | None, bool] = step(names, snapshot.frame.world)
        return left


@contextmanager
def quiet() -> Iterator[None]:
    """Let print do nothing for a while (but into a file): formatting large arrays is slow."""
    aloud = builtins.print

    def silent(*values: Any, file: Any = None, **settings: Any) -> None:
        if file not in (None, sys.stdout, sys.stderr):
            aloud(*values, file=file, **settings)

    builtins.print = silent
    try:
        yield
    finally:
        builtins.print = aloud


def _number(value: Any) -> Array | None:
    """Copy a number or numeric array; None for anything else that came to stand there."""
    if isinstance(value, np.ndarray | float | np.floating | int | np.integer):
        array = np.array(value)
        return array.astype(np.float64) if array.dtype.kind in "fiub" else None
    return None
