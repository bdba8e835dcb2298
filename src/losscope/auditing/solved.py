"""Steps that are not along the gradient, and rightly: a matrix or a projection stands between.

Newton's method solves H · step = −gradient; a proximal step shrinks every weight after a plain one,
and a projection brings it back between bounds or to a length.  All three show in the arrays of the
pass itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.auditing import fit, shaped
from losscope.auditing.probe import Measurement
from losscope.auditing.recorder import ALL
from losscope.auditing.view import BOUNDED, View

Array = np.ndarray[Any, Any]
NEWTON = "Newton"
_EXACT = 1e-9  # what rounding may leave of a step
_LEAST = 3  # entries that must have been shrunk, or stopped at a bound


def view(measured: Measurement, index: int) -> View | None:
    """Give the gradient behind such a step; None where there is no matrix and no bound."""
    parameter = measured.parameters[index]
    if parameter.size < 2 or not all(np.all(np.isfinite(s)) for s in measured.updates[index]):
        return None
    return _bounded(measured, index) or _through_matrix(measured, index)


# -- after the step -------------------------------------------------------------------------------


def _bounded(measured: Measurement, index: int) -> View | None:
    """Find new values of which the parameter's are the shrunk, or cut, ones."""
    parameter = measured.parameters[index]
    ends = [s + u for s, u in zip(parameter.starts, measured.updates[index], strict=True)]
    for event in shaped.shaped_like(measured, parameter, set()):
        made = [v for b in measured.bases if (v := b.trace.value(event.key)) is not None]
        if len(made) < len(ends) or all(
            np.array_equal(a, b) for a, b in zip(made, ends, strict=True)
        ):
            continue
        shrunk = [_shrunk_by(a, b) for a, b in zip(made, ends, strict=True)]
        if all(size is not None for size in shrunk) and any(shrunk):
            # the shrinking is a step along the penalty, the sum of all sizes
            arrays = [
                start - new + (size or 0.0) * np.sign(start)
                for start, new, size in zip(parameter.starts, made, shrunk, strict=True)
            ]
        elif _are_cut(made, ends) or _are_scaled(made, ends):
            arrays = [start - new for start, new in zip(parameter.starts, made, strict=True)]
        else:
            continue
        return View(arrays, BOUNDED, event.site.name, event.key[0])
    return None


def _shrunk_by(before: Array, after: Array) -> float | None:
    """Give by how much all entries were brought nearer to 0; None where they were not."""
    left = after != 0
    if np.any(before[left] * after[left] < 0):
        return None
    sizes = (np.abs(before) - np.abs(after))[left]
    most = float(sizes.max()) if sizes.size else 0.0
    tiny = _EXACT * float(np.abs(before).max(initial=0.0))
    if sizes.size and (np.ptp(sizes) > tiny or most < 0):
        return None
    gone = np.abs(before[~left])
    if sizes.size < _LEAST or np.any(gone > most + tiny):
        return None
    return most if most > tiny else 0.0


def _are_cut(made: list[Array], ends: list[Array]) -> bool:
    """Tell whether entries stay as they were made, but for those that were stopped at a bound."""
    stopped = left = 0
    for new, end in zip(made, ends, strict=True):
        low, high = end > new, end < new
        if any(np.ptp(end[side]) > 0 for side in (low, high) if side.any()):
            return False
        kept = end[~low & ~high]
        if kept.size and low.any() and kept.min() < end[low][0]:
            return False
        if kept.size and high.any() and kept.max() > end[high][0]:
            return False
        stopped, left = stopped + int(low.sum() + high.sum()), left + kept.size
    return min(stopped, left) >= _LEAST


def _are_scaled(made: list[Array], ends: list[Array]) -> bool:
    """Tell whether rows, columns or all were brought to a length, not all by the same factor.

    One factor everywhere and always is a decay of the weights, and part of what is descended.
    """
    if made[0].size < _LEAST:
        return False
    axes = [(k,) for k in range(made[0].ndim) if made[0].shape[k] >= _LEAST]
    for axis in [tuple(range(made[0].ndim)), *axes]:
        factors = [_factors(new, end, axis) for new, end in zip(made, ends, strict=True)]
        found = [f for f in factors if f is not None]
        if len(found) == len(made) and np.ptp(np.concatenate(found)) > _EXACT:
            return True
    return False


def _factors(new: Array, end: Array, axis: tuple[int, ...]) -> Array | None:
    """Give the positive factors, one for each rest of some axes; None where there are none."""
    if np.any((new == 0) != (end == 0)):
        return None
    rest = [k for k in range(new.ndim) if k not in axis]
    rows = [np.moveaxis(a, rest, range(len(rest))) for a in (new, end)]
    count = int(np.prod([new.shape[k] for k in rest]))
    old, now = (row.reshape(count, -1) for row in rows)
    found = []
    for a, b in zip(old, now, strict=True):
        ratios = b[a != 0] / a[a != 0]
        if ratios.size and (ratios.min() <= 0 or np.ptp(ratios) > _EXACT * ratios.max()):
            return None
        found += list(ratios[:1])
    return np.array(found) if found else None


# -- through a matrix -----------------------------------------------------------------------------


def _through_matrix(measured: Measurement, index: int) -> View | None:
    """Find a matrix and a gradient such that matrix · step, or step, is the one by the other."""
    parameter = measured.parameters[index]
    steps = [s.ravel() for s in measured.updates[index]]
    matrices = _matrices(measured, parameter.size)
    if not matrices or any(not np.any(s) for s in steps):
        return None
    for event in shaped.shaped_like(measured, parameter, set()):
        found = [v for b in measured.bases if (v := b.trace.value(event.key)) is not None]
        values = [v.ravel() for v in found]
        if len(values) < len(steps) or any(not np.any(v) for v in values):
            continue
        for matrix in matrices:
            solved = [m @ s for m, s in zip(matrix, steps, strict=True)]
            applied = [m @ v for m, v in zip(matrix, values, strict=True)]
            if _goes_along(solved, values) or _goes_along(steps, applied):
                return View(found, NEWTON, event.site.name, event.key[0], key=event.key)
    return None


def _matrices(measured: Measurement, size: int) -> list[list[Array]]:
    """List the symmetric positive matrices of this size that the pass works out, by state."""
    events = [e for e in measured.bases[0].trace.events.values() if e.value.shape == (size, size)]
    out = []
    for event in (e for e in events if e.key[2] != ALL):
        held = [v for b in measured.bases if (v := b.trace.value(event.key)) is not None]
        if len(held) == len(measured.bases) and all(_is_positive(m) for m in held):
            out.append(held)
    return out


def _is_positive(matrix: Array) -> bool:
    """Tell whether a matrix is symmetric and positive, and no multiple of the identity."""
    if not np.all(np.isfinite(matrix)) or not np.allclose(matrix, matrix.T, rtol=1e-9):
        return False
    sizes = np.linalg.eigvalsh(matrix)
    return bool(sizes[0] > 0 and sizes[-1] - sizes[0] > _EXACT * sizes[-1])


def _goes_along(rows: list[Array], values: list[Array]) -> bool:
    """Tell whether in every state one array is the other, times a negative number."""
    found = [fit.plain(row, value) for row, value in zip(rows, values, strict=True)]
    return all(f.residual < 1e3 * _EXACT and f.factor < 0 for f in found)
