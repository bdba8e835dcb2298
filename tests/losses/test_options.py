"""Options are losses around losses: what they do, against numbers worked out by hand or library."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses.options import Option, with_options
from losscope.losses.options.class_weights import ClassWeights
from losscope.losses.options.label_smoothing import LabelSmoothing

STREAM = np.random.default_rng(0)
Z = STREAM.normal(0, 2, (40, 3))
HARD = np.eye(3)[STREAM.integers(3, size=40)]
SOFT = STREAM.dirichlet(np.ones(3), size=40)
LOG_P = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def value(spelling, Y, task="multiclass"):
    """ℓ of the examples above."""
    return losses.get(spelling, task=task).value(target=Y, raw_prediction=Z)


def test_label_smoothing_of_classes_mixes_with_one_over_k():
    """(1 − ε) y + ε/K, as in PyTorch, Keras and optax."""
    by_hand = -np.sum((0.9 * HARD + 0.1 / 3) * LOG_P, axis=1)
    assert np.allclose(value("ce(label_smoothing=0.1)", HARD), by_hand, rtol=1e-13)


def test_label_smoothing_of_two_classes_mixes_with_a_half():
    """(1 − ε) y + ε/2, as in Keras."""
    smooth = value("bce", 0.9 * HARD + 0.05, task="binary")
    assert np.allclose(value("bce(label_smoothing=0.1)", HARD, "binary"), smooth, rtol=1e-13)


@pytest.mark.parametrize("Y", [HARD, SOFT], ids=["labels", "soft"])
def test_class_weights_of_cross_entropy_weigh_each_term(Y):
    """−Σ w_k y_k log a_k."""
    w = np.array([1.0, 2.0, 0.5])
    by_hand = -np.sum(w * Y * LOG_P, axis=1)
    assert np.allclose(value("ce(class_weights=[1, 2, 0.5])", Y), by_hand, rtol=1e-13)


def test_class_weights_apply_to_smoothed_targets():
    """Σ w_k ((1 − ε) y_k + ε/K) (−log a_k), as in PyTorch."""
    w = np.array([1.0, 2.0, 0.5])
    by_hand = -np.sum(w * (0.8 * HARD + 0.2 / 3) * LOG_P, axis=1)
    for spelling in (
        "ce(class_weights=[1, 2, 0.5], label_smoothing=0.2)",
        "ce(label_smoothing=0.2, class_weights=[1, 2, 0.5])",
    ):
        assert np.allclose(value(spelling, HARD), by_hand, rtol=1e-13)


@pytest.mark.parametrize("name", [n for n in losses.names("multiclass") if losses.get(n).vector])
def test_class_weights_multiply_the_loss_of_labels(name):
    """Whatever the loss of rows: that of class k times w_k, slope and all."""
    plain = losses.get(name)
    weighted = losses.get(name, class_weights=(1.0, 2.0, 0.5))
    w = HARD @ np.array([1.0, 2.0, 0.5])
    for method in ("value", "gradient"):
        a = getattr(weighted, method)(target=HARD, raw_prediction=Z)
        b = getattr(plain, method)(target=HARD, raw_prediction=Z)
        assert np.allclose(a, b * (w if b.ndim == 1 else w[:, None]), rtol=1e-12, atol=1e-15)


def test_pos_weight_counts_positives_more():
    """(1 − y) softplus(z) + w y softplus(−z), soft targets too; the slope is known."""
    y, z = STREAM.random((50, 1)), STREAM.normal(0, 3, (50, 1))
    loss = losses.get("bce(pos_weight=3)")
    by_hand = (1 - y) * np.logaddexp(0, z) + 3 * y * np.logaddexp(0, -z)
    assert np.allclose(loss.value(target=y, raw_prediction=z), by_hand[:, 0], rtol=1e-13)
    p = 1 / (1 + np.exp(-z))
    assert np.allclose(loss.gradient(target=y, raw_prediction=z), (1 + 2 * y) * p - 3 * y)


def test_pos_weight_may_differ_by_output():
    """One number for each label."""
    Y = (STREAM.random((30, 2)) < 0.5).astype(float)
    z = STREAM.normal(size=(30, 2))
    both = losses.get("bce(pos_weight=[2, 5])").value(target=Y, raw_prediction=z)
    parts = [
        losses.get("bce", pos_weight=w).value(target=Y[:, [j]], raw_prediction=z[:, [j]])
        for j, w in enumerate((2.0, 5.0))
    ]
    assert np.allclose(both, np.mean(parts, axis=0), rtol=1e-13)


def test_margin_losses_take_weights_of_their_signs():
    """The positive class is +1 there."""
    y, z = np.array([[1.0], [-1.0]]), np.array([[0.2], [0.2]])
    found = losses.get("hinge(pos_weight=3)").value(target=y, raw_prediction=z)
    assert np.allclose(found, [3 * 0.8, 1.2])


def test_balanced_is_read_off_training_targets():
    """pos_weight = negatives / positives; class weights = N / (K n_k); nothing else changes."""
    Y = np.array([[1.0], [0], [0], [0]])
    assert losses.get("ce(pos_weight=balanced)", task="binary").fitted(Y) == losses.get(
        "bce(pos_weight=3)"
    )
    signs = losses.get("hinge(pos_weight=balanced)").fitted(2 * Y - 1)
    assert signs == losses.get("hinge(pos_weight=3)")
    rows = np.eye(3)[[0, 0, 0, 1, 1, 2]]
    fitted = losses.get("ce(class_weights=balanced, label_smoothing=0.1)").fitted(rows)
    assert fitted.options["class_weights"] == pytest.approx((6 / 9, 1.0, 2.0))
    assert fitted.options["label_smoothing"] == 0.1
    two = losses.get("bce(class_weight=balanced)").fitted(Y)
    assert two.options["class_weights"] == pytest.approx((4 / 6, 2.0))
    many = losses.get("bce(pos_weight=balanced)").fitted(np.array([[1, 0], [0, 0], [0, 1], [0, 1]]))
    assert many.options["pos_weight"] == pytest.approx((3.0, 1.0))
    assert losses.get("mse").fitted(Y) == losses.get("mse")


def test_balanced_before_fitting_or_without_a_class_is_refused():
    """Told what to call, and which class is missing."""
    loss = losses.get("bce(pos_weight=balanced)")
    with pytest.raises(LosscopeError, match="fitted"):
        loss.value(target=np.ones((2, 1)), raw_prediction=np.zeros((2, 1)))
    with pytest.raises(LosscopeError, match="no training example"):
        loss.fitted(np.zeros((4, 1)))


def test_temperature_divides_raw_predictions():
    """T before the output activation; the slope carries 1/T."""
    plain, warm = losses.get("ce"), losses.get("ce(temperature=4)")
    assert np.allclose(
        warm.value(target=SOFT, raw_prediction=Z), plain.value(target=SOFT, raw_prediction=Z / 4)
    )
    assert np.allclose(
        warm.gradient(target=SOFT, raw_prediction=Z),
        plain.gradient(target=SOFT, raw_prediction=Z / 4) / 4,
    )


def test_ignored_targets_cost_and_pull_nothing():
    """Output by output, and by whole rows where classes enter together."""
    Y, z = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([[0.3, 5.0], [1.0, 2.0]])
    loss = losses.get("bce(ignore=-1)")
    full = losses.get("bce").gradient(target=np.abs(Y), raw_prediction=z)
    full[0, 1] = 0.0
    assert np.array_equal(loss.gradient(target=Y, raw_prediction=z), full)
    rows = np.vstack([HARD[:2], np.full((1, 3), -1.0)])
    masked = losses.get("ce(ignore=-1)")
    assert masked.value(target=rows, raw_prediction=Z[:3])[2] == 0.0
    assert not masked.gradient(target=rows, raw_prediction=Z[:3])[2].any()
    assert masked.example_weights(rows).tolist() == [1.0, 1.0, 0.0]
    mean = masked.cost(target=rows, raw_prediction=Z[:3], reduction="weighted mean")
    assert mean == pytest.approx(value("ce", HARD)[:2].mean())


def test_a_weighted_mean_divides_by_class_weights():
    """As PyTorch's CrossEntropyLoss(weight=…) does for labels; a plain mean divides by N."""
    loss, w = losses.get("ce(class_weights=[1, 2, 0.5])"), np.array([1.0, 2.0, 0.5])
    by_hand = -np.sum(w * HARD * LOG_P, axis=1)
    weighted = loss.cost(target=HARD, raw_prediction=Z, reduction="weighted mean")
    assert weighted == pytest.approx(by_hand.sum() / (HARD @ w).sum())
    assert loss.cost(target=HARD, raw_prediction=Z) == pytest.approx(by_hand.mean())


def test_options_nest_by_hand_as_well():
    """An option is a loss: equal, hashable, picklable, spelled as a call that reads back."""
    loss = LabelSmoothing(ClassWeights(losses.get("ce"), (1, 2, 3)), 0.1)
    assert isinstance(loss, Option)
    assert loss.spelling == "ce(class_weights=[1, 2, 3], label_smoothing=0.1)"
    assert loss == losses.get(loss.spelling)
    assert hash(loss) == hash(losses.get(loss.spelling))
    assert pickle.loads(pickle.dumps(loss)) == loss
    assert loss != losses.get("ce(class_weights=[1, 2, 3])")
    assert with_options(losses.get("ce"), {"label_smoothing": 0.1}) == losses.get(
        "ce(label_smoothing=0.1)"
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "focal(gamma=3, alpha=0.25)",
        "bce(temperature=2, pos_weight=3, label_smoothing=0.1, ignore=-1)",
        "huber(delta=2.5)",
        "mse@sigmoid",
        "huber(delta=0.3)@sigmoid",
        "gce(q=1e-05)",
        "(y - a)**4@sigmoid",
        "max(0, m - y*z); m=0.5",
    ],
)
def test_a_spelling_reads_back(spelling):
    """What a loss says of itself finds the same loss again."""
    loss = losses.get(spelling)
    assert loss.spelling == spelling
    assert losses.get(loss.spelling) == loss
    assert pickle.loads(pickle.dumps(loss)) == loss


@pytest.mark.parametrize(
    ("spelling", "message"),
    [
        ("hinge(label_smoothing=0.1)", r"label_smoothing does not fit.*smoothed labels are not"),
        ("sparsemax(label_smoothing=0.1)", r"label_smoothing does not fit"),
        ("ce(label_smoothing=1)", r"label_smoothing must be a number in \[0, 1\), got 1"),
        ("ce(pos_weight=3)", r"pos_weight does not fit.*no positive class; use class_weights"),
        ("mse(class_weights=[1, 2])", r"class_weights does not fit.*no classes"),
        ("ce(class_weights=3)", r"must be a list of numbers ≥ 0, or balanced"),
        ("ce(class_weights=[1, -2, 3])", r"must be a list of numbers ≥ 0"),
        ("bce(class_weights=[1, 2, 3])", r"two numbers, for the negative and the positive class"),
        ("bce(pos_weight=-1)", r"numbers ≥ 0, or balanced; got \(-1"),
        ("bce(alpha=2)", r"alpha must be a number in \[0, 1\]"),
        ("ce(temperature=0)", r"temperature must be a positive number, got 0"),
        ("mse(ignore=-1)", r"ignore does not fit.*-1 is any finite number"),
        ("hinge@sigmoid", r"not defined on the output 'sigmoid'.*a raw score"),
        ("poisson@identity", r"not defined on the output 'identity'.*number ≥ 0"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(spelling, message):
    """With the reason, at once rather than in training."""
    with pytest.raises(LosscopeError, match=message):
        losses.get(spelling)


def test_two_outputs_of_a_loss_differ_in_slope_only_by_the_activation():
    """`mse@sigmoid` claims nothing that holds for the identity."""
    loss = losses.get("mse@sigmoid")
    assert loss.output == "sigmoid"
    assert loss.convex is None
    assert loss.lipschitz is None
    assert loss.at("sigmoid") is loss


def test_a_second_pair_of_brackets_is_refused():
    """ce(label_smoothing=0.1)(temperature=2) would lose its first setting."""
    with pytest.raises(LosscopeError, match="cannot read the loss"):
        losses.get("ce(label_smoothing=0.1)(temperature=2)")
