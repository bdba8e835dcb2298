"""What follows from a loss's formula, worked out once: stable value, slope, second derivative."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from losscope.calculus.curvature import curvature
from losscope.calculus.functions import RAW, xlogy
from losscope.calculus.gradient import gradient
from losscope.calculus.rules import spell_gaps, stabilise
from losscope.errors import LosscopeError
from losscope.losses.domains import Interval
from losscope.network import activations

if TYPE_CHECKING:
    from losscope.losses.base import Loss


@lru_cache(maxsize=1024)
def in_raw(loss: Loss, output: str, n_outputs: int | None) -> sp.Expr:
    """Stable ℓ of one example in z and y."""
    a = activations.get(output).formula(loss.entering(RAW))
    return stabilise(loss.row(a, loss.target_symbol(output), n_outputs))


@lru_cache(maxsize=1024)
def slope(loss: Loss, output: str, n_outputs: int | None) -> sp.Expr:
    """Stable ∂ℓ/∂z, elementwise."""
    return spell_gaps(gradient(in_raw(loss, output, n_outputs), RAW))


@lru_cache(maxsize=1024)
def silent_at_zero(loss: Loss) -> bool:
    """Whether the target 0 pulls nowhere: max(0, 1 − y z) is meant for −1 and +1."""
    if loss.vector or loss.heads > 1:
        return False
    return bool(slope(loss, loss.output, 1).xreplace({loss.target_symbol(): sp.S.Zero}) == 0)


@lru_cache(maxsize=1024)
def bend(loss: Loss, output: str, n_outputs: int | None) -> sp.Expr:
    """Stable ∂²ℓ/∂z_k², elementwise."""
    try:
        return spell_gaps(curvature(in_raw(loss, output, n_outputs), RAW))
    except TypeError as reason:
        raise LosscopeError(
            f"the second derivative of {loss.name!r} on the output {output!r} is not derived: "
            f"{reason}"
        ) from None


@lru_cache(maxsize=1024)
def in_prediction(loss: Loss, n_outputs: int) -> sp.Expr:
    """ℓ in the prediction (named z here, as the first argument); 0 · log 0 is 0."""
    domain = loss.prediction
    low = domain.low if isinstance(domain, Interval) else -np.inf
    letter = sp.Symbol("z", nonnegative=True) if low >= 0 else RAW
    expression = loss.row(letter, loss.target_symbol(), n_outputs)
    expression = expression.replace(
        lambda e: e.is_Mul and any(isinstance(f, sp.log) for f in e.args), _guarded_log
    )
    return expression.xreplace({letter: RAW})


def _guarded_log(product: sp.Mul) -> sp.Expr:
    logs = [f for f in product.args if isinstance(f, sp.log)]
    rest = sp.Mul(*[f for f in product.args if f is not logs[0]])
    return xlogy(rest, logs[0].args[0]) if rest.free_symbols else product
