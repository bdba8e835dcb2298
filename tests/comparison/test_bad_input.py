"""Twenty further ways to ask for what cannot be: one clear line each, before anything runs."""

import numpy as np
import pytest

from losscope.comparison import compare
from losscope.errors import LosscopeError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 3))
Y = (X[:, 0] > 0).astype(int)
QUICK = {"losses": ["ce"], "seeds": 2, "epochs": 1, "store": False}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch_size": 2.5}, "batch_size must be a whole number"),
        ({"batch_size": "32"}, "batch_size must be a whole number"),
        ({"epochs": 1.5}, "epochs must be a whole number"),
        ({"epochs": True}, "epochs must be a whole number"),
        ({"seeds": 0}, "seeds must be a whole number of at least 1, got 0"),
        ({"seeds": []}, "at least one seed"),
        ({"seeds": [1, 1]}, "seed 1 is given twice"),
        ({"seeds": "ten"}, "seeds must be a number or a list"),
        ({"learning_rates": []}, "at least one number"),
        (
            {"learning_rates": [0.1, float("nan")]},
            "learning rate must be a number above 0, got nan",
        ),
        ({"learning_rates": [0.1, -0.1]}, "learning rate must be a number above 0, got -0.1"),
        ({"learning_rates": "best"}, "expected tuned, same, equal-step"),
        ({"l2": float("inf")}, "l2 must be a number of at least 0, got inf"),
        ({"margin": -0.1}, "margin must be a number of at least 0"),
        ({"precision": "float16"}, "precision must be float64 or float32"),
        ({"metric": "rmse"}, "metric 'rmse' does not fit a binary target"),
        ({"metric": "accurcy"}, "accuracy"),
        ({"hidden": (8, 0)}, "hidden layer's width must be a whole number of at least 1, got 0"),
        ({"hidden": ("8",)}, "hidden layer's width must be a whole number"),
        ({"activation": "rellu"}, "relu"),
        ({"initializer": "glorott"}, "glorot"),
        ({"optimizer": "adamm"}, "adam"),
        ({"n_jobs": 0}, "n_jobs must be a whole number of at least 1, got 0"),
        ({"sample_weight": -np.ones(80)}, "weight"),
        ({"sample_weight": np.ones(79)}, "sample_weight has shape"),
        ({"groups": np.zeros(80)}, "group"),
        ({"X": X[:, 0]}, "expected \\(rows, columns\\)"),
        ({"y": Y[:, None]}, "ravel"),
        ({"y": Y[:70]}, "70"),
        ({"X": np.where(X > 2, np.inf, X)}, "infinite|inf"),
        ({"losses": ["ce(pos_weight=-1)"]}, "pos_weight must be"),
        ({"losses": ["ce(gama=2)"]}, "gama"),
    ],
)
def test_what_cannot_be_asked_has_one_line(wrong, message):
    """What was expected, what came: one line, a LosscopeError, no run."""
    asked = {"X": X, "y": Y, **QUICK, **wrong}
    ran = []
    with pytest.raises(LosscopeError, match=message) as caught:
        compare(asked.pop("X"), asked.pop("y"), progress=lambda *now: ran.append(now), **asked)
    assert "\n" not in str(caught.value)
    assert not ran
