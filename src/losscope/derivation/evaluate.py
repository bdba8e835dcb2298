"""Numbers for the arrays that equations compute: each node run as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from losscope.calculus.evaluate import compiled
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)

if TYPE_CHECKING:
    import sympy as sp

    from losscope.derivation.equations import Derivation

Array = NDArray[Any]


def run(
    derivation: Derivation, arrays: dict[str, Array], *, shown: bool = False
) -> dict[str, Array]:
    """Return `arrays` and what every equation computes from them, in order.

    Parameters
    ----------
    arrays : X, Y, w and the parameters, in the derivation's own convention.
    shown : whether to run the forms for the page rather than those that programs run.
    """
    rows = derivation.convention == "rows"
    found = dict(arrays)
    m = arrays["X"].shape[0 if rows else 1]
    for equation in derivation.equations:
        known = found
        if shown and equation.where:
            known = dict(found)
            for part in equation.where:
                known[part.name] = value(part.node, known, derivation, m)
        node = equation.shown if shown else equation.runs
        found[equation.name] = value(node, known, derivation, m)
    return found


def value(node: Node, arrays: dict[str, Array], derivation: Derivation, m: int) -> Any:
    """Value of one node."""
    rows = derivation.convention == "rows"

    def of(part: Node) -> Any:
        match part:
            case Ref(name):
                return arrays[name]
            case Transpose(inner):
                return of(inner).T
            case MatMul(left, right):
                return of(left) @ of(right)
            case SumOverExamples(inner):
                return np.sum(of(inner), axis=0 if rows else 1, keepdims=True)
            case SumAll(inner):
                return np.sum(of(inner))
            case Pointwise(formula, parts):
                return _pointwise(formula, [(s, of(piece)) for s, piece in parts])

    def _pointwise(formula: sp.Expr, parts: list[tuple[sp.Symbol, Any]]) -> Any:
        scalars = _scalars(formula, derivation, m, {s for s, _ in parts})
        symbols = tuple(s for s, _ in parts) + tuple(scalars)
        values = [v if rows else np.transpose(v) for _, v in parts]  # classes on the last axis
        result = compiled(formula, symbols)(*values, *scalars.values())
        return result if rows else np.transpose(result)

    return of(node)


def _scalars(
    formula: sp.Expr, derivation: Derivation, m: int, bound: set[sp.Symbol]
) -> dict[sp.Symbol, float]:
    """Numbers of the program by their symbols."""
    known = {
        "m": float(m),
        "λ": derivation.l1 or derivation.l2,
        "λ₁": derivation.l1,
        "λ₂": derivation.l2,
    }
    free = sorted(formula.free_symbols - bound, key=str)
    return {symbol: known[symbol.name] for symbol in free if symbol.name in known}
