"""Softmax."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import softmax
from losscope.network.activations.base import Activation


class Softmax(Activation):
    """e^z_k / Σ_j e^z_j: probabilities of exclusive classes. Bridle, 1990."""

    name = "softmax"
    title = "softmax"
    vector = True
    hidden = False
    range = (0.0, 1.0)
    symbol = "softmax"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """e^z_k / Σ_j e^z_j."""
        return softmax(z)
