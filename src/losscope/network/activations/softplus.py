"""Softplus."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import softplus
from losscope.network.activations.base import Activation


class Softplus(Activation):
    """log(1 + e^z), a smooth ReLU. Dugas et al., 2001."""

    name = "softplus"
    title = "softplus"
    range = (0.0, float("inf"))
    symbol = "softplus"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """log(1 + e^z)."""
        return softplus(z)
