"""The diagonal of the second derivative: ∂²ℓ/∂z_k², elementwise.

The gradient is an expression whose k-th element g_k depends on z_k in two ways: through its own
element, and through row functions that gather the whole row. `_own` follows the first, `_cross`
what the other elements of a gathered row contribute. No Jacobian is formed.
"""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import (
    ROW_SCALARS,
    Head,
    Others,
    Place,
    Total,
    at_peak,
    inverse_length,
    log_cosoftmax,
    log_softmax,
    margin_pulls,
    odds_mix,
    softmax,
    sparsemax,
    step,
    unit,
)
from losscope.calculus.gradient import derivative, gradient, outermost_rows, pull
from losscope.calculus.rules import stabilise


def curvature(row_loss: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Return ∂²ℓ/∂z_k² elementwise, for a loss ℓ that is one number a row.

    Raises
    ------
    TypeError : when a row function of the gradient has no rule here.
    """
    return stabilise(_own(gradient(row_loss, z), z))


def _flat(node: sp.Expr) -> tuple[sp.Expr, dict[sp.Expr, sp.Expr]]:
    """`node` with letters for its outermost row functions, and what the letters stand for."""
    letters = {row: sp.Dummy(f"r{i}", real=True) for i, row in enumerate(outermost_rows(node))}
    return node.xreplace(letters), {letter: row for row, letter in letters.items()}


def _own(node: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """∂ node_k / ∂ z_k."""
    if not node.has(z):
        return sp.S.Zero
    flat, rows = _flat(node)
    found = derivative(flat, z)
    for letter, row in rows.items():
        if row.has(z):
            found += derivative(flat, letter) * _own_row(row, z)
    return found.xreplace(rows)


def _own_row(row: sp.Expr, z: sp.Symbol) -> sp.Expr:
    if isinstance(row, ROW_SCALARS):
        return pull(row, sp.S.One, z, summed=False)
    if isinstance(row, at_peak | margin_pulls):
        return sp.S.Zero
    if isinstance(row, Place):
        return _own_place(row, z)
    u = row.args[0]
    if isinstance(row, Others):
        return _cross(u, sp.S.One, z)
    if isinstance(row, softmax):
        return row * Others(row) * _alone(u, z)
    if isinstance(row, log_softmax):
        return Others(softmax(u)) * _alone(u, z)
    if isinstance(row, log_cosoftmax):
        return -softmax(u) * _alone(u, z)
    if isinstance(row, sparsemax):
        support = step(row)
        return support * (_own(u, z) - pull(u, support, z) / Total(support))
    if isinstance(row, unit):
        return (_own(u, z) - row * pull(u, row, z)) * inverse_length(u)
    raise TypeError(f"no rule gives the curvature of {type(row).__name__}")


def _own_place(row: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """A head's gradient moves with its own head; the other heads stand still."""
    v, x, i, heads = row.args
    own = sp.Dummy("t", real=True)
    moved = v.xreplace({Head(z, i, heads): own})
    moved = derivative(moved, own).xreplace({own: Head(z, i, heads)})
    return Place(moved, x, i, heads)


def _cross(node: sp.Expr, weight: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Σ_{j≠k} weight_j ∂ node_j / ∂ z_k."""
    flat, rows = _flat(node)
    found = sp.S.Zero
    for letter, row in rows.items():
        if row.has(z):
            part = (weight * derivative(flat, letter)).xreplace(rows)
            found += _cross_row(row, part, z)
    return found


def _cross_row(row: sp.Expr, w: sp.Expr, z: sp.Symbol) -> sp.Expr:
    if w == 0 or isinstance(row, at_peak | margin_pulls):
        return sp.S.Zero
    if isinstance(row, ROW_SCALARS):
        return Others(w) * pull(row, sp.S.One, z, summed=False)
    u = row.args[0]
    if isinstance(row, Others):
        if isinstance(u, softmax):
            return -_cross_row(u, w, z)  # 1 − p_j
        return Others(w) * pull(u, sp.S.One, z) - _cross(u, w, z)
    p = softmax(u)
    if isinstance(row, softmax):
        return -p * Others(w * p) * _alone(u, z)
    if isinstance(row, log_softmax):
        return -p * Others(w) * _alone(u, z)
    if isinstance(row, log_cosoftmax):
        return odds_mix(w, u) * _alone(u, z)
    raise TypeError(f"no rule gives the curvature of {type(row).__name__}")


def _alone(u: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """∂u_k/∂z_k for an argument whose elements depend on their own z alone."""
    if outermost_rows(u):
        raise TypeError("the curvature of a softmax is known for arguments without row functions")
    return derivative(u, z)


__all__ = ["curvature"]
