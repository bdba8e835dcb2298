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
        Dialect(
            "optax",
            "optax.generalized_kl_divergence(log_predictions, targets)",
            "log_prediction",
            ("exp",),
            factor="K",
            offset="K*(xlogx(y) - y)",
            unit="row",
            note="sums over the outputs; wants targets above 0",
        ),
        Dialect(
            "torch",
            "torch.nn.PoissonNLLLoss()",
            "raw_prediction",
            ("exp",),
            names=("F.poisson_nll_loss",),
            defaults={"log_input": True, "full": False, "eps": 1e-8},
        ),
        Dialect(
            "torch",
            "torch.nn.PoissonNLLLoss(log_input=False)",
            names=("F.poisson_nll_loss",),
            defaults={"log_input": True, "full": False, "eps": 1e-8},
            guard={"a": "a + 1e-8"},
            offset="-1e-8",
        ),
        Dialect(
            "keras",
            "keras.losses.Poisson()",
            names=("poisson",),
            guard={"a": "a + 1e-7"},
            offset="-1e-7",
            note="takes the rate, not its log; adds 1e-7 inside the log",
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfPoissonLoss()",
            "raw_prediction",
            ("exp",),
            names=(
                'sklearn.ensemble.HistGradientBoostingRegressor(loss="poisson")',
                "sklearn.linear_model.PoissonRegressor()",
            ),
        ),
        Dialect(
            "sklearn",
            'sklearn.neural_network.MLPRegressor(loss="poisson")',
            "raw_prediction",
            ("exp",),
            factor="K",
            offset="K*(xlogx(y) - y)",
            note="several outputs are summed, not averaged",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.mean_poisson_deviance(y_true, y_pred)",
            factor="2",
            offset="2*(xlogx(y) - y)",
            role="metric",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="poisson")',
            "raw_prediction",
            ("exp",),
            role="objective",
            note="its hessian is multiplied by e^0.7 (poisson_max_delta_step)",
        ),
        Dialect(
            "xgboost",
            'dict(objective="count:poisson")',
            "raw_prediction",
            ("exp",),
            role="objective",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """a − y log a."""
        return a - y * log(a)
