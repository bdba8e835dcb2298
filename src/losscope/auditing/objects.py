"""The same audit for objects: a step that users of a class really call, run from known states."""

from __future__ import annotations

import gc
import inspect
import time
from collections.abc import Callable, Mapping
from pathlib import Path as File
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from losscope.auditing import (
    arrays,
    auditor,
    diagnose,
    experiment,
    judge,
    leaves,
    lost,
    parameters,
    probe,
    screen,
    summary,
    telling,
    told,
    trial,
)
from losscope.auditing.causes import places
from losscope.auditing.instrument import Loop, Site
from losscope.auditing.leaves import Path, arrays_in, lookup, spelled
from losscope.auditing.program import Capture, Program
from losscope.auditing.recorder import Recorder
from losscope.auditing.report import Report
from losscope.auditing.source import Source
from losscope.auditing.state import Frame, Live, Snapshot, belongings
from losscope.auditing.step import LoopSubject, Mended, Outcome, codes_of
from losscope.auditing.trouble import CannotAudit

Array = np.ndarray[Any, Any]
_STATES = 4


class ObjectAudit(Report):
    """The report of an audit of objects; printed, it reads as `losscope audit` does."""

    def __str__(self) -> str:
        return screen.render(self.to_dict())


def audit(
    step: Callable[[], Any] | None = None,
    *,
    parameters: Any = None,
    forward: Callable[[], Any] | None = None,
    target: Any = None,
    gradients: Callable[[], Any] | None = None,
) -> ObjectAudit:
    """Say which loss one training step really descends, parameter by parameter.

    Parameters
    ----------
    step : called without arguments, runs one update: `lambda: net.train_on_batch(X, y)`.
    parameters : the arrays that it trains (an array, list, dict, or object); found when None.
    forward : called without arguments, gives the predictions: `lambda: net.predict(X)`.
    target : what the predictions are compared with; sought among the step's arrays when None.
    gradients : instead of `step`: called without arguments, gives the gradients of `parameters`,
        in the same order (a list or tuple) or under the same keys (a dict).

    The step runs many times from copies of its state; afterwards everything is as it was before.

    Raises
    ------
    CannotAudit
        When nothing that the step changes is a parameter, or a step cannot be repeated.
    """
    if (step is None) == (gradients is None):
        raise CannotAudit("audit() takes either step= or gradients=, not both and not neither.")
    if gradients is not None and parameters is None:
        raise CannotAudit("audit(gradients=…) needs parameters=, in the order of the gradients.")
    began = time.perf_counter()
    call: Callable[[], Any] = step if step is not None else gradients  # type: ignore[assignment]
    subject = _Subject(call, forward, parameters if gradients is not None else None)
    starts, bases = subject.prepare(advance=gradients is None)
    carried = _carried(subject, starts, bases, parameters, gradients is not None)
    capture = Capture(subject, _no_loop(subject), starts, bases, carried, None, 0.0, reseeded=False)
    kinked = any(word in subject.program.source.text for word in auditor.KINKS)
    measured = probe.measure(subject, starts, bases, carried, kinked=kinked)
    found = arrays.targets(measured, subject.snapshots, {})
    if target is not None:
        given = np.asarray(target, dtype=np.float64)
        found.insert(0, arrays.Target("target", [given] * len(starts), None))
    judgement = judge.judge(measured, carried, found, decimals=subject.program.source.decimals)
    names = telling.names(subject.program.source.tree)
    costs = list({c.name: c for c in told.within(judgement, names, found)[::-1]}.values())[::-1]
    bench = experiment.Bench(judgement, program=subject.program, captured=capture)
    scene = places.scene(
        subject.program.source, judgement, 0, arrays_in(subject.snapshots[0].values)
    )
    gone = lost.find(subject.program.source, capture, judgement, found)
    said = diagnose.diagnose(subject.program, capture, judgement, costs, gone, scene, bench)
    used = trial.used_in_steps(subject.program, capture, [c.name for c in costs])
    report = summary.report(subject.program.source, capture, judgement, said, costs, *used, bench)
    out = ObjectAudit(**vars(report))
    out.seconds = time.perf_counter() - began
    return out


class _Subject(LoopSubject):
    """A callable whose state is whatever it reaches: its object, its closure, its module."""

    def __init__(
        self, call: Callable[[], Any], forward: Callable[[], Any] | None, gradients_of: Any
    ) -> None:
        super().__init__(Recorder(), _unused)
        self.step_called, self.forward, self.gradients_of = call, forward, gradients_of
        self.owner = call.__self__ if isinstance(call, MethodType) else None
        files = _files(call, self.owner)
        self.program = _program(files)
        self.recorder = self.program.recorder
        self.codes = codes_of(self.program.code.main) if files else {}
        self.files = files
        self.forward_site = len(self.recorder.sites)
        self.recorder.sites.append(Site(0, "forward()", "assign", "forward()"))

    def frame(self) -> Frame:
        """Describe what the callable can reach."""
        call = self.step_called
        base = call.__func__ if isinstance(call, MethodType) else call
        if not isinstance(base, FunctionType):
            raise CannotAudit("step= must be a Python function, a lambda or a method of an object.")
        functions, classes = belongings(self.files)
        extra = [
            f for f in (base, self.forward) if isinstance(f, FunctionType) and f not in functions
        ]
        scope = {
            k: v for k, v in (("owner", self.owner), ("given", self.gradients_of)) if v is not None
        }
        return Frame(scope, base.__globals__, (*functions, *extra), classes)

    def prepare(self, *, advance: bool) -> tuple[list[dict[Path, Array]], list[Outcome]]:
        """Capture the state now and after some steps, then put everything back."""
        import builtins

        builtins.__ls__ = self.recorder  # type: ignore[attr-defined]
        first = Snapshot(self.frame())
        self.add(first)
        for _ in range(_STATES - 1 if advance else 0):
            self._advance()
        starts = [
            {p: np.array(v, dtype=np.float64) for p, v in s.arrays().items()}
            for s in self.snapshots
        ]
        bases = [self.run(state) for state in range(self.states)]
        again = self.run(0)
        if any(
            not leaves.same(v, again.after.get(p))
            for p, v in bases[0].after.items()
            if v is not None
        ):
            raise CannotAudit("The same step from the same state gives different results.")
        return starts, bases

    def _advance(self) -> None:
        """Run one step on a copy of the latest state, and capture what it leaves."""
        latest = self.snapshots[-1]
        with latest.open() as live:
            self.once(latest, live)
            frame = latest.frame
            now = Frame(live.values["local"], frame.world, frame.functions, frame.classes)
            self.snapshots.append(Snapshot(now))

    def call(
        self, snapshot: Snapshot, live: Live, step: Callable[..., Any]
    ) -> tuple[dict[str, Any] | None, bool]:
        """Run one step of the caller's, after a forward pass that is recorded."""
        del snapshot, step
        if self.forward is not None and self.recorder.trace is not None:
            self.recorder.rec(self.forward_site, self._predict(live))
        self.result = self._once(live)
        return live.values["local"], False

    def _once(self, live: Live) -> Any:
        if self.owner is not None:
            return getattr(live.values["local"]["owner"], self.step_called.__name__)()
        return self.step_called()

    def codes_with(self, mend: Mended | None) -> dict[tuple[str, int], CodeType]:
        """Let the functions run in their watched form, mended or not."""
        return {**self.codes, **super().codes_with(mend)}

    def settle(self, after: dict[Path, Array | None], live: Live, values: Any) -> None:
        """Let gradients that are given back act as a step of size one."""
        if self.gradients_of is not None:
            _subtract(after, live.values["local"]["given"], self.result, values)

    def _predict(self, live: Any) -> Any:
        assert self.forward is not None
        if isinstance(self.forward, MethodType) and self.forward.__self__ is self.owner:
            return getattr(live.values["local"]["owner"], self.forward.__name__)()
        return self.forward()


def _unused(*_: Any) -> Any:
    raise NotImplementedError


def _subtract(after: dict[Path, Array | None], given: Any, result: Any, values: Any) -> None:
    """Let gradients act as a step of size one on the parameters that they belong to."""
    pairs = _paired(given, result)
    for path in list(after):
        held = lookup(values, path)
        for parameter, gradient in pairs:
            if held is parameter and after[path] is not None:
                gradient = np.asarray(gradient, dtype=np.float64)  # noqa: PLW2901 - the same array, as floats
                if gradient.shape != np.shape(parameter):
                    raise CannotAudit(
                        f"The gradient of {spelled(path)} has shape {gradient.shape}; the parameter "  # noqa: E501 - a sentence or a table row
                        f"has {np.shape(parameter)}."
                    )
                after[path] = np.asarray(after[path]) - gradient


def _paired(given: Any, result: Any) -> list[tuple[Any, Any]]:
    if isinstance(given, Mapping):
        names = {k: k if k in result else f"d{k}" for k in given}
        missing = [k for k, n in names.items() if n not in result]
        if missing:
            raise CannotAudit(f"gradients() gave none for {', '.join(map(str, missing))}.")
        return [(given[k], result[n]) for k, n in names.items()]
    if isinstance(given, np.ndarray):
        given, result = [given], [result] if isinstance(result, np.ndarray) else result
    given, result = list(given), list(result)
    if len(given) != len(result):
        raise CannotAudit(f"gradients() gave {len(result)} arrays for {len(given)} parameters.")
    return list(zip(given, result, strict=True))


def _files(call: Any, owner: Any) -> tuple[str, ...]:
    """List the source file of the step, and that of its object's class."""
    found = []
    for thing in (call, type(owner) if owner is not None else None, *_closed_over(call)):
        if thing is None:
            continue
        try:
            file = inspect.getsourcefile(thing)
        except TypeError:
            continue
        if file and File(file).exists() and "site-packages" not in file and file not in found:
            found.append(file)
    return tuple(found)


def _closed_over(call: Any) -> list[Any]:
    base = getattr(call, "__func__", call)
    cells = [c.cell_contents for c in (getattr(base, "__closure__", None) or ()) if _filled(c)]
    names = getattr(getattr(base, "__code__", None), "co_names", ())
    world = getattr(base, "__globals__", {})
    values = [*cells, *(world[n] for n in names if n in world)]
    return [
        v if inspect.isfunction(v) or inspect.isclass(v) else type(v)
        for v in values
        if not inspect.ismodule(v)
    ]


def _filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - an empty cell raises
    except ValueError:
        return False
    return True


def _program(files: tuple[str, ...]) -> Program:
    """Rewrite the file in which the class (or else the step) is written."""
    import ast

    if not files:
        return Program(Source(File("<interactive>"), "", ast.Module([], [])))
    file = File(files[-1])
    try:
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError):  # a page or a cell under whose name code was run
        return Program(Source(file, "", ast.Module([], [])))
    return Program(Source(file, text, tree))


def _no_loop(subject: _Subject) -> Loop:
    subject.step = _unused
    return Loop(-1, -1, -1, [], None, "", None)


def _carried(
    subject: _Subject,
    starts: list[dict[Path, Array]],
    bases: list[Outcome],
    given: Any,
    by_gradient: bool,
) -> parameters.Carried:
    """Find the parameters: those given, or all that a step moves and the forward pass reads."""
    own = frozenset({0}) if by_gradient else frozenset()
    carried = parameters.find(subject, starts, bases, own)
    wanted = _given_paths(subject, given)
    if wanted is not None and not by_gradient:
        kept = [i for i, p in enumerate(carried.parameters) if p.path in wanted]
        if kept:
            carried.parameters = [carried.parameters[i] for i in kept]
            carried.moves = [carried.moves[i] for i in kept]
    if not carried.parameters and subject.forward is None and not subject.program.source.text:
        raise CannotAudit(
            "The source of the step cannot be read, so its passes cannot be watched; give forward= "
            "and target=."
        )
    if not carried.parameters:
        raise CannotAudit(
            "No array that the step changes is read by its forward pass; name the arrays with "
            "parameters=, and check that step= really trains them."
        )
    gc.collect()
    return carried


def _given_paths(subject: _Subject, given: Any) -> set[Path] | None:
    if given is None:
        return None
    objects = arrays_in({"local": {"given": given}, "global": {}, "class": {}, "cell": {}})
    ids = {id(v) for v in objects.values()}
    from losscope.auditing.state import values_of

    live = values_of(subject.snapshots[0].frame)
    return {path for path, value in arrays_in(live).items() if id(value) in ids} or None
