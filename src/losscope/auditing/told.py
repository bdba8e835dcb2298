"""What a program tells its user: the numbers it prints, keeps in a history, or puts in a log."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscope.auditing import afterwards, rules, slopes, telling
from losscope.auditing.arrays import Target
from losscope.auditing.candidates import Candidate
from losscope.auditing.identify import Identity, identify
from losscope.auditing.instrument import Loop
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, same
from losscope.auditing.program import Capture, Program
from losscope.auditing.recorder import Event, Trace
from losscope.auditing.step import Mended, compile_step

Array = np.ndarray[Any, Any]
_COST_WORDS = (
    "cost",
    "loss",
    "error",
    "err",
    "mse",
    "entropy",
    "objective",
    "mae",
    "rmse",
    "nll",
    "likelihood",
    "risk",
    "energy",
)
_TO_RISE = {"reward", "rewards", "return", "utility", "profit", "likelihood", "elbo", "evidence"}
_TO_FALL = {"neg", "negative", "nll", "minus", "loss", "cost", "error", "regret"}


@dataclass
class Told:
    """One cost that the program tells."""

    name: str
    line: int  # where it is computed
    shape: tuple[int, ...]
    inside: bool  # computed within the pass, not after the loop of batches
    kept: bool = False  # appended to a history rather than printed
    scalar: Candidate | None = None
    identity: Identity | None = None
    readers: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    spreads: list[Event] = field(default_factory=list)  # of what is worked out after the loop
    later: Candidate | None = None  # the number itself, where it is told of new parameters
    turn: frozenset[int] = frozenset()  # parameters that move after it, where others have moved


def find(
    program: Program, captured: Capture, judgement: Judgement, targets: list[Target]
) -> list[Told]:
    """List the costs that the program tells, and say what each of them is."""
    names = telling.names(program.source.tree, captured.loop)
    found = within(judgement, names, targets)
    found += _after(program, captured, judgement, names, targets)
    out: dict[str, Told] = {}
    for told in found:
        out.setdefault(told.name, told)
    labels = telling.labels(program.source.tree)
    for told in out.values():
        if told.scalar is not None and afterwards.comes_after(judgement, told.scalar):
            told.later = told.scalar
            before = afterwards.measured_before(program, captured, judgement, told.scalar)
            if before is not None:
                told.turn = afterwards.still_to_move(judgement, told.scalar)
                told.scalar = before
                rules.paced(judgement, before)
        if _is_to_rise(f"{told.name} {labels.get(told.name, '')}"):
            told.scalar = afterwards.turned_round(judgement, told.scalar)
        told.kept = names.get(told.name, False)
        told.readers = [r for r in telling.readers(program.source, told.name) if r[0] != told.line]
    return list(out.values())


def _is_to_rise(text: str) -> bool:
    """Tell whether a number goes by what is made large: a reward, a log likelihood."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return bool(words & _TO_RISE) and not words & _TO_FALL


def within(judgement: Judgement, names: dict[str, bool], targets: list[Target]) -> list[Told]:
    """List the costs that the pass itself computes and the program tells."""
    traces = [base.trace for base in judgement.measured.bases]
    out = []
    for event, scalar in _latest(judgement, names).values():
        told = _told(event, traces, judgement, targets, inside=True)
        told.scalar = scalar
        out.append(told)
    return out


def _latest(
    judgement: Judgement, names: dict[str, bool]
) -> dict[str, tuple[Event, Candidate | None]]:
    """Map each cost that is told to what holds its last value, and to the slopes of that."""
    measured = judgement.measured
    traces = [base.trace for base in measured.bases]
    scalars = {c.key: c for c in judgement.scalars}
    latest: dict[str, tuple[Event, Candidate | None]] = {}
    for event in sorted(traces[0].events.values(), key=lambda e: e.order):
        if event.key not in measured.reached or event.site.name not in names:
            continue
        if event.site.kind not in ("assign", "print", "inner") or not _is_cost(event, judgement):
            continue
        # a name that is written again tells its later value
        first, scalar = latest.get(event.site.name, (event, None))
        again = first if _sums(first, traces) == _sums(event, traces) else event
        kept = scalar if again is first else None
        latest[event.site.name] = again, kept or scalars.get(event.key)
    return latest


def _sums(event: Event, traces: list[Trace]) -> list[float]:
    return [float(np.sum(v)) for t in traces if (v := t.value(event.key)) is not None]


def _is_cost(event: Event, judgement: Judgement) -> bool:
    word = any(w in event.site.name.lower() for w in _COST_WORDS)
    if event.value.size > 1 and not (word and event.value.size <= 400 and event.value.ndim == 2):
        return False
    if event.value.size > 1 and event.value.shape[0] != event.value.shape[1]:
        return False
    for parameter in judgement.measured.parameters:
        if event.value.size == parameter.size and (
            same(event.value.ravel(), parameter.starts[0].ravel())
            or event.site.name == parameter.name
        ):
            return False
    after, kept = judgement.measured.bases[0].after, judgement.carried
    buffers = [path for path in kept.buffers if not _is_running_sum(path, judgement)]
    held = [*buffers, *kept.fixed, *(p.path for p in kept.parameters)]
    return word or not any(same(event.value, after.get(path)) for path in held)


def _is_running_sum(path: Path, judgement: Judgement) -> bool:
    """Tell whether a number is carried on for nothing but itself: no parameter answers to it."""
    base, kept = judgement.measured.bases[0], judgement.carried
    if kept.buffers[path][0].size > 1:
        return False
    finals = [base.after[p.path] for p in kept.parameters]
    keys = kept.from_buffers.get(path, ())  # of very many values, not all are kept
    answering = [value for key in keys if (value := base.trace.value(key)) is not None]
    return not any(same(value, final) for value in answering for final in finals)


def _told(
    event: Event, traces: list[Trace], judgement: Judgement, targets: list[Target], *, inside: bool
) -> Told:
    told = Told(
        event.site.name, _first_line(event, traces[0], judgement), event.value.shape, inside
    )
    held = [t.value(event.key) for t in traces]
    arrays = [v for v in held if v is not None]
    told.values = [float(np.sum(v)) for v in arrays]
    if len(arrays) == len(traces):
        told.identity = _identity(event, arrays, traces, judgement, targets)
    if event.value.size > 1:
        told.notes.append(_array_note(event, told))
    found = told.identity
    if found is not None and found.outputs > 2 and found.outputs != found.examples:
        by_outputs = any(abs(abs(found.factor) * found.outputs / t - 1) < 1e-6 for t in (0.5, 1, 2))
        if by_outputs:
            told.notes.append(
                f"it divides by {found.outputs}, the number of outputs (features); "
                f"there are m = {found.examples} examples"
            )
    return told


def _first_line(event: Event, trace: Trace, judgement: Judgement) -> int:
    """Give the line that first gives a number a part of its value: a penalty is added later."""
    for other in sorted(trace.events.values(), key=lambda e: e.order):
        same_name = other.site.name == event.site.name and other.site.kind == event.site.kind
        if same_name and other.site.function == event.site.function:  # noqa: SIM102 - two thoughts, two lines
            if other.key in judgement.measured.reached:
                return other.key[0]
    return event.key[0]


def _identity(
    event: Event,
    arrays: list[Array],
    traces: list[Trace],
    judgement: Judgement,
    targets: list[Target],
) -> Identity | None:
    pairs = _pairs(traces, targets, judgement)
    weights = [
        sum(
            float(np.sum(p.starts[s] ** 2))
            for p in judgement.measured.parameters
            if p.starts[s].ndim == 2
        )
        for s in range(len(traces))
    ]
    square = event.value.ndim == 2 and event.value.size > 1
    values = [float(np.trace(v)) if square else float(np.sum(v)) for v in arrays]
    likely = (judgement.best.loss,) if judgement.best is not None else ()
    return identify(values, pairs, judgement.measured.examples, weights, likely)


def _pairs(
    traces: list[Trace], targets: list[Target], judgement: Judgement
) -> list[tuple[str, str, list[Array], list[Array]]]:
    """Bring predictions of a trace and targets together, by name and by state."""
    from losscope.auditing import candidates

    out = []
    known = [target for target in targets if target.values[0].size > 1]
    measured = judgement.measured
    known_here = measured.bases[0].trace.events
    answering = [
        e
        for e in traces[0].events.values()
        if e.key in measured.reached or e.key not in known_here  # of the pass, or of what follows
    ]
    for event in candidates.apart(answering, traces):
        if event.site.kind == "print":
            continue
        values = [t.value(event.key) for t in traces]
        if any(v is None for v in values):
            continue
        for target in known:
            if not slopes.may_fit(target.values[0].shape, event.value.shape):
                continue
            made = [
                slopes.fit_shape(t, v)
                for t, v in zip(target.values, values, strict=True)
                if v is not None
            ]
            if all(f is not None for f in made):
                out.append(
                    (
                        event.site.name,
                        target.name,
                        [v for v in values if v is not None],
                        [f for f in made if f is not None],
                    )
                )
    best = judgement.best
    if best is not None:  # what is descended is the likeliest to be told
        out.sort(key=lambda pair: (pair[0] != best.prediction, pair[1] != best.target))
    return out


def _array_note(event: Event, told: Told) -> str:
    shape = "×".join(str(n) for n in event.value.shape)
    text = f"line {told.line} is a {shape} array, not a number"
    if (
        told.identity is not None
        and event.value.ndim == 2
        and event.value.shape[0] == event.value.shape[1]
    ):
        text += f"; its diagonal sums to {told.identity.text}"
    return text


def _after(
    program: Program,
    captured: Capture,
    judgement: Judgement,
    names: dict[str, bool],
    targets: list[Target],
) -> list[Told]:
    """Run what follows the loop of batches, from each captured state, and look at what it tells."""
    loop = captured.loop
    if loop.parent is None or not loop.after:
        return []
    epilogue = Loop(
        loop.number,
        loop.line,
        loop.last_line,
        loop.after,
        loop.function,
        loop.function_name,
        loop.parent,
    )
    try:
        step = compile_step(epilogue, program.filename, captured.names)
        outcomes = [
            captured.subject.run(s, mend=Mended(step)) for s in range(captured.subject.states)
        ]
    except Exception:  # noqa: BLE001 - it may need what the loop leaves behind
        return []
    traces = [o.trace for o in outcomes]
    held = set(_latest(judgement, names))
    out = []
    for event in sorted(traces[0].events.values(), key=lambda e: e.order):
        if event.site.name in names and event.site.name not in held and event.value.size == 1:  # noqa: SIM102 - two thoughts, two lines
            if event.site.kind in ("assign", "print", "inner") and _varies(event, traces):
                held.add(event.site.name)
                made = _told(event, traces, judgement, targets, inside=False)
                made.spreads = traces[0].spreads
                made.scalar = _within_it(made.name, judgement)
                made.line = made.scalar.line if made.scalar is not None else made.line
                out.append(made)
    return out


def _within_it(text: str, judgement: Judgement) -> Candidate | None:
    """Give the number of the pass that an expression told after it is made of: total / batches."""
    names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    found = [
        scalar
        for scalar in judgement.scalars
        if scalar.title in names
        and scalar.key is not None
        and (event := judgement.measured.event(scalar.key)) is not None
        and event.site.kind == "assign"
        and _is_cost(event, judgement)
    ]
    return found[-1] if found else None


def _varies(event: Event, traces: list[Trace]) -> bool:
    values = {float(v.ravel()[0]) for t in traces if (v := t.value(event.key)) is not None}
    return len(values) > 1
