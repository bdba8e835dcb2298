"""The loss of each example, as one line: read off the cost equation of a derivation."""

from __future__ import annotations

from losscope.derivation import Derivation
from losscope.derivation.expressions import Node, Pointwise, SumAll
from losscope.derivation.printers.lines import numpy_line


def row_losses(derivation: Derivation) -> str:
    """NumPy line of ℓ for each example of the batch, shape (…, m, 1)."""
    return numpy_line(losses_of_rows(derivation), stacked=True)


def losses_of_rows(derivation: Derivation) -> Node:
    """The expression of ℓ for each example of the batch."""
    cost = derivation["J"].runs
    if not isinstance(cost, Pointwise):
        raise TypeError("the cost is a reduction of the losses of the examples")
    data = next(node for symbol, node in cost.parts if symbol.name == "u")
    if not isinstance(data, SumAll):
        raise TypeError("the cost sums the losses of the examples")
    return data.of
