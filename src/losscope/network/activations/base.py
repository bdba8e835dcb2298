"""What every activation is: a name and a formula. Its derivative follows."""

from __future__ import annotations

from typing import ClassVar

import sympy as sp

from losscope.calculus.functions import RAW
from losscope.calculus.gradient import derivative
from losscope.calculus.rules import stabilise


class Activation:
    """a = g(z), elementwise unless `vector`.

    A subclass states `name` and `formula`; derivative, equations and code come from these.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    vector: ClassVar[bool] = False
    """Whether one class's activation depends on the other classes' z (softmax)."""
    hidden: ClassVar[bool] = True
    """Whether it may stand in a hidden layer."""
    output: ClassVar[bool] = True
    """Whether it may stand in the output layer."""
    range: ClassVar[tuple[float, float]] = (float("-inf"), float("inf"))
    """Infimum and supremum of a."""
    symbol: ClassVar[str] = ""
    """How mathematics calls it: σ, tanh, …"""

    def formula(self, z: sp.Expr) -> sp.Expr:
        """Return g(z), in the functions of `losscope.calculus.functions`."""
        raise NotImplementedError

    def slope(self, z: sp.Symbol = RAW) -> sp.Expr:
        """Return g′(z), stable at any z."""
        return stabilise(derivative(stabilise(self.formula(z)), z))

    def __repr__(self) -> str:
        return f"<activation {self.name}>"
