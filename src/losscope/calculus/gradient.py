"""Differentiation of a row's loss in its raw predictions z.

Elementwise parts are differentiated by SymPy. Row functions (softmax, sums and maxima over the
classes) are differentiated in reverse, by the table `_PULLBACKS`: what arrives at a node goes back
to its argument. No Jacobian is formed, and no difference of nearly equal sums is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import (
    ROW_SCALARS,
    Head,
    MarginPairs,
    Others,
    Peak,
    Place,
    SparsePeak,
    Total,
    _Row,
    at_peak,
    inverse_length,
    log_cosoftmax,
    log_softmax,
    margin_pulls,
    odds_mix,
    sign,
    softmax,
    sparsemax,
    step,
    tanh,
    unit,
)
from losscope.calculus.rules import stabilise

if TYPE_CHECKING:
    from collections.abc import Callable


def gradient(row_loss: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Return ∂ℓ/∂z elementwise, for a loss ℓ that is one number a row.

    Parameters
    ----------
    row_loss : expression with one value a row, such as `Total(…)`, or, for a network with a single
        output, any elementwise expression.
    z : the symbol of the raw prediction.

    Returns
    -------
    An elementwise expression; `stabilise` has been applied.
    """
    return stabilise(pull(row_loss, sp.S.One, z, summed=False))


def derivative(expression: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
    """Elementwise derivative; at a kink the function's convention holds (0 for |x| and ReLU)."""
    found = sp.diff(expression, symbol)
    found = found.replace(sp.DiracDelta, lambda *_: sp.S.Zero)
    found = found.replace(sp.sign, sign)
    return found.replace(lambda e: isinstance(e, sign | tanh), _oriented)


def _oriented(odd: sp.Expr) -> sp.Expr:
    """Write f(y − a) as −f(a − y): prediction before target, as every textbook does."""
    (u,) = odd.args
    target_leads = any(term.is_Symbol and term.name == "y" for term in sp.Add.make_args(u))
    return -odd.func(-u) if u.is_Add and target_leads else odd


def pull(node: sp.Expr, arriving: sp.Expr, z: sp.Symbol, *, summed: bool = True) -> sp.Expr:
    """Gradient in z of Σ_k arriving_k · node_k, or of arriving · node when not `summed`."""
    if not node.has(z):
        return sp.S.Zero
    dummies = {row: sp.Dummy(f"r{i}", real=True) for i, row in enumerate(outermost_rows(node))}
    back = {dummy: row for row, dummy in dummies.items()}
    flat = node.xreplace(dummies)
    result = (arriving * derivative(flat, z)).xreplace(back)
    through_softmax: dict[sp.Expr, sp.Expr] = {}  # argument -> what arrives at its log softmax
    for row, dummy in dummies.items():
        if not row.has(z):
            continue
        reaching = (arriving * derivative(flat, dummy)).xreplace(back)
        if isinstance(row, ROW_SCALARS) and summed:
            reaching = Total(reaching)
        argument = _softmax_argument(row)
        if argument is not None:
            weight = reaching * _log_derivative(row)
            through_softmax[argument] = through_softmax.get(argument, sp.S.Zero) + weight
        else:
            result += _pull_row(row, reaching, z)
    for u, weight in through_softmax.items():
        p = softmax(u)
        result += pull(u, weight * Others(p) - p * Others(weight), z)
    return result


def _softmax_argument(row: sp.Expr) -> sp.Expr | None:
    """Argument u when `row` is p, log p or 1 − p of p = softmax(u)."""
    inner = row.args[0] if isinstance(row, Others) else row
    if isinstance(inner, softmax) or (inner is row and isinstance(row, log_softmax)):
        return inner.args[0]
    return None


def _log_derivative(row: sp.Expr) -> sp.Expr:
    """Derivative in log p: p for p, 1 for log p, −p for 1 − p."""
    if isinstance(row, log_softmax):
        return sp.S.One
    return row if isinstance(row, softmax) else -row.args[0]


def _pull_row(row: sp.Expr, arriving: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Carry what arrives at a row function back to its argument."""
    pullback = _PULLBACKS.get(type(row))
    if pullback is None:
        raise TypeError(f"no rule differentiates {type(row).__name__}")
    reaching = pullback(arriving, *row.args)
    return sp.S.Zero if reaching == 0 else pull(row.args[0], reaching, z)


def _from_head(v: sp.Expr, x: sp.Expr, i: sp.Expr, heads: sp.Expr) -> sp.Expr:
    return Place(v, x, i, heads)


def _from_place(v: sp.Expr, _x: sp.Expr, _like: sp.Expr, i: sp.Expr, heads: sp.Expr) -> sp.Expr:
    return Head(v, i, heads)


def _from_unit(v: sp.Expr, x: sp.Expr) -> sp.Expr:
    return (v - unit(x) * Total(v * unit(x))) * inverse_length(x)


def _from_sparsemax(v: sp.Expr, x: sp.Expr) -> sp.Expr:
    support = step(sparsemax(x))
    return support * (v - Total(support * v) / Total(support))


_PULLBACKS: dict[type, Callable[..., sp.Expr]] = {
    Total: lambda v, _x: v,
    Others: lambda v, _x: Others(v),
    Peak: lambda v, x: v * at_peak(x),
    at_peak: lambda _v, _x: sp.S.Zero,
    SparsePeak: lambda v, x: v * sparsemax(x),
    sparsemax: _from_sparsemax,
    log_cosoftmax: lambda v, x: odds_mix(v, x) - v * softmax(x),
    MarginPairs: lambda v, x, y: v * margin_pulls(x, y),
    margin_pulls: lambda _v, _x, _y: sp.S.Zero,
    unit: _from_unit,
    inverse_length: lambda v, x: -v * unit(x) * inverse_length(x) ** 2,
    Head: _from_head,
    Place: _from_place,
}
"""Row function -> what reaches its first argument, given what arrives at it and its arguments."""


def outermost_rows(node: sp.Expr) -> list[sp.Expr]:
    """Row functions of `node` that stand inside no other row function, in a fixed order."""
    if isinstance(node, _Row):
        return [node]
    found: list[sp.Expr] = []
    for argument in node.args:
        for row in outermost_rows(argument):
            if row not in found:
                found.append(row)
    return found


__all__ = ["derivative", "gradient", "outermost_rows", "pull"]
