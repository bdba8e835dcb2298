"""Logistic sigmoid."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import sigmoid
from losscope.network.activations.base import Activation


class Sigmoid(Activation):
    """1 / (1 + e^−z), between 0 and 1."""

    name = "sigmoid"
    title = "logistic sigmoid"
    aliases = ("logistic", "expit")
    range = (0.0, 1.0)
    symbol = "σ"

    def formula(self, z: sp.Expr) -> sp.Expr:
        """1 / (1 + e^−z)."""
        return sigmoid(z)
