"""Gaussian error linear unit."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import ndtr
from losscope.network.activations.base import Activation


class Gelu(Activation):
    """z Φ(z) with the exact normal Φ, not the tanh approximation. Hendrycks and Gimpel, 2016."""

    name = "gelu"
    title = "Gaussian error linear unit"
    symbol = "gelu"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """z Φ(z)."""
        return z * ndtr(z)
