"""Gaussian negative log-likelihood."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Head, exp
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect


class GaussianNLL(Loss):
    """Negative log-likelihood of a normal target whose mean and variance are both predicted.

    Two heads: the mean μ and s, the logarithm of the variance. The constant ½ log 2π is left out.
    Values below 0 are legitimate: the loss has no lower bound.
    """

    name = "gaussian_nll"
    title = "Gaussian negative log-likelihood"
    aliases = (
        "GaussianNLLLoss",
        "gaussian",
        "heteroscedastic",
        "RMSEWithUncertainty",
        "normal_nll",
    )
    tasks = ("regression",)
    output = "identity"
    heads = 2
    letters = ("μ", "s")
    proper, convex, bounded, robust = True, False, False, False
    elicits = "mean and log variance"
    not_to_be_confused_with = {
        "mse": "what is left when the variance is the same everywhere",
        "beta_nll": "which weighs examples by their variance so that hard ones are not given up",
    }
    sources = ("Nix and Weigend, Estimating the Mean and Variance of the Target, 1994",)
    dialects = (
        Dialect(
            "torch",
            "torch.nn.GaussianNLLLoss()",
            names=("F.gaussian_nll_loss",),
            defaults={"full": False, "eps": 1e-6},
            note="takes the mean, the target and the variance e^s, not s",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """½ (s + (μ − y)² e^−s), with μ the first head and s the second."""
        mean, log_variance = Head(a, 0, 2), Head(a, 1, 2)
        return (log_variance + (mean - y) ** 2 * exp(-log_variance)) / 2
