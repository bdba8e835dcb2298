"""Two plain rows for scale: a constant prediction, and a linear model, on the same folds."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


def constant(fold: Fold) -> tuple[Array, Array]:
    """The mean target of the training rows for every validation and test row, in model units.

    That is the class shares, the mean, or the mean count, ``(n, K)``.
    """
    w = np.ones(len(fold.Y_train)) if fold.w_train is None else fold.w_train
    mean = (fold.Y_train * w[:, np.newaxis]).sum(axis=0) / w.sum()
    valid, test = (np.broadcast_to(mean, Y.shape).copy() for Y in (fold.Y_valid, fold.Y_test))
    return valid, test


def linear(task: str, fold: Fold) -> tuple[Array, Array]:
    """Validation and test predictions ``(n, K)`` of scikit-learn's linear model, in model units.

    Logistic, ridge or Poisson regression with scikit-learn's default penalty, fitted on the
    training rows alone, as the networks are.
    """
    X = np.concatenate([fold.X_valid, fold.X_test])
    both = _linear(task, fold, X)
    return both[: len(fold.X_valid)], both[len(fold.X_valid) :]


def _linear(task: str, fold: Fold, X: Array) -> Array:
    if task == "regression":
        from sklearn.linear_model import Ridge

        model = Ridge(solver="cholesky").fit(fold.X_train, fold.Y_train, fold.w_train)
        return np.asarray(model.predict(X)).reshape(len(X), -1)
    if task == "multiclass":
        return _logistic(fold, X, fold.Y_train.argmax(axis=1), fold.Y_train.shape[1])
    columns = range(fold.Y_train.shape[1])
    if task == "counts":
        return np.stack([_poisson(fold, X, k) for k in columns], axis=1)
    each = [_logistic(fold, X, fold.Y_train[:, k].astype(np.int64), 2)[:, 1] for k in columns]
    return np.stack(each, axis=1)


def _logistic(fold: Fold, X: Array, labels: NDArray[np.int64], n_classes: int) -> Array:
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((len(X), n_classes))
    present = np.unique(labels)
    if len(present) == 1:
        found[:, present[0]] = 1.0
        return found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it stops is good enough for a row for scale
        model = LogisticRegression(max_iter=1000).fit(fold.X_train, labels, fold.w_train)
    found[:, model.classes_] = model.predict_proba(X)
    return found


def _poisson(fold: Fold, X: Array, k: int) -> Array:
    from sklearn.linear_model import PoissonRegressor

    target = fold.Y_train[:, k]
    if not target.any():
        return np.full(len(X), 1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = PoissonRegressor(max_iter=1000).fit(fold.X_train, target, fold.w_train)
    return np.asarray(np.maximum(model.predict(X), 1e-12))
