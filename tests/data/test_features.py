"""Columns of every kind -> numbers, fixed once per table and without the target."""

import numpy as np
import pandas as pd
import pytest

from losscope.data import from_arrays, load
from losscope.data.features import FARTHEST, FEW, HASHED
from losscope.errors import LosscopeError
from tests.data.tables import mixed

N = 240


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The mixed table as a file."""
    path = tmp_path_factory.mktemp("table") / "mixed.parquet"
    mixed(N).to_parquet(path)
    return path


def frame_of(**columns):
    """A data set of these columns against an arbitrary 0/1 target."""
    n = len(next(iter(columns.values())))
    return from_arrays(pd.DataFrame(columns), np.arange(n) % 2)


def raw(data, name):
    """One column of the matrix before scaling."""
    return data.features.matrix[:, data.feature_names.index(name)]


def test_every_kind_of_column_is_encoded(table):
    """Numbers, words, truth values, dates, gaps and text give the columns one expects."""
    names = load(table, "label", groups="clinic", sample_weight="weight").feature_names
    for name in ("age", "age missing", "sex=m", "port=C", "port=Q", "port=S", "port missing"):
        assert name in names
    for name in ("member=True", "since hour", "since days", "born year", "born missing", "half"):
        assert name in names
    assert sum(name.startswith("street hashed") for name in names) == HASHED
    assert not {"ticket", "same", "clinic", "weight", "label"} & set(names)


def test_what_is_dropped_is_said(table):
    """Identifiers and constants go, and the notices name them."""
    said = " / ".join(load(table, "label").notices)
    assert "'ticket' dropped: a different word in every row" in said
    assert "1 column dropped for holding no more than one value: 'same'" in said
    assert "missing values in 'age', 'port', 'born', 'half'" in said
    assert "'street' holds many different words" in said
    assert "'since' is read as dates" in said


def test_dropped_columns_are_not_read(table):
    """A column in drop leaves no trace, not even in the fingerprint's column names."""
    data = load(table, "label", drop=("street", "age"))
    assert not any("street" in name or "age" in name for name in data.feature_names)
    assert "street" not in data.columns


def test_vocabulary_does_not_depend_on_the_target(table):
    """Another target, and a shuffled one, give the same columns of the same meaning."""
    frame = mixed(N)
    y = frame.pop("label")
    shuffled = y.sample(frac=1, random_state=1).reset_index(drop=True)
    a, b = from_arrays(frame, y), from_arrays(frame, shuffled)
    assert a.feature_names == b.feature_names
    assert a.features.matrix.tobytes() == b.features.matrix.tobytes()


def test_order_of_rows_does_not_change_the_columns():
    """A shuffled table has the same features in shuffled rows."""
    frame = mixed(N)
    order = np.random.default_rng(5).permutation(N)
    a = from_arrays(frame, np.arange(N) % 2)
    b = from_arrays(frame.iloc[order].reset_index(drop=True), np.arange(N) % 2)
    assert a.feature_names == b.feature_names
    same = np.array_equal(a.features.matrix[order], b.features.matrix, equal_nan=True)
    assert same


def test_width_is_the_same_in_every_fold(table):
    """Seeds stack: every seed has the same columns, even where a part lacks a word."""
    data = load(table, "label")
    assert len({data.fold(seed).X_train.shape for seed in range(12)}) == 1


def test_two_words_take_one_column_three_take_three():
    """Of two words one column says all; with more, each has its own."""
    assert frame_of(a=["u", "v"] * 20).feature_names == ("a=v",)
    assert frame_of(a=(["u", "v", "w"] * 14)[:40]).feature_names == ("a=u", "a=v", "a=w")


def test_few_and_many_words_part_at_the_threshold():
    """Below the threshold one column a word; from it on a fixed number of hashed columns."""
    few = [f"w{i % (FEW - 1)}" for i in range(200)]
    many = [f"w{i % FEW}" for i in range(200)]
    assert frame_of(a=few).n_features == FEW - 1
    assert frame_of(a=many).n_features == HASHED


def test_hashed_columns_depend_on_their_own_cell_only():
    """A cell's hashed columns are the same whatever stands in the other rows."""
    one = [f"name {i % 60}" for i in range(120)]
    other = [one[0], *[f"quite other {i % 70}" for i in range(119)]]
    a, b = frame_of(a=one), frame_of(a=other)
    common = set(a.feature_names) & set(b.feature_names)
    assert len(common) > HASHED / 2
    assert all(raw(a, name)[0] == raw(b, name)[0] for name in common)


def test_prose_is_kept_though_it_never_repeats():
    """Sentences that differ in every row are text, not identifiers."""
    prose = [f"the {i} quick brown foxes jump over it" for i in range(60)]
    assert frame_of(a=prose).n_features == HASHED


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("id", False),
        ("user_id", False),
        ("PassengerId", False),
        ("Unnamed: 0", False),
        ("index", False),
        ("humid", True),
        ("paid", True),
        ("day", True),
    ],
)
def test_row_numbers_go_by_their_name(name, kept):
    """Whole numbers that never repeat are dropped only under a name that says identifier."""
    data = frame_of(**{name: np.arange(40), "b": np.arange(40) % 7})
    assert name in data.columns
    assert (name in data.feature_names) == kept
    said = [notice for notice in data.notices if f"'{name}'" in notice]
    assert ("seems to number the rows" if kept else "dropped") in said[0]


def test_identifier_name_with_repeats_is_kept():
    """A column called store_id that repeats is a feature."""
    assert frame_of(store_id=np.arange(40) % 5).feature_names == ("store_id",)


def test_missing_values_are_marked_and_filled_with_the_training_mean():
    """A gap is the training mean (0 after scaling), and a column says where it was."""
    a = np.arange(60.0) ** 1.5
    a[::7] = np.nan
    fold = frame_of(a=a).fold(4)
    assert fold.feature_names == ("a", "a missing")
    gap = np.isnan(a[fold.rows_test])
    assert (fold.X_test[gap, 0] == 0).all()
    assert (fold.X_test[:, 1] == gap).all()
    held = a[fold.rows_train][~np.isnan(a[fold.rows_train])]
    wanted = (a[fold.rows_test][~gap] - held.mean()) / held.std()
    assert np.allclose(fold.X_test[~gap, 0], wanted, rtol=1e-13)


def test_constant_with_gaps_keeps_its_gaps():
    """Where only the presence of a value varies, that presence is the feature."""
    data = frame_of(a=[1.0, np.nan] * 20, b=np.arange(40) % 3)
    assert data.feature_names == ("a missing", "b")


def test_all_missing_column_is_dropped():
    """A column without any value goes, aloud."""
    data = frame_of(a=[np.nan] * 40, b=np.arange(40) % 3)
    assert data.feature_names == ("b",)
    assert any("'a'" in notice and "no more than one value" in notice for notice in data.notices)


def test_dates_are_parts_and_days():
    """A date gives its parts, and days since 1970 to the second."""
    times = pd.date_range("2023-11-05 06:07:08", periods=80, freq="29h")
    data = frame_of(t=times)
    assert (raw(data, "t month") == times.month).all()
    assert (raw(data, "t weekday") == times.day_of_week + 1).all()
    seconds = raw(data, "t days") * 86400
    assert np.abs(seconds - times.astype("datetime64[s]").astype("int64")).max() < 1e-3


def test_hours_are_those_on_the_clock():
    """A time with a zone keeps the hour that the table shows."""
    times = pd.date_range("2023-01-05 22:30", periods=40, freq="3h", tz="Asia/Tokyo")
    assert (raw(frame_of(t=times), "t hour") == times.hour).all()


def test_twin_of_the_target_is_said():
    """A feature equal to the target gives the answer away, and a notice says so."""
    y = np.arange(40) % 2
    data = from_arrays(np.c_[np.arange(40.0) % 7, y], y)
    assert any("'x1' equals the target 'y'" in notice for notice in data.notices)


@pytest.mark.parametrize(
    ("y", "told", "kept"),
    [
        (np.arange(40) % 2, 7 - 3.0 * (np.arange(40) % 2), np.arange(40) % 4),
        (np.arange(40) ** 1.5, 3 - 0.01 * np.arange(40) ** 1.5, np.arange(40.0)),
    ],
)
def test_the_target_in_other_words_or_another_unit_is_said(y, told, kept):
    """One value for each of the target's, or a straight line; what merely helps is no leak."""
    data = from_arrays(np.c_[kept, told], y, task=None if len(set(y)) == 2 else "regression")
    said = [notice for notice in data.notices if "determines the target" in notice]
    assert len(said) == 1
    assert "'x1'" in said[0]
    assert "'x0'" not in said[0]


@pytest.mark.parametrize("factor", [1e-300, 1e-160, 1e-3, 1.0, 1e15, 1e160, 1e300])
def test_scaling_holds_at_any_magnitude(factor):
    """Standardised columns do not depend on the unit, from 1e-300 to 1e300."""
    base = np.random.default_rng(0).normal(size=(60, 2))
    y = np.arange(60) % 2
    plain = from_arrays(base, y).fold(0)
    far = from_arrays(base * factor, y).fold(0)
    assert np.allclose(far.X_test, plain.X_test, rtol=1e-12, atol=1e-12)


def test_scaling_keeps_digits_far_from_zero():
    """A column 1e15 + k is scaled as k is: nothing cancels."""
    k = np.random.default_rng(0).integers(0, 50, 60).astype(float)
    y = np.arange(60) % 2
    near, far = from_arrays(k[:, None], y).fold(0), from_arrays(1e15 + k[:, None], y).fold(0)
    assert np.allclose(far.X_train, near.X_train, rtol=1e-13)


def test_column_constant_in_training_is_silent():
    """A value that no training row shows teaches nothing: the column is 0 in every part."""
    data = frame_of(a=np.arange(40.0) % 7, b=np.where(np.arange(40) == 11, 1e9, 0.0))
    seeds = [s for s in range(30) if 11 not in data.fold(s).rows_train]
    assert seeds
    for seed in seeds:
        fold = data.fold(seed)
        assert not fold.X_valid[:, 1].any()
        assert not fold.X_test[:, 1].any()


def test_absurd_test_values_are_finite():
    """A test value 1e300 times the training spread is cut at a million deviations."""
    a = np.arange(40.0) % 7 * 1e-300
    a[11] = 1e300
    data = from_arrays(np.c_[a], np.arange(40) % 2)
    for seed in range(10):
        fold = data.fold(seed)
        for X in (fold.X_train, fold.X_valid, fold.X_test):
            assert np.isfinite(X).all()
            assert np.abs(X).max() <= FARTHEST


def test_infinite_values_name_column_and_rows():
    """An infinite feature is refused with its column and rows, for arrays counted from 0."""
    a = np.arange(40.0)[:, None] * [1, 2]
    a[[3, 9], 1] = np.inf, -np.inf
    with pytest.raises(LosscopeError, match=r"'x1' .* rows 3, 9 \(counted from 0\)"):
        from_arrays(a, np.arange(40) % 2)


def test_cells_of_mixed_type_are_words():
    """1, True and "1" in one column are the words 1 and True."""
    data = frame_of(a=pd.Series(["u", 1, True, "1"] * 10, dtype=object))
    assert data.feature_names == ("a=1", "a=True", "a=u")
    assert (raw(data, "a=1") == [0, 1, 0, 1] * 10).all()


def test_whole_numbers_beyond_float64_name_their_rows():
    """10^30 is a number; 10^400 is refused with its row."""
    assert frame_of(a=pd.Series([10**30, 2] * 20, dtype=object)).feature_names == ("a",)
    with pytest.raises(LosscopeError, match="infinite values in rows 0, 2"):
        frame_of(a=pd.Series([10**400, 2] * 20, dtype=object))
