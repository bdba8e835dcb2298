"""Two learners on fresh tables, judged as a comparison judges them.

The learners are linear models under asymmetric squared error, |τ − [y < a]| (y − a)². On a table
whose features and noise are symmetric about 0, the one with τ and the one with 1 − τ are different
losses and exchangeable by construction (negate the table and they change places), so that neither
is better; τ = ½ beside an extreme τ is a difference that is planted.
"""

from dataclasses import dataclass

import numpy as np

from losscope.comparison.outcomes import judge
from losscope.comparison.statistics import paired

FEATURES, STEPS = 3, 12


@dataclass(frozen=True)
class Shares:
    """Shares of tables on which something was said."""

    better: float
    b_better: float
    plain_t: float


def simulate(tables, seeds, rows, taus, first=0):
    """Compare two asymmetries on `tables` fresh tables, each re-split by `seeds` seeds."""
    said, plain = [], []
    test, train = rows // 4, round(rows * 9 / 16)
    for table in range(first, first + tables):
        rmse = _compared(np.random.default_rng(table), seeds, rows, taus)
        values = {"a": rmse[0], "b": rmse[1]}
        [pair] = judge(values, greater_is_better=False, ratio=test / train, margin=0.0)
        said.append(pair.better)
        plain.append(paired(*rmse, ratio=0.0).p < 0.05)
    return Shares(
        sum(better is not None for better in said) / tables,
        sum(better == "b" for better in said) / tables,
        sum(plain) / tables,
    )


def _compared(rng, seeds, rows, taus):
    """Test RMSE of both learners on each re-split of one fresh table, ``(2, seeds)``."""
    X = np.hstack([rng.normal(size=(rows, FEATURES)), np.ones((rows, 1))])
    y = X[:, :FEATURES] @ rng.normal(size=FEATURES) + rng.standard_t(4, size=rows)
    order = np.argsort(rng.random((seeds, rows)), axis=1)
    test, train = order[:, : rows // 4], order[:, -round(rows * 9 / 16) :]
    return np.stack([_rmse(X[train], y[train], X[test], y[test], tau) for tau in taus])


def _rmse(X, y, X_test, y_test, tau):
    """Fit by repeated weighted least squares, all re-splits at once."""
    w = np.ones_like(y)
    for _ in range(STEPS):
        normal = np.einsum("snd,sn,sne->sde", X, w, X)
        moment = np.einsum("snd,sn,sn->sd", X, w, y)
        beta = np.linalg.solve(normal, moment[:, :, None])[:, :, 0]
        w = np.where(y < np.einsum("snd,sd->sn", X, beta), 1 - tau, tau)
    error = y_test - np.einsum("snd,sd->sn", X_test, beta)
    return np.sqrt((error**2).mean(axis=1))
