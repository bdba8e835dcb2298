"""Identity."""

from __future__ import annotations

import sympy as sp

from losscope.network.activations.base import Activation


class Identity(Activation):
    """z itself."""

    name = "identity"
    title = "identity"
    aliases = ("linear", "none")
    symbol = ""

    def formula(self, z: sp.Expr) -> sp.Expr:
        """z."""
        return z
