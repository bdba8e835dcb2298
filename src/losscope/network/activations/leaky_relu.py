"""Leaky rectified linear unit."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import where
from losscope.network.activations.base import Activation


class LeakyRelu(Activation):
    """z above 0, 0.01 z below; at z = 0 the lower slope. Maas, Hannun and Ng, 2013."""

    name = "leaky_relu"
    title = "leaky rectified linear unit"
    aliases = ("leaky", "lrelu")
    symbol = "lrelu"
    leak = sp.Rational(1, 100)

    def formula(self, z: sp.Expr) -> sp.Expr:
        """z above 0, 0.01 z below."""
        return where(z > 0, z, self.leak * z)
