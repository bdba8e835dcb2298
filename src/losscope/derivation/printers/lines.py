"""One expression as one line of NumPy: what generated programs print and what training compiles."""

from __future__ import annotations

from losscope.calculus.spelling import numpy_source
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)


def numpy_line(node: Node, *, stacked: bool = False, rows: bool = True) -> str:
    """Spell a node in NumPy.

    Parameters
    ----------
    node : the expression.
    stacked : whether arrays carry runs on a leading axis, so that a transpose swaps the last two.
    rows : whether examples are rows (else columns).
    """

    def spell(part: Node) -> str:
        match part:
            case Ref(name):
                return name
            case Transpose(of):
                return f"{atom(of)}.{'mT' if stacked else 'T'}"
            case MatMul(left, right):
                return f"{atom(left)} @ {atom(right)}"
            case SumOverExamples(of):
                axis = (-2 if rows else -1) if stacked else (0 if rows else 1)
                return f"np.sum({spell(of)}, axis={axis}, keepdims=True)"
            case SumAll(of):
                return f"np.sum({spell(of)})"
            case Pointwise(formula, parts):
                return numpy_source(formula, {symbol: atom(piece) for symbol, piece in parts})

    def atom(part: Node) -> str:
        simple = isinstance(part, Ref | Transpose | SumOverExamples | SumAll)
        return spell(part) if simple else f"({spell(part)})"

    return spell(node)
