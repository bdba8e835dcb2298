"""Poisson loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE


class Poisson(Loss):
    """Negative log-likelihood of a Poisson count with mean a, without the constant log y!.

    Its deviance is 2 (ℓ(y, a) − ℓ(y, y)).
    """

    name = "poisson"
    title = "Poisson"
    aliases = ("poisson_nll", "PoissonNLLLoss", "poisson_deviance", "count_poisson")
    tasks = ("counts",)
    output = "exp"
    target = NONNEGATIVE
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    sources = ("Nelder and Wedderburn, Generalized Linear Models, 1972",)
    dialects = (
        Dialect("torch", "torch.nn.PoissonNLLLoss()", "raw_prediction", ("exp",)),
        Dialect("keras", "keras.losses.Poisson()", note="adds 1e-7 inside the log"),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """a − y log a."""
        return a - y * log(a)
