"""What an update could descend: each scalar of the program, and each known loss of its arrays.

A candidate is reduced to what it would do along the measured directions, so that trying one costs
no pass of the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.auditing.arrays import Target
from losscope.auditing.probe import Measurement
from losscope.auditing.recorder import ALL, Event, Key, Trace
from losscope.auditing.slopes import fit_shape, may_fit, slope_of
from losscope.auditing.words import title_of

if TYPE_CHECKING:
    from losscope.losses import Loss

Array = np.ndarray[Any, Any]
_MEASURED = 1e-9  # how well a slope is measured
_MOST_SLACK = 1e-3  # what is let pass as rounding
_ALONG = 1e-9  # what rounding may leave of a step beside the gradient that it is made of
_SEEN = 1e-7  # what that must leave of a sum to be minded
Pair = tuple[Event, Target, list[Array]]  # a prediction, a target, and that in its shape
_NUMBERED = (("huber", np.inf), ("pinball", 1.0), ("expectile", 1.0), ("epsilon_insensitive", 1.0))
_MOST_DECIMALS = 16
FIRST = ("mse", "bce", "ce")  # what nearly everybody writes; the others only if none of these fits


@dataclass(eq=False)
class Candidate:
    """Something that an update may descend; one is told from another by identity."""

    kind: str  # "loss": of the catalogue; "scalar": computed by the program
    loss: str  # catalogue name, or "" for a scalar
    title: str
    prediction: str
    target: str
    line: int
    size: list[int]  # how many numbers the loss is a sum over, by state
    examples: list[int]  # how many examples, by state
    along: list[Array]  # by parameter: directional derivatives
    key: Key | None = None
    source: Target | None = None
    raw: bool = False  # the array is a raw prediction, fed through the loss's own output
    slopes: list[Array] = field(default_factory=list)  # by state, shaped as the prediction
    value: list[float] = field(default_factory=list)  # by state: the sum of the loss
    noise: list[float] = field(default_factory=list)  # by parameter: what rounding may leave

    @property
    def slack(self) -> list[float]:
        """What rounding may leave of an update that follows it all the same, by parameter."""
        return [min(n, _MOST_SLACK) for n in self.noise]

    @property
    def outputs(self) -> int:
        """How many outputs an example has."""
        return max(1, self.size[0] // max(1, self.examples[0]))


def scalars(measured: Measurement) -> list[Candidate]:
    """List every number that the pass computes and that the parameters reach."""
    out: list[Candidate] = []
    for key in sorted(measured.reached, key=lambda k: _order(measured, k)):
        event = measured.event(key)
        if event is None or not (event.value.size == 1 or event.site.kind == "print"):
            continue
        if event.value.size > 1 and event.value.size > 400:
            continue
        along = _along(measured, key, None)
        if along is None or not any(np.any(a != 0) for a in along):
            continue
        values = [float(np.sum(v)) for b in measured.bases if (v := b.trace.value(key)) is not None]
        candidate = Candidate(
            "scalar",
            "",
            event.site.name,
            "",
            "",
            key[0],
            [1] * len(values),
            [1] * len(values),
            along,
            key,
            value=values,
            noise=[rounding(measured, i, event.value, row) for i, row in enumerate(along)],
        )
        out.append(candidate)
    return out


def rounding(measured: Measurement, index: int, value: Array, along: Array) -> float:
    """Estimate what rounding leaves of a number's measured slopes, relatively."""
    size = float(np.linalg.norm(along))
    steps = np.array([d.step for d in measured.of(index)])
    noise = 5e-16 * float(np.max(np.abs(value))) * float(np.linalg.norm(1 / steps))
    return noise / size if size > 0 else 0.0


def _order(measured: Measurement, key: Key) -> int:
    event = measured.event(key)
    return event.order if event is not None else 0


def _along(measured: Measurement, key: Key, slopes: list[Array] | None) -> list[Array] | None:
    """Give d(candidate)/d(step) for every direction of every parameter."""
    out = []
    for index in range(len(measured.parameters)):
        row = []
        for direction in measured.of(index):
            answer = direction.answers.get(key)
            if answer is None:
                return None
            if slopes is None:
                row.append(float(np.sum(answer)))
                continue
            slope = slopes[direction.state]
            if slope.shape != answer.shape:
                return None
            row.append(float(np.vdot(slope, answer)))
        out.append(np.array(row))
    return out


def pairs(measured: Measurement, targets: list[Target], home: str = "") -> list[Pair]:
    """List (array, target) that fit each other in every state, the target brought to its shape.

    `home` is the function that the loop stands in: its own names go before those of others.
    """
    out, one_by_one = [], False
    events = [e for k in measured.reached if (e := measured.event(k)) is not None]
    for event in apart(events, [b.trace for b in measured.bases], home):
        values = [b.trace.value(event.key) for b in measured.bases]
        if any(v is None or not np.all(np.isfinite(v)) for v in values):
            continue
        every = range(len(measured.parameters))
        if any(_is_parameter(event.value, measured, i) for i in every):
            continue
        if any(_is_multiple(event.value, measured.updates[i][0]) for i in every):
            continue
        for target in targets:
            if event.value.size == 1 and not _may_be_single(target):
                continue
            if not may_fit(target.values[0].shape, event.value.shape):
                continue
            one_by_one = one_by_one or (event.value.size == 1 and _is_entry(target, targets))
            fitted = [
                fit_shape(t, v) for t, v in zip(target.values, values, strict=True) if v is not None
            ]
            if all(f is not None for f in fitted):
                out.append((event, target, [f for f in fitted if f is not None]))
    out = _all_examples(out, measured)
    wide = [pair for pair in out if pair[0].value.size > 1]
    # single numbers only where a pass sees one example, one number at a time
    if one_by_one:
        return out
    return wide if any(target.values[0].size > 1 for _, target, _ in wide) else out


def _all_examples(found: list[Pair], measured: Measurement) -> list[Pair]:
    """Where a pass takes its examples in turn, leave out what is of one example, but the last."""
    in_turn = {e.key[:2] for e, target, _ in found if e.key[2] == ALL and target.stacked}
    last: dict[tuple[int, str], int] = {}
    for line, name, count in measured.bases[0].trace.events:
        last[line, name] = max(last.get((line, name), 0), count)
    return [
        pair
        for pair in found
        if pair[0].key[:2] not in in_turn or pair[0].key[2] in (ALL, last[pair[0].key[:2]])
    ]


def _is_entry(single: Target, targets: list[Target]) -> bool:
    """Tell whether a single number is another entry of one array in each pass: an example's."""
    return single.path is None and any(
        len(t.values) == len(single.values)
        and all(_ends_a_row(v, t.values[s]) for s, v in enumerate(single.values))
        for t in targets
    )


def _ends_a_row(value: Array, table: Array) -> bool:
    """Tell whether a number stands in an array of labels, or at the end of a row of a table."""
    labels = table[:, -1] if table.ndim == 2 else table if table.ndim == 1 else np.zeros(0)
    return labels.size > 2 and bool(np.isin(value, labels).all())


def _is_parameter(value: Array, measured: Measurement, index: int) -> bool:
    parameter = measured.parameters[index]
    if value.shape != parameter.shape or value.size < 2:
        return False
    after = measured.bases[0].after.get(parameter.path)
    if any(a is not None and np.array_equal(value, a) for a in (parameter.starts[0], after)):
        return True
    return _is_multiple(value, parameter.starts[0])  # its penalty's slope


def _is_multiple(value: Array, step: Array) -> bool:
    """Tell whether an array is a multiple of a step, as the gradient is: that predicts nothing."""
    if value.shape != step.shape or value.size < 2:
        return False
    length = float(np.vdot(value, value))
    left = step - float(np.vdot(value, step)) / length * value if length > 0 else step
    return bool(np.linalg.norm(left) <= _ALONG * np.linalg.norm(step))


def apart(events: list[Event], traces: list[Trace], home: str = "") -> list[Event]:
    """Drop printed twins and arrays that another name holds in every state; assigned names win."""
    kinds = {"assign": 0, "argument": 1, "return": 2, "inner": 3, "print": 4}
    by_value: dict[tuple[Any, ...], Event] = {}
    for event in sorted(
        events, key=lambda e: (kinds[e.site.kind], e.site.function != home, e.order)
    ):
        values = [t.value(event.key) for t in traces]
        marks = tuple(None if v is None else (v.shape, v.tobytes()) for v in values)
        by_value.setdefault(marks, event)
    return sorted(by_value.values(), key=lambda e: e.order)


def _may_be_single(target: Target) -> bool:
    """Take a single number for a target only where it changes from pass to pass."""
    numbers = {float(v.ravel()[0]) for v in target.values if v.size == 1}
    return len(numbers) > 1


@dataclass
class Offer:
    """A loss of a pair, not yet worked out beyond the first state."""

    loss: Loss
    event: Event
    target: Target
    fitted: list[Array]
    raw: bool
    first: list[Array]  # by parameter: what it does along the first state's directions


def offers(
    measured: Measurement,
    found: list[Pair],
    only: tuple[str, ...] | None = None,
    skip: tuple[str, ...] = (),
) -> Iterator[Offer]:
    """Yield every known loss of every pair, in each reading that its domain allows."""
    from losscope import losses

    first = _First(measured)
    for name in [n for n in losses.names() if n not in skip] if only is None else only:
        loss = losses.get(name)
        for event, target, fitted in found:
            for raw in (False, True) if loss.output != "identity" else (False,):
                count = measured.examples(event.value.shape)
                read = slope_of(loss, event.value, fitted[0], count, raw=raw)
                if read is None:
                    continue
                along = first.along(event.key, read[0])
                if along is not None and any(np.any(a != 0) for a in along):
                    yield Offer(loss, event, target, fitted, raw, along)


def with_decimals(values: Sequence[float]) -> tuple[str, ...]:
    """Spell losses that have a number of their own with each of some: huber(delta=0.3)."""
    from losscope import losses

    usual = {name: losses.get(name).parameters for name, _ in _NUMBERED}
    return tuple(
        f"{name}({key}={value!r})"
        for value in values[:_MOST_DECIMALS]
        for name, most in _NUMBERED
        for key, held in usual[name].items()
        if value < most and value != held
    )


class _First:
    """What answered to the first state's directions, ready to be multiplied with a loss's slope."""

    def __init__(self, measured: Measurement) -> None:
        rows = [measured.of(index) for index in range(len(measured.parameters))]
        self.rows = [[d.answers for d in row if d.state == 0] for row in rows]
        self.ends = np.cumsum([len(row) for row in self.rows])[:-1]
        self.tables: dict[Key, Array | None] = {}

    def along(self, key: Key, slope: Array) -> list[Array] | None:
        """Give what a loss does along each parameter's directions; None where that is not known."""
        if key not in self.tables:
            self.tables[key] = self._table(key, slope.shape)
        table = self.tables[key]
        if table is None or table.shape[1] != slope.size:
            return None
        return np.split(table @ slope.ravel(), self.ends)

    def _table(self, key: Key, shape: tuple[int, ...]) -> Array | None:
        answers = [held.get(key) for row in self.rows for held in row]
        whole = [a.ravel() for a in answers if a is not None and a.shape == shape]
        return np.array(whole) if answers and len(whole) == len(answers) else None


def worked_out(measured: Measurement, offer: Offer) -> Candidate | None:
    """Work an offer out over all states."""
    loss, event = offer.loss, offer.event
    slopes, sizes, examples = [], [], []
    for base, hot in zip(measured.bases, offer.fitted, strict=True):
        value = base.trace.value(event.key)
        count = 1 if value is None else measured.examples(value.shape)
        read = None if value is None else slope_of(loss, value, hot, count, raw=offer.raw)
        if read is None:
            return None
        slope, count = read
        slopes.append(slope)
        sizes.append(count if loss.vector else slope.size)
        examples.append(count)
    along = _along(measured, event.key, slopes)
    if along is None:
        return None
    return Candidate(
        "loss",
        loss.spelling,
        title_of(loss),
        event.site.name,
        offer.target.name,
        event.key[0],
        sizes,
        examples,
        along,
        event.key,
        offer.target,
        offer.raw,
        slopes,
        noise=[_cancelled(measured, i, event.key, slopes, row) for i, row in enumerate(along)],
    )


def _cancelled(
    measured: Measurement, index: int, key: Key, slopes: list[Array], along: Array
) -> float:
    """Estimate what measuring leaves of a sum of slopes that nearly cancel, relatively."""
    terms = 0.0
    for direction in measured.of(index):
        slope = slopes[direction.state]
        terms += float(np.vdot(slope, slope) * np.vdot(*[direction.answers[key]] * 2))
    size = float(np.linalg.norm(along))
    left = _MEASURED * terms**0.5 / size if size > 0 else 0.0
    return left if left > _SEEN else 0.0
