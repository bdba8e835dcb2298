"""Rectified linear unit."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import relu
from losscope.network.activations.base import Activation


class Relu(Activation):
    """max(0, z); at z = 0 its slope is taken as 0, as in PyTorch. Nair and Hinton, 2010."""

    name = "relu"
    title = "rectified linear unit"
    range = (0.0, float("inf"))
    symbol = "relu"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """max(0, z)."""
        return relu(z)
