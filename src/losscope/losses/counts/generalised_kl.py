"""Generalised Kullback–Leibler divergence."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log, xlogy
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import NONNEGATIVE


class GeneralisedKL(Loss):
    """Kullback–Leibler divergence of positive numbers that need not sum to 1.

    Poisson loss with the constant that makes it 0 at a = y: half the Poisson deviance. Also called
    I-divergence.
    """

    name = "generalised_kl"
    title = "generalised Kullback–Leibler"
    aliases = (
        "generalized_kl",
        "generalized_kl_divergence",
        "i_divergence",
        "half_poisson_deviance",
    )
    tasks = ("counts",)
    output = "exp"
    target = NONNEGATIVE
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "kl": "for rows that sum to 1",
        "poisson": "the same slope, another zero",
    }
    sources = ("Csiszár, Why Least Squares and Maximum Entropy?, 1991",)
    dialects = (
        Dialect(
            "torch",
            "torch.nn.PoissonNLLLoss()",
            "raw_prediction",
            ("exp",),
            offset="y - xlogx(y)",
            defaults={"log_input": True, "full": False, "eps": 1e-8},
        ),
        Dialect(
            "optax",
            "optax.generalized_kl_divergence(log_predictions, targets)",
            "log_prediction",
            ("exp",),
            factor="K",
            unit="row",
            note="sums over the outputs; wants targets above 0",
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfPoissonLoss()",
            "raw_prediction",
            ("exp",),
            offset="y - xlogx(y)",
        ),
        Dialect(
            "sklearn",
            'sklearn.neural_network.MLPRegressor(loss="poisson")',
            "raw_prediction",
            ("exp",),
            factor="K",
            note="several outputs are summed, not averaged",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_poisson_deviance(y_true, y_pred)",
            factor="2",
            role="metric",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """y log (y/a) − y + a."""
        return xlogy(y, y) - y * log(a) - y + a
