"""Log-cosh loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import cosh, log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect


class LogCosh(Loss):
    """log cosh (a − y): half a square for small errors, |e| − log 2 for large ones.

    The unit of the target decides where it bends; there is no parameter to move that.
    """

    name = "log_cosh"
    title = "log-cosh"
    aliases = ("LogCosh", "logcosh")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = True, False, True
    not_to_be_confused_with = {"huber": "which bends at a distance that you choose"}
    sources = ("Green, Bayesian Reconstructions from Emission Tomography Data, 1990",)
    dialects = (
        Dialect("keras", "keras.losses.LogCosh()", names=("log_cosh",)),
        Dialect("optax", "optax.log_cosh(predictions, targets)"),
    )

    @property
    def lipschitz(self) -> float:
        """The slope is tanh (a − y)."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """log cosh (a − y)."""
        return log(cosh(a - y))
