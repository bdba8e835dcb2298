"""Rules that hold a gradient against its own size: RMSprop, Adagrad, Adam, Adamax, and signs."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing import fit
from losscope.auditing.leaves import Path, spelled
from losscope.auditing.parameters import Parameter
from losscope.auditing.probe import Measurement
from losscope.auditing.view import EXACT, SIGNED, View

Array = np.ndarray[Any, Any]
_ALIKE = 1e-9  # what rounding may change in the sizes of signed steps
_LEAST = 3  # entries from which signs tell something


def adaptive(
    measured: Measurement,
    parameter: Parameter,
    steps: list[Array],
    own: dict[Path, list[Array]],
    values: list[Array],
) -> View | None:
    """RMSprop, Adagrad, Adam and Adamax: a buffer follows the gradient's square, or its size."""
    after = {p: [np.asarray(b.after[p]) for b in measured.bases] for p in own}
    squares = [v * v for v in values]
    seconds = [
        p for p in own if _mixes(after[p], own[p], squares) or _is_largest(after[p], own[p], values)
    ]
    firsts = [p for p in own if p not in seconds and _mixes(after[p], own[p], values)]
    for second in seconds:
        for first in [*firsts, None]:
            top = values if first is None else after[first]
            if _divided(steps, top, after[second]):
                name = "Adam" if first is not None else "RMSprop"
                if first is None and _is_sum(after[second], own[second], squares):
                    name = "Adagrad"
                if _is_largest(after[second], own[second], values):
                    name = "Adamax"
                used = tuple(spelled(p) for p in (first, second) if p is not None)
                down = sum(float(np.vdot(s, t)) for s, t in zip(steps, top, strict=True)) < 0
                del parameter
                return View(values if down else [-v for v in values], name, buffers=used)
    return None


def signed(
    measured: Measurement,
    parameter: Parameter,
    steps: list[Array],
    own: dict[Path, list[Array]],
    values: list[Array],
) -> View | None:
    """Lion and its like: step = −rate · sign(a · buffer + b · gradient), with a, b > 0."""
    del measured
    sizes = [np.abs(step) for step in steps]
    if parameter.size < _LEAST or any(
        np.ptp(size) > _ALIKE * size.max() or size.max() == 0 for size in sizes
    ):
        return None
    step, new = (np.concatenate([a.ravel() for a in arrays]) for arrays in (steps, values))
    for path, held in own.items():
        old = np.concatenate([h.ravel() for h in held])
        along, beside = new * step < 0, old * step < 0
        if np.any(~along & ~beside) or not np.any(old):
            continue
        apart = along != beside  # there, how much the buffer counts beside the gradient shows
        with np.errstate(all="ignore"):
            ratios = np.abs(new / old)
        least = ratios[apart & beside].max(initial=0.0)
        most = ratios[apart & along].min(initial=np.inf)
        if least < most and np.count_nonzero(along) >= 2 * _LEAST:
            return View(values, SIGNED, buffers=(spelled(path),))
    return None


def _mixes(after: list[Array], before: list[Array], new: list[Array]) -> bool:
    """Tell whether after = a · before + b · new, entry by entry, in every state."""
    y, x, n = (np.concatenate([a.ravel() for a in arrays]) for arrays in (after, before, new))
    length = float(np.linalg.norm(n))
    if length == 0 or y.size < 3 or y.size != n.size:
        return False
    found, left = fit.solve(np.column_stack([x, n]), y)
    weight = abs(found[1]) * length
    return bool(left <= EXACT * np.linalg.norm(y) and weight > 1e-6 * np.linalg.norm(y))


def _is_largest(after: list[Array], before: list[Array], new: list[Array]) -> bool:
    """Tell whether after = max(decay · before, |new|), entry by entry, with one decay."""
    y, x, n = (np.concatenate([a.ravel() for a in arrays]) for arrays in (after, before, new))
    if y.size != n.size or not np.any(n):
        return False
    kept = y > np.abs(n) * (1 + 1e-12)
    if np.any(y < np.abs(n) * (1 - 1e-12)) or np.any(x[kept] <= 0):
        return False
    decays = y[kept] / x[kept]
    return decays.size == 0 or bool(np.ptp(decays) < 1e-9 and decays.max() <= 1)


def _is_sum(after: list[Array], before: list[Array], new: list[Array]) -> bool:
    return all(
        np.allclose(a, b + n, rtol=1e-9, atol=0) for a, b, n in zip(after, before, new, strict=True)
    )


def _divided(steps: list[Array], top: list[Array], under: list[Array]) -> bool:
    """Tell whether step = −rate · top / (√under + ε), with a rate of each pass's own.

    Or over under itself, which then follows the gradient's size and not its square.
    """
    for step, t, u in zip(steps, top, under, strict=True):
        mask = (np.abs(step) > 0) & (np.abs(t) > 1e-300) & (u > 0)
        if np.count_nonzero(mask) < 3:
            if np.any(mask):
                continue
            return False
        quotient = t[mask] / step[mask]
        root = np.sqrt(u[mask])
        roots = _line(root, quotient) or _line(u[mask], quotient**2)
        if not (roots or _line(u[mask], quotient)):
            return False
    return True


def _line(x: Array, y: Array) -> bool:
    """Tell whether y is a linear function of x."""
    table = np.column_stack([x, np.ones_like(x)])
    weight = 1 / np.abs(y)
    found, left = fit.solve(table * weight[:, None], y * weight)
    return np.isfinite(left) and bool(np.max(np.abs((table @ found - y) * weight)) < 1e-6)
