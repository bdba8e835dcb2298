"""The linear row for scale is what scikit-learn's model would predict, found without it."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge

from losscope.comparison import baselines
from losscope.data import from_arrays

ROWS, INPUTS = 160, 4


def fold_of(task, *, weighted, seed=0):
    """The first fold of a table in which the target leans on the features."""
    draw = np.random.default_rng(seed)
    X = draw.normal(size=(ROWS, INPUTS))
    Z = X @ draw.normal(size=(INPUTS, 3)) + draw.normal(size=(ROWS, 3))
    y = {
        "binary": (Z[:, 0] > 0.5).astype(int),
        "multilabel": (Z > 0.3).astype(int),
        "multiclass": Z.argmax(axis=1),
        "regression": 40 + 7 * Z[:, 0],
        "counts": draw.poisson(np.exp(1 + 0.3 * Z[:, 0])),
    }[task]
    weights = draw.uniform(0.2, 3.0, ROWS) if weighted else None
    return from_arrays(X, y, task=task, sample_weight=weights).fold(0)


def by_sklearn(task, fold):
    """Test predictions of scikit-learn's model with its defaults."""
    X, Y, w = fold.X_train, fold.Y_train, fold.w_train
    if task == "regression":
        return Ridge().fit(X, Y, w).predict(fold.X_test).reshape(-1, 1)
    if task == "counts":
        return PoissonRegressor().fit(X, Y[:, 0], w).predict(fold.X_test)[:, np.newaxis]
    if task == "multiclass":
        return LogisticRegression().fit(X, Y.argmax(axis=1), w).predict_proba(fold.X_test)
    columns = [LogisticRegression().fit(X, column, w) for column in Y.T]
    return np.stack([model.predict_proba(fold.X_test)[:, 1] for model in columns], axis=1)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("task", baselines.LINEAR)
def test_the_linear_row_is_that_of_scikit_learn(task, weighted):
    """For every task, with sample weights and without."""
    fold = fold_of(task, weighted=weighted)
    _, test = baselines.linear(task, fold)
    assert test == pytest.approx(by_sklearn(task, fold), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("task", ["binary", "counts"])
def test_a_target_without_two_values_is_no_failure(task):
    """A training part with no positive row, or no count: small predictions, none of them 0."""
    fold = fold_of(task, weighted=False)
    fold.Y_train[...] = 0.0
    valid, test = baselines.linear(task, fold)
    for found in (valid, test):
        assert np.all((found > 0) & (found < 1e-3))
