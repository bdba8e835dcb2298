"""Folds: shapes, proportions, determinism, and no leak from test to training."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscope.data import from_arrays, load
from losscope.data.split import split
from losscope.errors import LosscopeError
from tests.data.tables import mixed

RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 3))
SEEDS = range(8)


def parts(fold):
    """The rows of the three parts."""
    return fold.rows_train, fold.rows_valid, fold.rows_test


def test_matrices_are_ready_for_training():
    """Everything is float64, C-contiguous, finite, with rows and columns that fit."""
    data = load("wine")
    fold = data.fold(0)
    for X_, Y_, rows in zip(
        (fold.X_train, fold.X_valid, fold.X_test),
        (fold.Y_train, fold.Y_valid, fold.Y_test),
        parts(fold),
        strict=True,
    ):
        for array, width in ((X_, data.n_features), (Y_, data.n_outputs)):
            assert array.dtype == np.float64
            assert array.flags.c_contiguous
            assert np.isfinite(array).all()
            assert array.shape == (len(rows), width)
    assert fold.w_train is fold.w_valid is fold.w_test is None


def test_training_columns_are_standardised():
    """Mean 0 and deviation 1 over the training rows, not over the others."""
    fold = load("wine").fold(0)
    assert np.abs(fold.X_train.mean(axis=0)).max() < 1e-12
    assert np.abs(fold.X_train.std(axis=0) - 1).max() < 1e-12
    assert np.abs(fold.X_test.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize("name", ["breast-cancer", "digits", "diabetes", "imbalanced"])
def test_same_seed_same_bits_other_seed_other_rows(name):
    """A fold is a function of data and seed, also in a freshly loaded and a pickled data set."""
    data = load(name)
    first = data.fold(7)
    for again in (data.fold(7), load(name).fold(7), pickle.loads(pickle.dumps(data)).fold(7)):
        for field in ("X_train", "X_valid", "X_test", "Y_train", "rows_test"):
            assert getattr(first, field).tobytes() == getattr(again, field).tobytes()
    assert not np.array_equal(first.rows_test, data.fold(8).rows_test)


def test_global_random_state_plays_no_part():
    """np.random.seed changes no split, and a split leaves NumPy's global state alone."""
    data = load("iris")
    np.random.seed(1)
    before = np.random.get_state()[1].tobytes()
    first = data.fold(0).rows_test
    assert np.random.get_state()[1].tobytes() == before
    np.random.seed(2)
    assert np.array_equal(first, data.fold(0).rows_test)


@pytest.mark.parametrize("seed", [-1, 1.0, "0", None, True, [1]])
def test_seed_is_a_whole_number(seed):
    """A seed that is no whole number from 0 up is refused."""
    with pytest.raises(LosscopeError, match="expected a whole number"):
        load("iris").fold(seed)


@given(
    n=st.integers(16, 300),
    classes=st.integers(1, 8),
    seed=st.integers(0, 10**12),
    data=st.data(),
)
def test_parts_cover_all_rows_once_in_proportion(n, classes, seed, data):
    """Any classes: parts are disjoint, cover all rows, are 56/19/25 %, and hold every class."""
    weights = data.draw(st.lists(st.integers(1, 30), min_size=classes, max_size=classes))
    y = np.repeat(np.arange(classes), 3)
    y = np.append(y, np.random.default_rng(seed).choice(classes, max(n - len(y), 0),
                  p=np.array(weights) / sum(weights)))  # fmt: skip
    n = len(y)
    if classes == 1 or n < 16:
        return
    fold = from_arrays(np.arange(n)[:, None] % 7, y, task="multiclass").fold(seed)
    train, valid, test = parts(fold)
    assert np.array_equal(np.sort(np.concatenate([train, valid, test])), np.arange(n))
    slack = classes  # a class of three rows has one in each part
    assert abs(len(test) - n / 4) <= slack
    assert abs(len(valid) - 3 * n / 16) <= slack
    for rows in (train, valid, test):
        assert len(np.unique(y[rows])) == classes


@pytest.mark.parametrize("name", ["breast-cancer", "digits", "imbalanced", "wine"])
def test_classes_keep_their_share(name):
    """Each class is in each part within one row of its share (its size times 9/16, 3/16, 1/4)."""
    data = load(name)
    counts = np.array(data.class_counts)
    for seed in SEEDS:
        fold = data.fold(seed)
        for Y, share in ((fold.Y_train, 9 / 16), (fold.Y_valid, 3 / 16), (fold.Y_test, 1 / 4)):
            here = Y.sum(axis=0) if data.n_outputs > 1 else [len(Y) - Y.sum(), Y.sum()]
            assert np.abs(here - counts * share).max() <= 1.5


def test_labels_keep_their_share():
    """Multi-label: each label, rare or common, is near its share in each part, none one-sided."""
    p = np.array([0.02, 0.05, 0.3, 0.5, 0.97])
    Y = (RNG.random((400, 5)) < p).astype(int)
    Y[:, 2] |= Y[:, 1]  # labels hang together
    data = from_arrays(X, Y)
    for seed in SEEDS:
        fold = data.fold(seed)
        for part, share in ((fold.Y_train, 9 / 16), (fold.Y_valid, 3 / 16), (fold.Y_test, 1 / 4)):
            assert np.abs(part.sum(axis=0) - Y.sum(axis=0) * share).max() <= 5
            assert (part.min(axis=0) == 0).all()
            assert (part.max(axis=0) == 1).all()


def test_every_row_is_tested_about_a_quarter_of_the_time():
    """Over many seeds each row has the same chance to be a test row."""
    data = load("iris")
    times = np.zeros(150)
    for seed in range(200):
        times[data.fold(seed).rows_test] += 1
    assert abs(times.mean() - 200 * 39 / 150) < 1e-9  # 13 of each class of 50
    assert times.min() > 25
    assert times.max() < 80


def test_regression_splits_in_exact_shares():
    """Without classes the parts are 56/19/25 % to the row."""
    fold = load("diabetes").fold(0)
    assert [len(rows) for rows in parts(fold)] == [249, 83, 110]


def test_groups_stay_together_and_classes_in_proportion():
    """Rows of one group come into one part; sizes and classes are near their shares."""
    groups = RNG.integers(0, 60, 400)
    y = (RNG.random(400) < 0.3).astype(int)
    data = from_arrays(X, y, groups=groups)
    for seed in SEEDS:
        fold = data.fold(seed)
        sets = [set(groups[rows]) for rows in parts(fold)]
        assert not (sets[0] & sets[1])
        assert not (sets[0] & sets[2])
        assert not (sets[1] & sets[2])
        assert abs(len(fold.rows_test) / 400 - 0.25) < 0.05
        assert abs(fold.Y_test.mean() - y.mean()) < 0.06


def test_every_group_can_be_tested():
    """Even the largest group is a test group for some seed."""
    groups = np.repeat(np.arange(6), [200, 60, 50, 40, 30, 20])
    data = from_arrays(X, np.arange(400) % 2, groups=groups)
    tested = {g for seed in range(40) for g in np.unique(groups[data.fold(seed).rows_test])}
    assert tested == set(range(6))


def test_groups_of_words_and_of_one_class_each():
    """Where a class sits in one group only, no split can be made, and this is said."""
    groups = np.array(["a", "b", "c", "d"] * 100, dtype=object)
    assert from_arrays(X, np.arange(400) % 3, groups=groups).fold(0).w_train is None
    y = (groups == "a").astype(int)
    with pytest.raises(LosscopeError, match="no split by groups leaves every class"):
        from_arrays(X, y, groups=groups).fold(0)


def test_weights_have_mean_one_over_training_rows():
    """Weights keep their proportions; their mean over the training rows is 1."""
    w = RNG.lognormal(0, 1, 400)
    fold = from_arrays(X, np.arange(400) % 2, sample_weight=w).fold(3)
    assert abs(fold.w_train.mean() - 1) < 1e-12
    ratio = fold.w_test / w[fold.rows_test]
    assert np.allclose(ratio, fold.w_train[0] / w[fold.rows_train[0]], rtol=1e-12)


def test_weights_at_the_ends_of_float64_are_scaled():
    """Weights of 1e308 do not overflow in their sum."""
    w = np.full(400, 1e308)
    assert (from_arrays(X, np.arange(400) % 2, sample_weight=w).fold(0).w_train == 1).all()


def test_weights_that_leave_nothing_to_train_on_are_refused():
    """If every training row weighs 0, the seed is named."""
    data = from_arrays(X, np.arange(400) % 2, sample_weight=(np.arange(400) == 5).astype(float))
    seed = next(s for s in range(50) if 5 not in split(data.marks, s)[0])
    with pytest.raises(LosscopeError, match=f"with seed {seed} every training row has weight 0"):
        data.fold(seed)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_test_rows_never_reach_the_training_matrices(task):
    """Planted leak: whatever stands in validation and test rows, training matrices keep their bits.

    The table's vocabulary is kept (the same words occur), all values move.
    """
    frame = mixed(240).drop(columns=["ticket", "same"])
    target = frame.pop("label" if task == "binary" else "income")
    first = from_arrays(frame, target).fold(2)
    held_out = np.concatenate([first.rows_valid, first.rows_test])
    moved = frame.copy()
    rng = np.random.default_rng(9)
    for name in moved.columns:
        values = moved[name].to_numpy(copy=True)
        values[held_out] = rng.permutation(values[held_out])
        moved[name] = values
    number = moved["age"].to_numpy(copy=True)
    number[held_out] *= 1e6
    moved["age"] = number
    y = target.to_numpy(copy=True)
    if task == "regression":
        y[held_out] *= 1e3
    second = from_arrays(moved, pd.Series(y)).fold(2)
    assert np.array_equal(first.rows_train, second.rows_train)
    assert first.X_train.tobytes() == second.X_train.tobytes()
    assert first.Y_train.tobytes() == second.Y_train.tobytes()
    assert first.target_scale.tobytes() == second.target_scale.tobytes()
    assert not np.array_equal(first.X_test, second.X_test)


def test_leak_test_would_find_a_leak():
    """The checker is checked: scaling on all rows does change when test rows move."""
    a = RNG.normal(size=(60, 1))
    fold = from_arrays(a, np.arange(60) % 2).fold(0)
    b = a.copy()
    b[fold.rows_test] *= 1e6
    leaky = lambda m: ((m - m.mean()) / m.std())[fold.rows_train]
    assert not np.array_equal(leaky(a), leaky(b))
    assert fold.X_train.tobytes() == from_arrays(b, np.arange(60) % 2).fold(0).X_train.tobytes()


def test_describe_says_what_the_data_are():
    """The header names rows, columns, task, classes and split, and every notice follows."""
    data = load("breast-cancer")
    lines = data.describe()
    assert lines[0] == "breast-cancer: 569 rows, 30 columns, 30 features"
    assert lines[1] == "binary target diagnosis (benign 62.7%, malignant 37.3%)"
    assert "56/19/25 %" in lines[2]
    assert "stratified" in lines[2]
    assert tuple(lines[3:]) == data.notices
    assert "mean 152.1, standard deviation 77" in load("diabetes").describe()[1]


def test_dataset_is_frozen():
    """Nobody changes a data set in place."""
    with pytest.raises(AttributeError):
        load("iris").task = "regression"


def test_a_part_without_weight_is_refused():
    """No metric exists over rows that weigh nothing: the part and the seed are named."""
    weights = np.zeros(40)
    data = from_arrays(np.arange(40.0)[:, None], [0, 1] * 20)
    weights[data.fold(0).rows_train] = 1
    weighted = from_arrays(np.arange(40.0)[:, None], [0, 1] * 20, sample_weight=weights)
    with pytest.raises(LosscopeError, match="seed 0 every validation row has weight 0"):
        weighted.fold(0)
