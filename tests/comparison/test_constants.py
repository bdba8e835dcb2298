"""Best constant predictions and the two plain rows, against what is known of them."""

import numpy as np
import pytest
from scipy.stats import entropy

from losscope.comparison import baselines
from losscope.comparison.constants import best_constant
from losscope.data import from_arrays
from losscope.losses import get


@pytest.fixture(scope="module")
def skewed():
    """A skewed target of one column."""
    return np.random.default_rng(0).exponential(2.0, (301, 1))


@pytest.mark.parametrize(
    ("loss", "constant"), [("mse", np.mean), ("mae", np.median)], ids=["mse", "mae"]
)
def test_squared_error_has_the_mean_and_absolute_error_the_median(skewed, loss, constant):
    """The least mean loss is that of the mean, or of the median."""
    loss = get(loss, task="regression")
    at = np.full_like(skewed, constant(skewed))
    expected = loss.value(target=skewed, prediction=at).mean()
    assert best_constant(loss, "identity", skewed, None) == pytest.approx(expected, rel=1e-9)


def test_cross_entropies_have_the_entropy_of_the_shares():
    """The best constant of a cross-entropy is the entropy of the class shares."""
    rng = np.random.default_rng(1)
    y = (rng.random((200, 1)) < 0.2).astype(float)
    found = best_constant(get("bce"), "sigmoid", y, None)
    assert found == pytest.approx(entropy([y.mean(), 1 - y.mean()]), rel=1e-9)
    Y = np.eye(3)[rng.choice(3, 200, p=[0.5, 0.3, 0.2])]
    found = best_constant(get("ce", task="multiclass"), "softmax", Y, None)
    assert found == pytest.approx(entropy(Y.mean(axis=0)), rel=1e-6)


def test_weights_and_labels_are_heeded():
    """A weighted mean moves the constant; several labels are improved one after the other."""
    Y = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    w = np.array([2.0, 1.0, 1.0])
    shares = (Y * w[:, None]).sum(axis=0) / 4
    expected = np.mean([entropy([p, 1 - p]) for p in shares])
    assert best_constant(get("bce"), "sigmoid", Y, w) == pytest.approx(expected, rel=1e-9)


def test_a_margin_loss_is_measured_on_scores():
    """Hinge's best constant with three of four positive is a score of 1: a quarter pays 2."""
    y = np.array([[1.0], [1.0], [1.0], [-1.0]])
    assert best_constant(get("hinge"), "identity", y, None) == pytest.approx(0.5, rel=1e-6)


def test_poisson_has_the_mean_count():
    """The best constant count is the mean, whatever constants the loss drops."""
    y = np.array([[0.0], [1.0], [5.0], [2.0]])
    loss = get("poisson")
    expected = loss.value(target=y, prediction=np.full_like(y, 2.0)).mean()
    assert best_constant(loss, "exp", y, None) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel", "regression", "counts"])
def test_plain_rows_fit_every_task(task):
    """Constant and linear predictions have the target's shape and lie where they must."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(120, 3))
    signal = X[:, 0]
    y = {
        "binary": (signal > 0).astype(int),
        "multiclass": np.digitize(signal, [-0.5, 0.5]),
        "multilabel": (X[:, :2] > 0).astype(int),
        "regression": signal + 0.1 * rng.normal(size=120),
        "counts": rng.poisson(np.exp(signal)),
    }[task]
    fold = from_arrays(X, y, task=task).fold(0)
    for _, P in (baselines.constant(fold), baselines.linear(task, fold)):
        assert P.shape == fold.Y_test.shape
        assert np.isfinite(P).all()
        if task in {"binary", "multilabel", "multiclass"}:
            assert ((P >= 0) & (P <= 1)).all()
        if task == "multiclass":
            np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-12)
        if task == "counts":
            assert (P > 0).all()
