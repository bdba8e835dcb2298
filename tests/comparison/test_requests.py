"""Requests that cannot be carried out are refused before anything runs."""

import numpy as np
import pytest

import losscope
from losscope.errors import LosscopeError

X = np.random.default_rng(0).normal(size=(80, 3))
COUNTS = np.random.default_rng(1).poisson(1.5, 80)


@pytest.mark.parametrize(
    ("y", "options", "says"),
    [
        (X[:, 0], {"metric": "poisson_deviance"}, "needs predictions above 0"),
        (COUNTS, {"metric": "gamma_deviance", "task": "counts"}, "the target is 0 in row"),
        (X[:, 0], {"losses": ["mse", "gaussian_nll"]}, "predicts 2 numbers for each target"),
        (X[:, 0], {"losses": None}, "expected names or losses"),
        (X[:, 0], {"losses": [3]}, r"got 3 \(int\)"),
        (COUNTS % 3, {"metric": "f1_macro", "task": "multiclass", "losses": ["ce"]}, "unknown"),
    ],
)
def test_a_request_that_cannot_be_is_one_line(y, options, says):
    """What was expected, what came, what to do; nothing is trained."""
    arguments = {"losses": ["mse"], "seeds": 2, "epochs": 1, "store": False} | options
    with pytest.raises(LosscopeError, match=says) as caught:
        losscope.compare(X, y, **arguments)
    assert "\n" not in str(caught.value)
