"""Losses that are one another, up to a factor or in a limit: each sentence of a docstring, run."""

from __future__ import annotations

import numpy as np
import pytest

from losscope import losses
from tests.losses import measure

# (what, name or spelling, factor on the right, its spelling): left = factor × right.
EQUAL = {
    "twice pinball at a half is absolute error": ("mae", 2.0, "pinball(tau=0.5)"),
    "twice expectile at a half is squared error": ("mse", 2.0, "expectile(tau=0.5)"),
    "focal without γ is binary cross-entropy": ("bce", 1.0, "focal(gamma=0)"),
    "categorical focal without γ is cross-entropy": ("ce", 1.0, "categorical_focal(gamma=0)"),
    "asl with one γ and no margin is focal": (
        "asl(gamma_pos=2, gamma_neg=2, clip=0)",
        1.0,
        "focal(gamma=2)",
    ),
    "poly-1 without ε is cross-entropy": ("ce", 1.0, "poly1(epsilon=0)"),
    "smooth L1 is Huber over β": ("huber(delta=0.4)", 0.4, "smooth_l1(beta=0.4)"),
    "Lq at 1 is absolute error": ("mae", 1.0, "lq(q=1)"),
    "Lq at 2 is squared error": ("mse", 1.0, "lq(q=2)"),
    "no tube is absolute error": ("mae", 1.0, "epsilon_insensitive(epsilon=0)"),
    "no tube is squared error": ("mse", 1.0, "squared_epsilon_insensitive(epsilon=0)"),
    "λ-cross-entropy of weight 1 is binary cross-entropy": ("bce", 1.0, "lambda_ce(weight=1)"),
    "modified Huber is four times binary sparsemax": (
        "modified_huber",
        4.0,
        "binary_sparsemax",
    ),
    "squared error on a sigmoid is the Brier score": ("brier", 1.0, "mse@sigmoid"),
    "the categorical Brier score is K times squared error": (
        "categorical_brier",
        measure.CLASSES,
        "mse@softmax",
    ),
    "generalised cross-entropy at 1 is half the absolute error": (
        "gce(q=1)",
        measure.CLASSES / 2,
        "mae@softmax",
    ),
    "asymmetric single-label without smoothing is categorical focal": (
        "asymmetric_single(gamma_pos=2, smoothing=0)",
        1.0,
        "categorical_focal(gamma=2)",
    ),
    "β-NLL with β = 0 is the Gaussian likelihood": ("gaussian_nll", 1.0, "beta_nll(beta=0)"),
    "label smoothing by 0 changes nothing": ("ce", 1.0, "ce(label_smoothing=0)"),
    "a temperature of 1 changes nothing": ("bce", 1.0, "bce(temperature=1)"),
    "a positive weight of 1 changes nothing": ("bce", 1.0, "bce(pos_weight=1)"),
    "pos_weight is class_weights with a negative weight of 1": (
        "bce(class_weights=[1, 3])",
        1.0,
        "bce(pos_weight=3)",
    ),
    "α is class weights 1 − α and α": (
        "focal(class_weights=[0.75, 0.25])",
        1.0,
        "focal(alpha=0.25)",
    ),
    "binary cross-entropy written as a formula": (
        "bce",
        1.0,
        "-y*log(a) - (1-y)*log(1-a)@sigmoid",
    ),
    "hinge written as a formula": ("hinge", 1.0, "max(0, m - y*z); m=1"),
}


@pytest.mark.parametrize("what", EQUAL)
def test_two_spellings_of_one_loss_agree(what):
    """In value and in slope, to the last digits."""
    left, factor, right = EQUAL[what]
    one, other = losses.get(left), losses.get(right)
    Y, Z, _ = measure.draw(one, 500, 0, 3.0, measure.CLASSES if "softmax" in right else None)
    if "softmax" in right:
        Y = np.eye(measure.CLASSES)[np.arange(500) % measure.CLASSES]
    for method in ("value", "gradient"):
        a = getattr(one, method)(target=Y, raw_prediction=Z)
        b = getattr(other, method)(target=Y, raw_prediction=Z)
        assert np.allclose(a, factor * b, rtol=1e-13, atol=1e-15), what


def test_gce_tends_to_cross_entropy():
    """As q falls to 0; the gap falls with q."""
    ce = losses.get("ce")
    Y, Z, _ = measure.draw(ce, 200, 0, 2.0)
    Y = np.eye(measure.CLASSES)[np.argmax(Y, axis=1)]
    gaps = [
        np.max(np.abs(gce.value(target=Y, raw_prediction=Z) - ce.value(target=Y, raw_prediction=Z)))
        for gce in (losses.get("gce", q=q) for q in (1e-2, 1e-4, 1e-6))
    ]
    assert gaps[0] > 50 * gaps[1] > 2000 * gaps[2]


def test_tweedie_tends_to_poisson_and_gamma_in_its_slope():
    """The slopes at p → 1 and p → 2 are those of the two losses between which it stands."""
    Z, Y = np.linspace(-2, 2, 9)[:, None], np.linspace(0.5, 4, 9)[:, None]
    for power, name in ((1 + 1e-9, "poisson"), (2 - 1e-9, "gamma")):
        near = losses.get("tweedie", power=power).gradient(target=Y, raw_prediction=Z)
        there = losses.get(name).gradient(target=Y, raw_prediction=Z)
        assert np.allclose(near, there, rtol=1e-7, atol=1e-7)


def test_kl_and_cross_entropy_have_one_slope():
    """They differ by the entropy of the target, which z does not move."""
    kl, ce = losses.get("kl"), losses.get("ce")
    Y, Z, _ = measure.draw(ce, 300, 0, 3.0)
    slopes = (x.gradient(target=Y, raw_prediction=Z) for x in (kl, ce))
    assert np.array_equal(*slopes)
    entropy = -np.sum(np.where(Y > 0, Y * np.log(np.where(Y > 0, Y, 1)), 0), axis=1)
    gap = ce.value(target=Y, raw_prediction=Z) - kl.value(target=Y, raw_prediction=Z)
    assert np.allclose(gap, entropy, atol=1e-13)


def test_generalised_kl_and_poisson_have_one_slope():
    """They differ by y log y − y."""
    one, other = losses.get("generalised_kl"), losses.get("poisson")
    Y, Z, _ = measure.draw(one, 300, 0, 1.0)
    slopes = (x.gradient(target=Y, raw_prediction=Z) for x in (one, other))
    assert np.array_equal(*slopes)


def test_fenchel_young_losses_have_prediction_minus_target_as_slope():
    """Cross-entropy with softmax and sparsemax with its projection: both end in A − Y."""
    stream = np.random.default_rng(0)
    Z, Y = stream.normal(0, 2, (200, 4)), np.eye(4)[stream.integers(4, size=200)]
    for name in ("ce", "sparsemax"):
        loss = losses.get(name)
        predicted = np.array([measure.probability(loss, z) for z in Z])
        slopes = loss.gradient(target=Y, raw_prediction=Z)
        assert np.allclose(slopes, predicted - Y, atol=1e-15)


def test_sparsemax_costs_exactly_nothing_beyond_a_margin_of_one():
    """Value and slope are 0, not merely small."""
    loss = losses.get("sparsemax")
    Z, Y = np.array([[2.0, 1.0, -4.0]]), np.array([[1.0, 0.0, 0.0]])
    assert loss.value(target=Y, raw_prediction=Z)[0] == 0.0
    assert not loss.gradient(target=Y, raw_prediction=Z).any()


def test_categorical_hinge_is_not_crammer_singer():
    """Scores (−3, −5, −6) of class 0: Keras' variant costs 4, the other nothing."""
    Z, Y = np.array([[-3.0, -5.0, -6.0]]), np.array([[1.0, 0.0, 0.0]])
    assert losses.get("categorical_hinge").value(target=Y, raw_prediction=Z)[0] == 4.0
    assert losses.get("crammer_singer").value(target=Y, raw_prediction=Z)[0] == 0.0


def test_adding_a_number_to_all_scores_moves_only_what_says_so():
    """Margin losses between classes are blind to it; Keras' categorical hinge is not."""
    stream = np.random.default_rng(0)
    Z, Y = stream.normal(0, 2, (50, 3)), np.eye(3)[stream.integers(3, size=50)]
    for name in ("crammer_singer", "weston_watkins", "multiclass_perceptron", "sparsemax", "ce"):
        loss = losses.get(name)
        moved = loss.value(target=Y, raw_prediction=Z + 5.0)
        assert np.allclose(moved, loss.value(target=Y, raw_prediction=Z), atol=1e-12), name
    loss = losses.get("categorical_hinge")
    moved = loss.value(target=Y, raw_prediction=Z + 5.0)
    assert not np.allclose(moved, loss.value(target=Y, raw_prediction=Z))
