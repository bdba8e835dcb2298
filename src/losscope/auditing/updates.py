"""The rule by which a gradient becomes a step: plain descent, momentum, RMSprop, Adam, decay.

Correct Adam code must not read as some exotic loss.  So, where a parameter has buffers of its own
shape, an array of the pass is sought from which the rule makes exactly the observed step; that
array, not the step, is then compared with candidate losses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from losscope.auditing import fit, shaped
from losscope.auditing.adaptive import adaptive, signed
from losscope.auditing.leaves import Path, spelled
from losscope.auditing.parameters import Carried, Parameter
from losscope.auditing.probe import Measurement
from losscope.auditing.recorder import Event, Key
from losscope.auditing.view import EXACT, OWN_RULE, View

Array = np.ndarray[Any, Any]
_ENTRIES = 40  # that are looked at: those that move most


def step_view(measured: Measurement, index: int) -> View:
    """Take the step itself, turned to point where the loss would rise."""
    return View([-u for u in measured.updates[index]])


def again(measured: Measurement, view: View | None) -> View | None:
    """Take the same array under the same rule in another run; None where it is not to be found."""
    if view is None or view.key is None:
        return None
    times = view.rate if "momentum" in view.rule else 1.0
    values = [b.trace.value(view.key) for b in measured.bases]
    shape = view.arrays[0].shape
    arrays = [
        times * shaped.spread(v, shape)
        for v in values
        if v is not None and shaped.spreads(v, shape)
    ]
    if len(arrays) < len(values):
        return None
    made = replace(view, arrays=arrays)
    return made if view.scales is None else scaled(made, view.schedule, view.scales)


def scaled(view: View, schedule: str, scales: list[float]) -> View:
    """Divide each pass's rate out of a view."""
    arrays = [a / s for a, s in zip(view.arrays, scales, strict=True)]
    return replace(view, arrays=arrays, schedule=schedule, scales=scales)


def downhill(measured: Measurement, index: int, values: list[Array]) -> list[Array]:
    """Turn an array so that the steps go against it, as they go against a gradient."""
    steps = measured.updates[index]
    along = sum(float(np.vdot(s, v)) for s, v in zip(steps, values, strict=True))
    return values if along <= 0 else [-v for v in values]


def _values(measured: Measurement, key: Key, shape: tuple[int, ...]) -> list[Array]:
    found = [v for b in measured.bases if (v := b.trace.value(key)) is not None]
    return [shaped.spread(v, shape) for v in found if shaped.spreads(v, shape)]


def explain(measured: Measurement, carried: Carried, index: int) -> View | None:
    """Find the rule and the array that together make the step; None for plain descent."""
    parameter = measured.parameters[index]
    steps = measured.updates[index]
    own = {p: v for p, v in carried.buffers.items() if v[0].shape == parameter.shape}
    own = {p: v for p, v in own.items() if _is_carried_on(measured, p)}
    if not own:
        return None
    offered = _offered(
        measured, carried, parameter, own, shaped.shaped_like(measured, parameter, set())
    )
    if any(_is_plain(steps, values) for _, values, _ in offered):
        return None
    view = _ruled(measured, parameter, steps, offered)
    if view is None:
        smaller = shaped.narrower(measured, parameter)
        smaller_ones = _offered(measured, carried, parameter, own, smaller)
        view = _ruled(measured, parameter, steps, smaller_ones)
    if view is None:  # the slope of a hinge is the same wherever the parameters move a little
        view = _ruled(
            measured,
            parameter,
            steps,
            _offered(measured, carried, parameter, own, shaped.unmoved(measured, parameter)),
        )
    if view is not None:
        return view
    for event, values, _ in offered:  # the earliest of a chain is the gradient itself
        if entry_by_entry(measured, index, event.key):
            used = tuple(spelled(p) for p in own)
            arrays = downhill(measured, index, values)
            return View(
                arrays, OWN_RULE, event.site.name, event.key[0], buffers=used, key=event.key
            )
    return View([-s for s in steps], rule="unknown", buffers=tuple(spelled(p) for p in own))


_Offer = tuple[Event, list[Array], dict[Path, list[Array]]]


def _offered(
    measured: Measurement,
    carried: Carried,
    parameter: Parameter,
    own: dict[Path, list[Array]],
    events: list[Event],
) -> list[_Offer]:
    """Join arrays that may be the gradient with their values and the buffers that may follow it."""
    offered = []
    for event in events:
        values = _values(measured, event.key, parameter.shape)
        if len(values) < len(measured.bases) or all(np.all(v == 0) for v in values):
            continue
        if all(np.array_equal(v, w) for v, w in zip(values, parameter.starts, strict=True)):
            continue  # the parameter itself
        ends = [b.after.get(parameter.path) for b in measured.bases]
        if all(e is not None and np.array_equal(v, e) for v, e in zip(values, ends, strict=True)):
            continue  # and what it becomes
        free = {p: v for p, v in own.items() if event.key not in carried.from_buffers.get(p, ())}
        if free:
            offered.append((event, values, free))
    return offered


def _ruled(
    measured: Measurement, parameter: Parameter, steps: list[Array], offered: list[_Offer]
) -> View | None:
    """Find the known rule by which one of the offered arrays makes the steps."""
    by_name = sorted(offered, key=lambda item: item[0].site.kind != "assign")  # what people read
    rules: tuple[Callable[..., View | None], ...] = (_momentum, adaptive, _decaying, signed)
    for rule in rules:
        for event, values, free in by_name:
            view = rule(measured, parameter, steps, free, values)
            if view is not None:
                view.name, view.line, view.key = event.site.name, event.key[0], event.key
                return view
    return None


def entry_by_entry(measured: Measurement, index: int, key: Key) -> bool:
    """Tell whether each entry of the step depends on nothing but its entry of one array.

    (And on the parameter's own entry, as with weight decay, and on the buffers.)  Then whatever
    rule stands between the two, the array is the gradient that it starts from.
    """
    parameter = measured.parameters[index]
    found = measured.of(index)
    evidence = 0
    for state in {d.state for d in found}:
        rows = [d for d in found if d.state == state and key in d.answers]
        if len(rows) < 3:
            continue
        inner = np.array([d.answers[key].ravel() for d in rows])
        if inner.shape[1] != parameter.size:
            return False
        own = np.array([d.unit.ravel() for d in rows])
        outer = np.array([d.turned.ravel() for d in rows])
        moved = np.linalg.norm(outer, axis=0)
        tried = np.argsort(moved)[-_ENTRIES:]
        seen = moved[tried] >= 1e-9 * max(float(moved.max()), 1e-300)
        tried = tried[seen & np.any(inner[:, tried], axis=0)]
        tables = np.stack([inner[:, tried], own[:, tried]], axis=2).swapaxes(0, 1)
        if np.any(fit.left_over(tables, outer[:, tried].T) > 1e-4 * moved[tried]):
            return False
        evidence += len(tried)
    return evidence >= 3


def _is_carried_on(measured: Measurement, path: Path) -> bool:
    return all(b.after.get(path) is not None for b in measured.bases)


def _momentum(
    measured: Measurement,
    parameter: Parameter,
    steps: list[Array],
    own: dict[Path, list[Array]],
    values: list[Array],
) -> View | None:
    """Momentum: step = a · buffer + b · gradient."""
    return _linear(measured, parameter, steps, own, values, decays=False)


def _decaying(
    measured: Measurement,
    parameter: Parameter,
    steps: list[Array],
    own: dict[Path, list[Array]],
    values: list[Array],
) -> View | None:
    """Momentum with a decay outside the gradient: step = a · buffer + b · gradient + c · W."""
    return _linear(measured, parameter, steps, own, values, decays=True)


def _linear(
    measured: Measurement,
    parameter: Parameter,
    steps: list[Array],
    own: dict[Path, list[Array]],
    values: list[Array],
    *,
    decays: bool,
) -> View | None:
    target = np.concatenate([s.ravel() for s in steps])
    gradient = np.concatenate([v.ravel() for v in values])
    extra = [np.concatenate([w.ravel() for w in parameter.starts])] if decays else []
    if target.size < 4 + len(extra):
        return None
    size = float(np.linalg.norm(target))
    for path, held in own.items():
        table = np.column_stack([np.concatenate([h.ravel() for h in held]), gradient, *extra])
        found, left = fit.solve(table, target)
        if left > EXACT * size:
            continue
        shares = np.abs(found) * np.linalg.norm(table, axis=0)
        if shares[1] < 1e-6 * size or shares[0] < 1e-9 * size:
            continue
        kept, added = _recurrence(measured, path, held, values)
        rate = -float(found[1])
        rule = "momentum"
        ahead = abs(found[0] * added * (1 + kept) - found[1] * kept**2)
        if added and ahead < 1e-6 * abs(found[1] * kept * (1 + kept)):
            rule, rate = "Nesterov momentum", rate / (1 + kept)
        is_average = abs(abs(added) - abs(1 - kept)) < 1e-6 and abs(abs(rate) - abs(added)) > 1e-9
        if is_average and added:
            rate /= abs(added)  # the buffer is an average of gradients, not a sum
        return View(
            [rate * v for v in values],
            rule,
            buffers=(spelled(path),),
            momentum=kept,
            decay=float(found[2]) if decays else 0.0,
            rate=rate,
        )
    return None


def _recurrence(
    measured: Measurement, path: Path, held: list[Array], values: list[Array]
) -> tuple[float, float]:
    """Give a and b of: buffer after = a · buffer before + b · gradient."""
    after = np.concatenate([np.asarray(b.after[path]).ravel() for b in measured.bases])
    table = np.column_stack(
        [np.concatenate([h.ravel() for h in held]), np.concatenate([v.ravel() for v in values])]
    )
    found, _ = fit.solve(table, after)
    return float(found[0]), float(found[1])


def _is_plain(steps: list[Array], values: list[Array]) -> bool:
    """Tell whether one or two numbers simply follow an array, pass after pass."""
    y, x = (np.concatenate([a.ravel() for a in arrays]) for arrays in (steps, values))
    if steps[0].size > 2 or y.size < 3 or not np.any(x):
        return False
    return fit.plain(y, x).residual < EXACT
