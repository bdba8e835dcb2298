"""Two plain rows for scale: a constant prediction, and a linear model, on the same folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope import losses
from losscope.comparison.predictions import OUTPUTS, activate
from losscope.network.initialisers import log_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.comparison.calibration import Array
    from losscope.data import Fold

LINEAR = {
    "binary": "logistic regression",
    "multiclass": "logistic regression",
    "multilabel": "logistic regression",
    "regression": "ridge regression",
    "counts": "Poisson regression",
}
CONSTANT = "constant prediction"
LOSSES = {"binary": "bce", "multilabel": "bce", "multiclass": "ce", "counts": "poisson"}
# Where scikit-learn stops: good enough for a row for scale, and then the numbers are the same.
SEARCH = {"maxiter": 1000, "maxls": 50, "gtol": 1e-4, "ftol": 64 * np.finfo(float).eps}
LEAST_COUNT = 1e-12


def constant(fold: Fold) -> tuple[Array, Array]:
    """The mean target of the training rows for every validation and test row, in model units.

    That is the class shares, the mean, or the mean count, ``(n, K)``.
    """
    w = _weights(fold)
    mean = (fold.Y_train * w[:, np.newaxis]).sum(axis=0) / w.sum()
    valid, test = (np.broadcast_to(mean, Y.shape).copy() for Y in (fold.Y_valid, fold.Y_test))
    return valid, test


def linear(task: str, fold: Fold) -> tuple[Array, Array]:
    """Validation and test predictions ``(n, K)`` of a linear model, in model units.

    Logistic, ridge or Poisson regression with scikit-learn's default penalty, fitted on the
    training rows alone, as the networks are. Each is a network without a hidden layer, under a
    loss of the catalogue, and so needs no library of models.
    """
    if task == "regression":
        W, b = _ridge(fold)
    elif task == "multiclass":
        W, b = _searched(task, fold, fold.Y_train)
    else:
        each = [_searched(task, fold, column[:, np.newaxis]) for column in fold.Y_train.T]
        W, b = (np.concatenate(parts, axis=-1) for parts in zip(*each, strict=True))
    valid, test = (activate(OUTPUTS[task], X @ W + b) for X in (fold.X_valid, fold.X_test))
    if task == "counts":
        return np.maximum(valid, LEAST_COUNT), np.maximum(test, LEAST_COUNT)
    return valid, test


def _weights(fold: Fold) -> Array:
    return np.ones(len(fold.Y_train)) if fold.w_train is None else fold.w_train


def _ridge(fold: Fold) -> tuple[Array, Array]:
    """``W (d, K)`` and ``b (K,)`` of least Σ w (y − xW − b)² + Σ W²."""
    X, Y = fold.X_train, fold.Y_train
    w = _weights(fold)
    middle, mean = (w @ A / w.sum() for A in (X, Y))
    inner = X - middle
    weighted = inner.T * w
    W = np.linalg.solve(weighted @ inner + np.eye(X.shape[1]), weighted @ (Y - mean))
    return W, np.asarray(mean - middle @ W, np.float64)


def _searched(task: str, fold: Fold, Y: Array) -> tuple[Array, Array]:
    """``W (d, K)`` and ``b (K,)`` of the least mean loss with ½ λ Σ W² beside it."""
    from scipy.optimize import minimize  # a third of a second, when runs are under way

    start = np.zeros((fold.X_train.shape[1] + 1, Y.shape[1]))
    if task == "counts":
        start[-1] = log_mean(Y, fold.w_train)
    cost = _cost(task, fold, Y)
    options: Any = SEARCH
    found = minimize(cost, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    parameters = found.x.reshape(start.shape)
    return parameters[:-1], parameters[-1]


def _cost(task: str, fold: Fold, Y: Array) -> Callable[[Array], tuple[float, Array]]:
    """The cost of parameters, W with b as one more row, flat; and its gradient."""
    loss, output = losses.get(LOSSES[task]), OUTPUTS[task]
    X, (rows, outputs) = fold.X_train, Y.shape
    Y = loss.encode(Y)
    w = _weights(fold)
    strength = 1.0 if task == "counts" else 1 / rows  # beside a mean there, beside a sum else

    def cost(flat: Array) -> tuple[float, Array]:
        parameters = flat.reshape(-1, outputs)
        W = parameters[:-1]
        Z = X @ W + parameters[-1]
        if not np.isfinite(Z).all():  # a stride too far: the search takes a shorter one
            return np.inf, np.zeros_like(flat)
        value = loss.value(target=Y, raw_prediction=Z, output=output, exact=False)
        dZ = loss.gradient(target=Y, raw_prediction=Z, output=output, exact=False)
        dZ *= w[:, np.newaxis] / rows
        gradient = np.concatenate([X.T @ dZ + strength * W, dZ.sum(axis=0, keepdims=True)])
        return float((w * value).mean() + 0.5 * strength * (W * W).sum()), gradient.ravel()

    return cost
