"""Input that a loss cannot take is refused: the value, the row and the way out are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from losscope.losses.base import Array, Loss
    from losscope.losses.domains import Domain


def checked(loss: Loss, target: ArrayLike, given: Any, what: str) -> tuple[Array, Array]:
    """Target and prediction as two matrices of one dtype, or the error that says what is wrong."""
    y, x = np.asarray(target), np.asarray(given)
    check_shapes(loss, y, x)
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    y = y.astype(x.dtype)
    y, x = (v[:, None] if v.ndim == 1 and loss.heads == 1 else v for v in (y, x))
    y = y[:, None] if y.ndim == 1 else y
    if loss.vector and y.shape[1] < 2:
        raise LosscopeError(
            f"loss {loss.name!r} needs at least 2 classes, one column each; got 1 column"
        )
    check_domain(loss, y, loss.target, "target")
    if what == "raw" and np.isnan(x).any():
        row = int(np.flatnonzero(np.isnan(x).any(axis=1))[0])
        raise LosscopeError(f"loss {loss.name!r}: raw prediction is NaN in row {row}")
    return y, x


def check_defined(loss: Loss, found: Array) -> None:
    """Refuse results that are not numbers."""
    rows = np.flatnonzero(np.isnan(found).reshape(len(found), -1).any(axis=1))
    if rows.size:
        raise LosscopeError(
            f"loss {loss.name!r} has no value in row {rows[0]} (counting from 0): there its "
            "formula is 0/0, or a root or logarithm of a negative number"
        )


def check_shapes(loss: Loss, y: Array, x: Array) -> None:
    """Refuse shapes that differ: nothing is broadcast."""
    outputs = y.shape[1] if y.ndim == 2 else 1
    wanted = y.shape if loss.heads == 1 else (*y.shape[:1], loss.heads * outputs)
    if x.shape == wanted and y.ndim in (1, 2):
        return
    if loss.heads > 1:
        expected = f"{loss.heads} predictions for each target, blocks of columns: {wanted}"
    else:
        expected = "target and prediction of the same shape (m, outputs)"
    if loss.vector and y.ndim == 1 and x.ndim == 2:
        advice = "write labels as one-hot rows, np.eye(K)[labels]"
    elif loss.heads > 1:
        advice = f"give the network {loss.heads} outputs for each target"
    elif y.size == x.size:
        advice = "reshape one of them"
    else:
        advice = "nothing is broadcast"
    raise LosscopeError(
        f"loss {loss.name!r} needs {expected}, got target {y.shape} and prediction {x.shape}; "
        f"{advice}"
    )


def check_domain(loss: Loss, values: Array, domain: Domain, what: str) -> None:
    """Refuse values outside a domain, naming the first and its row."""
    inside = domain.contains(values)
    if np.all(inside):
        return
    bad = np.flatnonzero(~np.all(inside, axis=1))
    shown = values[bad[0]]
    text = f"{shown[0]:g}" if shown.size == 1 else np.array2string(shown, precision=4)
    more = f" (and {len(bad) - 1} more: {_listed(bad[1:])})" if len(bad) > 1 else ""
    raise LosscopeError(
        f"loss {loss.name!r}: {what} must be {domain.describe()}, got {text} in row "
        f"{bad[0]}{more} (counting from 0); correct these rows or choose a loss for such a "
        f"{what}"
    )


def _listed(rows: NDArray[np.intp]) -> str:
    return ", ".join(str(row) for row in rows[:5]) + (", …" if len(rows) > 5 else "")
