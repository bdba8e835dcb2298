"""β-NLL."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Head, exp, frozen
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import UNIT


class BetaNLL(Loss):
    """Gaussian likelihood, each example weighed by its predicted variance to the power β.

    The weight is taken as a constant when differentiating, so its slope is not the slope of its
    value. β = 0 is the plain likelihood; at β = 1 the mean learns as under half the squared error.
    """

    name = "beta_nll"
    title = "β-weighted Gaussian negative log-likelihood"
    aliases = ("beta_gaussian_nll", "BetaNLLLoss")
    tasks = ("regression",)
    output = "identity"
    heads = 2
    letters = ("μ", "s")
    conservative = False
    convex, bounded, robust = False, False, False
    not_to_be_confused_with = {"gaussian_nll": "which is this with β = 0"}
    sources = ("Seitzer et al., On the Pitfalls of Heteroscedastic Uncertainty Estimation, 2022",)

    beta = Parameter(0.5, UNIT, "power of the variance that weighs an example", "β")

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """½ e^[βs] (s + (μ − y)² e^−s), what stands in brackets held constant."""
        mean, log_variance = Head(a, 0, 2), Head(a, 1, 2)
        held = frozen(self.beta * log_variance)
        return (log_variance * exp(held) + (mean - y) ** 2 * exp(held - log_variance)) / 2
