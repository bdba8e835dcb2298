"""Numbers of a loss: value, gradient and second derivative, checked on the way in and out.

`exact` computes in twice the digits and rounds once; without it, in the precision of the arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.calculus.evaluate import compiled, exactly
from losscope.calculus.functions import RAW
from losscope.calculus.rules import spell_gaps
from losscope.errors import LosscopeError
from losscope.losses import checks, derived

if TYPE_CHECKING:
    from collections.abc import Callable

    import sympy as sp
    from numpy.typing import ArrayLike

    from losscope.losses.base import Array, Loss


def value(
    loss: Loss,
    target: ArrayLike,
    prediction: ArrayLike | None,
    raw_prediction: ArrayLike | None,
    output: str | None,
    *,
    exact: bool,
) -> Array:
    """ℓ of each example, (m,), from predictions or from raw predictions."""
    if (prediction is None) == (raw_prediction is None):
        raise LosscopeError(
            f"loss {loss.name!r}: give either prediction= or raw_prediction=, not both or none"
        )
    given = prediction if raw_prediction is None else raw_prediction
    what = "prediction" if raw_prediction is None else "raw"
    y, x = checks.checked(loss, target, given, what)
    if raw_prediction is None:
        checks.check_domain(loss, x, loss.prediction, "prediction")
        expression, letter = derived.in_prediction(loss, x.shape[1]), loss.target_symbol()
    else:
        expression = spell_gaps(loss.in_raw(output, x.shape[1]))
        letter = loss.target_symbol(output)
    found = _run(expression, letter, x, y, (len(y), 1), exact=exact)[:, 0]
    checks.check_defined(loss, found)
    return found


def gradient(
    loss: Loss, target: ArrayLike, raw_prediction: ArrayLike, output: str | None, *, exact: bool
) -> Array:
    """∂ℓ/∂z, of the shape of `raw_prediction`."""
    found = _of_each_score(loss, loss.slope, target, raw_prediction, output, exact=exact)
    checks.check_defined(loss, found)
    return found


def curvature(
    loss: Loss, target: ArrayLike, raw_prediction: ArrayLike, output: str | None, *, exact: bool
) -> Array:
    """∂²ℓ/∂z_k², of the shape of `raw_prediction`."""
    return _of_each_score(loss, loss.bend, target, raw_prediction, output, exact=exact)


def _of_each_score(
    loss: Loss,
    formula: Callable[[str | None, int], sp.Expr],
    target: ArrayLike,
    raw_prediction: ArrayLike,
    output: str | None,
    *,
    exact: bool,
) -> Array:
    y, z = checks.checked(loss, target, raw_prediction, "raw")
    letter = loss.target_symbol(output)
    found = _run(formula(output, z.shape[1]), letter, z, y, z.shape, exact=exact)
    return found.reshape(np.shape(raw_prediction))


def _run(
    expression: sp.Expr, letter: sp.Symbol, x: Array, y: Array, shape: Any, *, exact: bool
) -> Array:
    run = (exactly if exact else compiled)(expression, (RAW, letter))
    with np.errstate(over="ignore", divide="ignore", under="ignore", invalid="ignore"):
        found: Array = np.broadcast_to(run(x, y), shape).astype(x.dtype)
    return found


__all__ = ["curvature", "gradient", "value"]
