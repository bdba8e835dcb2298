"""Wrong input is refused by an error that names the value, the row and the way out."""

from __future__ import annotations

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses.domains import (
    ABOVE_MINUS_ONE,
    COUNTS,
    NONZERO,
    ONE_HOT,
    POSITIVE,
    REAL,
    SIGNS,
    SIMPLEX,
    UNIT,
    Or,
    Values,
)
from tests.losses import measure

NAMES = losses.names()


@pytest.mark.parametrize("name", NAMES)
def test_nan_is_refused_wherever_it_comes(name):
    """In the target and in the raw prediction, with its row."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 5, 0, 1.0)
    for which in (0, 1):
        pair = [Y.copy(), Z.copy()]
        pair[which][3] = np.nan
        with pytest.raises(LosscopeError, match=r"row 3"):
            loss.value(target=pair[0], raw_prediction=pair[1])
        with pytest.raises(LosscopeError, match=r"row 3"):
            loss.gradient(target=pair[0], raw_prediction=pair[1])


@pytest.mark.parametrize("name", NAMES)
def test_what_would_broadcast_is_refused(name):
    """(m, 1) against (m,), one row against many, too few columns."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 6, 0, 1.0)
    for target, raw in ((Y[:1], Z), (Y, Z[:1]), (Y[:, 0], Z[:, :1]), (Y, Z[:, 0]), (Y.T, Z)):
        if target.shape == Y.shape and raw.shape == Z.shape:
            continue
        with pytest.raises(LosscopeError, match=r"got target \(") as told:
            loss.value(target=target, raw_prediction=raw)
        assert str(target.shape) in str(told.value)


@pytest.mark.parametrize("name", [n for n in NAMES if losses.get(n).vector])
def test_class_numbers_are_told_how_to_become_rows(name):
    """Integer labels against one-hot rows: the conversion is written out."""
    loss = losses.get(name)
    with pytest.raises(LosscopeError, match=r"one-hot rows, np\.eye\(K\)\[labels\]"):
        loss.value(target=np.array([0, 2, 1]), raw_prediction=np.zeros((3, 3)))


OUTSIDE = {
    "bce": (1.5, r"target must be a number in \[0, 1\], got 1\.5 in row 1"),
    "hinge": (0.0, r"target must be −1 or 1, got 0 in row 1"),
    "asl": (0.5, r"target must be 0 or 1, got 0\.5 in row 1"),
    "poisson": (-1.0, r"target must be a number ≥ 0, got -1 in row 1"),
    "gamma": (0.0, r"target must be a number > 0, got 0 in row 1"),
    "mape": (0.0, r"target must be a finite number other than 0, got 0 in row 1"),
    "msle": (-1.0, r"target must be a number > -1, got -1 in row 1"),
    "mse": (np.inf, r"target must be any finite number, got inf in row 1"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_target_outside_the_domain_is_named(name):
    """Value, row and what to do."""
    value, message = OUTSIDE[name]
    loss = losses.get(name)
    good = loss.target.sample(np.random.default_rng(0), (3, 1))
    good[1] = value
    with pytest.raises(LosscopeError, match=message) as told:
        loss.value(target=good, raw_prediction=np.zeros((3, 1)))
    assert "correct these rows" in str(told.value)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("ce", [0.5, 0.6, 0.0], r"sum to 1 .* row 0"),
        ("ce", [1.5, -0.5, 0.0], r"sum to 1 .* row 0"),
        ("sparsemax", [0.5, 0.5, 0.0], r"one-hot row.* row 0"),
        ("multilabel_margin", [1.0, -1.0, 0.0], r"0 or 1.* row 0"),
    ],
)
def test_a_row_that_is_no_label_is_named(name, row, message):
    """Rows that do not sum to 1, soft rows where labels are asked for."""
    with pytest.raises(LosscopeError, match=message):
        losses.get(name).value(target=np.array([row]), raw_prediction=np.zeros((1, 3)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("bce", 1.2), ("bce", -0.1), ("poisson", -1.0), ("gamma", 0.0), ("brier", np.nan)],
)
def test_a_prediction_outside_its_range_is_named(name, value):
    """Logits handed over as probabilities are noticed."""
    with pytest.raises(LosscopeError, match=r"prediction must be .* in row 0"):
        losses.get(name).value(target=np.array([[1.0]]), prediction=np.array([[value]]))


def test_both_or_no_prediction_is_refused():
    """One of the two, by keyword."""
    Y = np.ones((2, 1))
    with pytest.raises(LosscopeError, match="either prediction= or raw_prediction="):
        losses.get("bce").value(target=Y)
    with pytest.raises(LosscopeError, match="not both"):
        losses.get("bce").value(target=Y, prediction=Y, raw_prediction=Y)


def test_a_single_column_of_classes_is_refused():
    """One output under a softmax is always certain: the silent classic."""
    with pytest.raises(LosscopeError, match="at least 2 classes"):
        losses.get("ce").value(target=np.ones((2, 1)), raw_prediction=np.zeros((2, 1)))


def test_two_heads_are_asked_for_by_shape():
    """A mean without its variance is told what is missing."""
    with pytest.raises(LosscopeError, match=r"2 predictions for each target.*\(4, 2\)"):
        losses.get("gaussian_nll").value(target=np.ones((4, 1)), raw_prediction=np.ones((4, 1)))


@pytest.mark.parametrize(
    ("spelling", "message"),
    [
        ("focal(gamma=-1)", r"gamma must be a number ≥ 0, got -1.*default is 2"),
        ("huber(delta=0)", r"delta must be a number > 0, got 0"),
        ("pinball(tau=1)", r"tau must be a number in \(0, 1\), got 1"),
        ("tweedie(power=3)", r"power must be a number in \(1, 2\), got 3"),
        ("gce(q=nan)", r"q must be a number in \(0, 1\], got 'nan'"),
        ("weston_watkins(power=3)", r"power must be 1 or 2, got 3"),
        ("categorical_focal(gamma=0.5)", r"gamma must be 0, or a number ≥ 1, got 0\.5"),
        ("huber(gamma=2)", r"no parameter 'gamma'; it takes delta"),
        ("mse(delta=2)", r"no parameter 'delta'; it takes none"),
        ("focal(gama=2)", r"did you mean 'gamma'"),
    ],
)
def test_parameters_out_of_bounds_are_told(spelling, message):
    """Bounds, what came, and the default."""
    with pytest.raises(LosscopeError, match=message):
        losses.get(spelling)


def test_a_formula_without_a_value_somewhere_is_told():
    """The root of a negative number is no loss: the row is named, no NaN is returned."""
    loss = losses.get("(a - y)**0.5")
    with pytest.raises(LosscopeError, match="no value in row 1"):
        loss.value(target=np.array([0.0, 3.0]), prediction=np.array([1.0, 1.0]))


DOMAINS = (REAL, UNIT, COUNTS, SIGNS, SIMPLEX, ONE_HOT, POSITIVE, NONZERO, ABOVE_MINUS_ONE)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda d: d.describe())
def test_a_domain_contains_what_it_samples_and_no_nan(domain):
    """Samples lie inside; NaN and infinity do not."""
    drawn = domain.sample(np.random.default_rng(0), (200, 3))
    assert np.all(domain.contains(drawn))
    for bad in (np.nan, np.inf, -np.inf):
        row = np.full((1, 3), bad)
        assert not np.any(domain.contains(row))


def test_a_union_of_domains_takes_either():
    """And with whole rows, a row lies in one of them."""
    marked = Or(SIMPLEX, Values((-1.0,)), whole_row=True)
    rows = np.array([[1.0, 0.0, 0.0], [-1.0, -1.0, -1.0], [-1.0, 0.0, 0.0]])
    assert marked.contains(rows)[:, 0].tolist() == [True, True, False]
