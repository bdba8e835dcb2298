"""Hyperbolic tangent."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import tanh
from losscope.network.activations.base import Activation


class Tanh(Activation):
    """tanh z, odd, between −1 and 1."""

    name = "tanh"
    title = "hyperbolic tangent"
    range = (-1.0, 1.0)
    symbol = "tanh"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """tanh z."""
        return tanh(z)
