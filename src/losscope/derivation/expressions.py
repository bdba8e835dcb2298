"""The few kinds of expression that backpropagation is made of. Data, no behaviour.

`Ref` names an array; `MatMul`, `Transpose` and the sums act on whole arrays; `Pointwise` holds a
SymPy formula and says which array each of its symbols stands for. Printers spell these; the
training program compiles them. Nothing else exists in a derivation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sympy as sp


@dataclass(frozen=True)
class Ref:
    """An array by its name, such as "W2" or "dZ1"."""

    name: str


@dataclass(frozen=True)
class MatMul:
    """Matrix product."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Transpose:
    """Matrix transpose."""

    of: Node


@dataclass(frozen=True)
class SumOverExamples:
    """Sum over the batch, keeping that axis with length 1."""

    of: Node


@dataclass(frozen=True)
class SumAll:
    """Sum of all elements, one number."""

    of: Node


@dataclass(frozen=True)
class Pointwise:
    """A scalar formula applied element by element (and along the classes of an example).

    Parameters
    ----------
    formula : SymPy expression.
    parts : which node each symbol of the formula stands for; a symbol without a part is a scalar of
        the program, such as m.
    """

    formula: sp.Expr
    parts: tuple[tuple[sp.Symbol, Node], ...]


Node = Ref | MatMul | Transpose | SumOverExamples | SumAll | Pointwise


def children(node: Node) -> tuple[Node, ...]:
    """Direct parts of a node."""
    match node:
        case Ref():
            return ()
        case MatMul(left, right):
            return (left, right)
        case Pointwise(_, parts):
            return tuple(part for _, part in parts)
        case _:
            return (node.of,)


def references(node: Node) -> Iterator[str]:
    """Names of the arrays that a node reads, each time it reads them."""
    if isinstance(node, Ref):
        yield node.name
    for child in children(node):
        yield from references(child)


def pointwise(formula: sp.Expr, **parts: Node) -> Pointwise:
    """Build a Pointwise from keyword symbols: `pointwise(u + b, u=MatMul(…), b=Ref("b1"))`."""
    by_name = {symbol.name: symbol for symbol in formula.free_symbols}
    return Pointwise(
        formula, tuple((by_name[name], node) for name, node in parts.items() if name in by_name)
    )
