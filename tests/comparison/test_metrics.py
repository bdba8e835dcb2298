"""Metrics equal scikit-learn's, for stacks of runs at once."""

import warnings

import numpy as np
import pytest
import sklearn.metrics as sk

from losscope.comparison import metrics
from losscope.comparison.metrics import find, measure
from losscope.errors import LosscopeError

RUNS, ROWS = 4, 61


def draw(task, classes=4, seed=0, ties=False):
    """A target (N, K) and predictions (R, N, K) of a task, with rounding to make ties."""
    rng = np.random.default_rng(seed)
    if task == "binary":
        Y = (rng.random((ROWS, 1)) < 0.3).astype(float)
        P = rng.random((RUNS, ROWS, 1))
    elif task == "multiclass":
        Y = np.eye(classes)[rng.integers(0, classes, ROWS)]
        P = rng.dirichlet(np.ones(classes), size=(RUNS, ROWS))
    elif task == "multilabel":
        Y = (rng.random((ROWS, 3)) < 0.4).astype(float)
        P = rng.random((RUNS, ROWS, 3))
    elif task == "regression":
        Y = 50 + 20 * rng.standard_normal((ROWS, 2))
        P = Y + 5 * rng.standard_normal((RUNS, ROWS, 2))
    else:
        Y = rng.poisson(2.0, (ROWS, 1)).astype(float)
        P = rng.gamma(2.0, 1.0, (RUNS, ROWS, 1)) + 1e-3
    if ties:
        P = np.round(P, 1)
        if task == "multiclass":
            P /= P.sum(axis=2, keepdims=True)
    return Y, P


def hard(Y, P):
    """Class numbers of target and one run's prediction, as scikit-learn's decision metrics ask."""
    if Y.shape[1] == 1:
        return Y[:, 0], (P[:, 0] > 0.5).astype(float)
    return Y.argmax(axis=1), P.argmax(axis=1)


def labels(metric, **options):
    """The mean over labels of a scikit-learn metric of one label."""
    return lambda Y, P, w: np.mean(
        [metric(Y[:, k], P[:, k], sample_weight=w, **options) for k in range(Y.shape[1])]
    )


def decided(metric, **options):
    """A scikit-learn metric of decisions."""
    return lambda Y, P, w: metric(*hard(Y, P), sample_weight=w, **options)


def over_0_5(metric, **options):
    """A scikit-learn metric of label indicators."""
    return lambda Y, P, w: metric(Y, P > 0.5, sample_weight=w, **options)


ORACLES = {
    ("binary", "log_loss"): lambda Y, P, w: sk.log_loss(Y[:, 0], P[:, 0], sample_weight=w),
    ("binary", "accuracy"): decided(sk.accuracy_score),
    ("binary", "balanced_accuracy"): decided(sk.balanced_accuracy_score),
    ("binary", "f1"): decided(sk.f1_score),
    ("binary", "roc_auc"): lambda Y, P, w: sk.roc_auc_score(Y[:, 0], P[:, 0], sample_weight=w),
    ("binary", "average_precision"): lambda Y, P, w: sk.average_precision_score(
        Y[:, 0], P[:, 0], sample_weight=w
    ),
    ("binary", "brier"): lambda Y, P, w: sk.brier_score_loss(Y[:, 0], P[:, 0], sample_weight=w),
    ("multiclass", "log_loss"): lambda Y, P, w: sk.log_loss(
        Y.argmax(1), P, sample_weight=w, labels=range(Y.shape[1])
    ),
    ("multiclass", "accuracy"): decided(sk.accuracy_score),
    ("multiclass", "balanced_accuracy"): decided(sk.balanced_accuracy_score),
    ("multiclass", "f1"): decided(sk.f1_score, average="macro"),
    ("multiclass", "roc_auc"): lambda Y, P, w: sk.roc_auc_score(Y, P, sample_weight=w),
    ("multiclass", "average_precision"): lambda Y, P, w: sk.average_precision_score(
        Y, P, sample_weight=w
    ),
    ("multiclass", "brier"): lambda Y, P, w: sk.brier_score_loss(
        Y.argmax(1), P, sample_weight=w, labels=list(range(Y.shape[1]))
    ),
    ("multilabel", "log_loss"): labels(sk.log_loss),
    ("multilabel", "accuracy"): over_0_5(sk.accuracy_score),
    ("multilabel", "f1"): over_0_5(sk.f1_score, average="macro"),
    ("multilabel", "hamming_loss"): over_0_5(sk.hamming_loss),
    ("multilabel", "roc_auc"): lambda Y, P, w: sk.roc_auc_score(Y, P, sample_weight=w),
    ("multilabel", "average_precision"): lambda Y, P, w: sk.average_precision_score(
        Y, P, sample_weight=w
    ),
    ("multilabel", "brier"): labels(sk.brier_score_loss),
    ("regression", "rmse"): lambda Y, P, w: sk.root_mean_squared_error(Y, P, sample_weight=w),
    ("regression", "mae"): lambda Y, P, w: sk.mean_absolute_error(Y, P, sample_weight=w),
    ("regression", "r2"): lambda Y, P, w: sk.r2_score(Y, P, sample_weight=w),
    ("regression", "pinball"): lambda Y, P, w: sk.mean_pinball_loss(Y, P, sample_weight=w),
    ("regression", "gamma_deviance"): lambda Y, P, w: np.mean(
        [sk.mean_gamma_deviance(Y[:, k], P[:, k], sample_weight=w) for k in range(2)]
    ),
    ("counts", "rmse"): lambda Y, P, w: sk.root_mean_squared_error(Y, P, sample_weight=w),
    ("counts", "poisson_deviance"): lambda Y, P, w: sk.mean_poisson_deviance(
        Y[:, 0], P[:, 0], sample_weight=w
    ),
}


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
@pytest.mark.parametrize(("task", "name"), ORACLES, ids=lambda value: value)
def test_equals_scikit_learn(task, name, ties, weighted):
    """Each metric of each stacked run is scikit-learn's value, with ties and with weights."""
    Y, P = draw(task, ties=ties)
    if name == "gamma_deviance":
        Y, P = np.abs(Y) + 1, np.abs(P) + 1
    if name == "poisson_deviance":
        P = P + 0.1
    w = np.random.default_rng(1).random(ROWS) + 0.1 if weighted else None
    found = measure(find(name, task), Y, P, w)
    expected = [ORACLES[task, name](Y, P[r], w) for r in range(RUNS)]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel", "regression", "counts"])
def test_a_run_does_not_depend_on_its_stack(task):
    """A run measured alone gives the same bits as in a stack, weighted or not."""
    Y, P = draw(task)
    for w in (None, np.random.default_rng(2).random(ROWS)):
        for metric in metrics.for_task(task):
            together = measure(metric, Y, P, w)
            alone = [measure(metric, Y, P[r : r + 1].copy(), w)[0] for r in range(RUNS)]
            np.testing.assert_array_equal(together, alone, err_msg=metric.name)


def test_certain_and_wrong_is_clipped_as_scikit_learn_clips():
    """A probability of 0 for what happened costs −log eps of the precision it came in."""
    Y = np.array([[1.0], [0.0]])
    for dtype in (np.float64, np.float32):
        P = np.array([[[0.0], [1.0]]], dtype=dtype)
        expected = sk.log_loss(Y[:, 0], P[0, :, 0])
        np.testing.assert_allclose(measure(find("log_loss", "binary"), Y, P), expected, rtol=1e-6)
    np.testing.assert_allclose(
        measure(find("log_loss", "binary"), Y, np.array([[[0.0], [1.0]]])), 36.04365338911715
    )


@pytest.mark.parametrize("name", ["f1", "balanced_accuracy", "log_loss", "accuracy", "brier"])
def test_an_absent_class_is_treated_as_scikit_learn_treats_it(name):
    """A class with no row in the target leaves scikit-learn's value unchanged."""
    Y, P = draw("multiclass")
    Y[:, 2] = 0
    Y[Y.sum(axis=1) == 0, 0] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # balanced accuracy warns of predicted, absent classes
        expected = [ORACLES["multiclass", name](Y, P[r], None) for r in range(RUNS)]
    np.testing.assert_allclose(measure(find(name, "multiclass"), Y, P), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_ranking_leaves_an_absent_class_out_of_the_mean(name):
    """Where scikit-learn warns that a class has no value, the mean is over the other classes."""
    Y, P = draw("multilabel")
    Y[:, 1] = 0
    found = measure(find(name, "multilabel"), Y, P)
    one = {"roc_auc": sk.roc_auc_score, "average_precision": sk.average_precision_score}[name]
    expected = [(one(Y[:, 0], P[r, :, 0]) + one(Y[:, 2], P[r, :, 2])) / 2 for r in range(RUNS)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_ranking_of_a_single_class_is_undefined():
    """With no positive row, or no negative one, the area under the curve is NaN, not a number."""
    _, P = draw("binary")
    assert np.isnan(measure(find("roc_auc", "binary"), np.zeros((ROWS, 1)), P)).all()
    assert np.isnan(measure(find("roc_auc", "binary"), np.ones((ROWS, 1)), P)).all()
    assert np.isnan(measure(find("average_precision", "binary"), np.zeros((ROWS, 1)), P)).all()


def test_calibration_error_by_hand():
    """Two bins: 0.1 predicted where half came true, 0.9 where all did: (2·0.4 + 2·0.1) / 4."""
    Y = np.array([[0.0], [1.0], [1.0], [1.0]])
    P = np.array([[[0.1], [0.1], [0.9], [0.9]]])
    np.testing.assert_allclose(measure(find("ece", "binary"), Y, P), 0.25, rtol=1e-12)


def test_calibration_error_of_classes_by_hand():
    """The largest probability against being right: |0.7 − 1| and |0.7 − 0| in one bin."""
    Y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    P = np.array([[[0.7, 0.2, 0.1], [0.7, 0.2, 0.1]]])
    np.testing.assert_allclose(measure(find("ece", "multiclass"), Y, P), 0.2, rtol=1e-12)


def test_a_perfect_forecaster_is_calibrated():
    """Outcomes drawn with the predicted probabilities leave a calibration error near 0."""
    rng = np.random.default_rng(0)
    P = rng.random((1, 200_000, 1))
    Y = (rng.random((200_000, 1)) < P[0]).astype(float)
    assert measure(find("ece", "binary"), Y, P)[0] < 0.01


@pytest.mark.parametrize("name", ["poisson_deviance", "gamma_deviance"])
def test_deviance_outside_its_domain_is_undefined(name):
    """A prediction of 0 or less has no deviance: NaN for that run, and only for that run."""
    Y = np.array([[1.0], [2.0]])
    P = np.array([[[1.0], [2.0]], [[1.0], [-2.0]]])
    np.testing.assert_array_equal(measure(find(name, "regression"), Y, P), [0.0, np.nan])


def test_r2_of_a_constant_target():
    """1 where the constant is met exactly, else 0, as scikit-learn has it."""
    Y = np.ones((3, 1))
    P = np.stack([Y, Y + 0.5])
    np.testing.assert_array_equal(measure(find("r2", "regression"), Y, P), [1.0, 0.0])


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel", "regression", "counts"])
def test_a_failed_run_is_nan_and_harms_no_other(task):
    """NaN predictions give NaN for their run; the others keep their bits."""
    Y, P = draw(task)
    broken = P.copy()
    broken[1, 3] = np.nan
    for metric in metrics.for_task(task):
        whole, found = measure(metric, Y, P), measure(metric, Y, broken)
        assert np.isnan(found[1])
        np.testing.assert_array_equal(np.delete(found, 1), np.delete(whole, 1))


@pytest.mark.parametrize(
    ("asked", "task", "name"),
    [
        ("neg_log_loss", "binary", "log_loss"),
        ("Log-Loss", "multiclass", "log_loss"),
        ("brier_score_loss", "binary", "brier"),
        ("neg_brier_score", "binary", "brier"),
        ("roc_auc_score", "binary", "roc_auc"),
        ("neg_root_mean_squared_error", "regression", "rmse"),
        ("mean_absolute_error", "regression", "mae"),
        ("r2_score", "regression", "r2"),
        ("mean_pinball_loss", "regression", "pinball"),
        ("neg_mean_poisson_deviance", "counts", "poisson_deviance"),
        ("average precision", "binary", "average_precision"),
    ],
)
def test_metrics_answer_to_scikit_learns_names(asked, task, name):
    """Scorer names, function names and plain spellings find the same metric."""
    assert find(asked, task).name == name


def test_an_unknown_metric_names_the_nearest():
    """The message says which metric was probably meant, and lists those that fit."""
    with pytest.raises(LosscopeError, match=r"unknown metric 'acuracy'; did you mean 'accuracy'\?"):
        find("acuracy", "binary")
    with pytest.raises(LosscopeError, match=r"does not fit a regression target; .*rmse"):
        find("log_loss", "regression")


@pytest.mark.parametrize(
    ("task", "share", "name"),
    [
        ("binary", 0.5, "log_loss"),
        ("binary", 0.19, "average_precision"),
        ("binary", 0.81, "log_loss"),
        ("multiclass", None, "log_loss"),
        ("multilabel", None, "log_loss"),
        ("regression", None, "rmse"),
        ("counts", None, "poisson_deviance"),
    ],
)
def test_the_primary_metric_follows_from_the_task(task, share, name):
    """Log-loss, RMSE, Poisson deviance; average precision where the positive class is rare."""
    assert metrics.default(task, share).name == name


def test_shapes_that_would_broadcast_are_refused():
    """(N,) against (N, 1) is an error with both shapes in it, never a broadcast."""
    with pytest.raises(LosscopeError, match=r"shape \(runs, 3, 1\).*got \(2, 3\)"):
        measure(find("mae", "regression"), np.zeros((3, 1)), np.zeros((2, 3)))


def test_predictions_too_far_off_to_square_are_infinitely_wrong():
    """A run that is about to fail is no reason for a warning on the user's screen."""
    far = np.full((1, 4, 1), 1e200)
    for name, worst in (("rmse", np.inf), ("r2", -np.inf)):
        metric = find(name, "regression")
        assert metric.function(np.arange(4.0)[:, None], far, None)[0] == worst
