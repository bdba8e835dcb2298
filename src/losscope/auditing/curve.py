"""The loss that the code really descends, drawn: its slope at each prediction, and its integral."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.candidates import Candidate, apart
from losscope.auditing.identify import Identity
from losscope.auditing.judge import Judgement
from losscope.auditing.recorder import Event
from losscope.auditing.slopes import slope_of

Array = np.ndarray[Any, Any]
_MOST_POINTS = 400
_MOST_LINES = 4


def recover(
    judgement: Judgement, beside: Candidate | None, told: Identity | None = None
) -> dict[str, Any] | None:
    """Find the output gradient that explains the last layer's update, per example.

    Beside it is drawn a loss that the code prints and does not descend: a candidate, or what a
    printed number was found to be.

    The gradient is looked for among the program's own arrays first (exact), else fitted as a
    polynomial in prediction and target.  Integrated over the prediction, it is a loss.
    """
    best = judgement.best
    if best is None or best.key is None or best.source is None:
        return None
    measured = judgement.measured
    prediction = measured.event(best.key)
    pair = next((f for e, t, f in judgement.pairs if e.key == best.key and t is best.source), None)
    if prediction is None or pair is None or prediction.value.size < 3:
        return None
    slope, how, left = _slope(judgement, best, prediction, pair)
    if slope is None:
        return None
    a, y, r = prediction.value.ravel(), pair[0].ravel(), slope.ravel()
    other: tuple[Array, Array, Array] | None = None
    title, target = "", ""
    if beside is not None and beside.slopes and beside.slopes[0].size == a.size:
        other, title, target = (a, y, beside.slopes[0].ravel()), beside.title, best.target
    elif told is not None:
        other, title, target = _printed(judgement, told), told.title, told.target
    return {
        "prediction": best.prediction,
        "target": best.target,
        "how": how,
        "residual": left,
        "descended": _lines(a, y, r),
        "printed": _lines(*other) if other is not None else [],
        "printed_title": title,
        "printed_target": target,
    }


def _printed(judgement: Judgement, told: Identity) -> tuple[Array, Array, Array] | None:
    """Give prediction, target and slope, entry by entry, of what a printed number is."""
    from losscope import losses

    for event, target, fitted in judgement.pairs:
        if (event.site.name, target.name) != (told.prediction, told.target):
            continue
        count = judgement.measured.examples(event.value.shape)
        found = slope_of(losses.get(told.loss), event.value, fitted[0], count, raw=False)
        if found is not None:
            return event.value.ravel(), fitted[0].ravel(), found[0].ravel()
    return None


def _slope(
    judgement: Judgement, best: Candidate, prediction: Event, pair: list[Array]
) -> tuple[Array | None, str, float]:
    """Give dJ/d(prediction) for each entry in the first state, how it was found, what is left."""
    fits = judgement.fits
    exact = [i for i, f in enumerate(fits) if f.exact]
    if exact:
        factor = fits[exact[0]].factor
        return factor * best.slopes[0], f"the gradient of {best.title}", fits[exact[0]].residual
    arrays = _from_program(judgement, prediction)
    if arrays is not None:
        return arrays
    return _polynomial(judgement, prediction, pair)


def _from_program(judgement: Judgement, prediction: Event) -> tuple[Array, str, float] | None:
    """Look for an array of the pass that, taken as dJ/d(array), explains some parameter."""
    measured = judgement.measured
    events = [e for k in measured.reached if (e := measured.event(k)) is not None]
    same_shape = [
        e
        for e in apart(events, [b.trace for b in measured.bases])
        if e.value.shape == prediction.value.shape
    ]
    before = [e for e in same_shape if e.order <= prediction.order]
    after = [e for e in same_shape if e.order > prediction.order]
    for through in reversed(before):
        for event in after:
            for judged in judgement.parameters:
                along = []
                for d in measured.of(judged.index):
                    answer = d.answers.get(through.key)
                    value = measured.bases[d.state].trace.value(event.key)
                    if answer is None or value is None or value.shape != answer.shape:
                        break
                    along.append(float(np.vdot(value, answer)))
                else:
                    found = fit.plain(judged.projected, np.array(along))
                    if found.exact and len(along) > 4 and through.key == prediction.key:
                        return (
                            found.factor * event.value,
                            f"{event.site.name} (line {event.key[0]})",
                            found.residual,
                        )
                    if found.exact and len(along) > 4:
                        rate = _rate(judgement, through, prediction)
                        if rate is not None:
                            return (
                                found.factor * event.value / rate,
                                f"{event.site.name} (line {event.key[0]})",
                                found.residual,
                            )
    return None


def _rate(judgement: Judgement, through: Event, prediction: Event) -> Array | None:
    """Give d(prediction)/d(pre-activation), entry by entry, from the measured directions."""
    top, under = np.zeros(prediction.value.shape), np.zeros(prediction.value.shape)
    for d in judgement.measured.directions:
        a, z = d.answers.get(prediction.key), d.answers.get(through.key)
        if d.state == 0 and a is not None and z is not None:
            top += a * z
            under += z * z
    if np.any(under == 0):
        return None
    rate = top / under
    return rate if np.all(np.abs(rate) > 1e-9) else None


def _polynomial(
    judgement: Judgement, prediction: Event, pair: list[Array]
) -> tuple[Array | None, str, float]:
    """Fit the slope as a polynomial of prediction and target, to all parameters of the last layer."""  # noqa: E501 - a sentence or a table row
    measured = judgement.measured
    left, slope = 1.0, None
    basis = [(i, j) for i in range(4) for j in range(3)]
    for judged in judgement.parameters:
        rows = []
        for d in measured.of(judged.index):
            a, answer = (
                measured.bases[d.state].trace.value(prediction.key),
                d.answers.get(prediction.key),
            )
            if a is None or answer is None:
                return None, "", 1.0
            rows.append([float(np.sum(a**i * pair[d.state] ** j * answer)) for i, j in basis])
        table, wanted = np.array(rows), judged.projected
        if len(wanted) <= len(basis) or not np.any(wanted):
            continue
        found, rest = fit.solve(table, wanted)
        rest /= float(np.linalg.norm(wanted))
        if rest < left:
            left = rest
            slope = sum(
                c * prediction.value**i * pair[0] ** j
                for c, (i, j) in zip(found, basis, strict=True)
            )
    return (
        (slope, "a polynomial fitted to the updates", left)
        if slope is not None and left < 0.2
        else (None, "", left)
    )


def _lines(a: Array, y: Array, r: Array) -> list[dict[str, Any]]:
    """Group by target value (or by its thirds) and integrate the slope over the prediction."""
    values = np.unique(y)
    groups: list[tuple[str, Array]]
    if len(values) <= _MOST_LINES:
        groups = [(f"target {v:g}", y == v) for v in values]
        x = a
    else:
        groups, x = [("all examples", np.ones(y.shape, dtype=bool))], a - y
    lines = []
    for title, mask in groups:
        order = np.argsort(x[mask])[:: max(1, int(np.sum(mask)) // _MOST_POINTS)]
        xs, slopes = x[mask][order], r[mask][order]
        area = np.concatenate([[0.0], np.cumsum(np.diff(xs) * (slopes[1:] + slopes[:-1]) / 2)])
        lines.append(
            {
                "title": title,
                "axis": "prediction" if x is a else "prediction − target",
                "x": xs.tolist(),
                "slope": slopes.tolist(),
                "loss": (area - area.min()).tolist(),
            }
        )
    return lines
