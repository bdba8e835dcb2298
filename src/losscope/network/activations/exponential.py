"""Exponential."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import exp
from losscope.network.activations.base import Activation


class Exponential(Activation):
    """e^z, positive: the mean of a count."""

    name = "exp"
    title = "exponential"
    aliases = ("exponential",)
    hidden = False
    range = (0.0, float("inf"))
    symbol = "exp"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """e^z."""
        return exp(z)
