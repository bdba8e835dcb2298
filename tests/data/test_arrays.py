"""Arrays and frames from Python: shape is meaning, and what cannot be meant is refused."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from losscope.data import from_arrays
from losscope.errors import LosscopeError

X = np.random.default_rng(0).normal(size=(40, 3))
y = np.arange(40) % 2
NAN = np.where(np.arange(40) == 3, np.nan, 1.0)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"y": y[:, None]}, r"y has shape \(40, 1\), a column; .*ravel it, y\.ravel\(\)"),
        ({"y": pd.DataFrame({"t": y})}, r"a column; expected \(40,\): ravel it, y\.iloc"),
        ({"y": y[:30]}, "X has 40 rows and y has 30"),
        ({"y": np.zeros((40, 2, 2))}, r"y has shape \(40, 2, 2\)"),
        ({"y": 5}, "y has shape"),
        ({"y": y.astype(complex)}, "y holds complex numbers"),
        ({"y": np.array([{}] * 40, dtype=object)}, "values of type dict"),
        ({"y": np.array([b"a", b"b"] * 20)}, "y holds bytes"),
        ({"X": X[:, 0]}, r"X has shape \(40,\); .*X\.reshape\(-1, 1\)"),
        ({"X": np.zeros((40, 0, 8))}, r"\(40, 0, 8\)"),
        ({"X": X.astype(complex)}, "X holds complex numbers; expected real"),
        ({"X": X.astype(object)}, "X holds objects; .*DataFrame"),
        ({"X": X.astype(str)}, "X holds words; .*DataFrame"),
        ({"X": [[1, 2], [3]]}, "X is no regular array"),
        ({"X": X[:0], "y": y[:0]}, r"X has shape \(0, 3\)"),
        ({"X": X[:, :0]}, r"X has shape \(40, 0\)"),
        ({"X": np.ma.masked_less(X, 0)}, r"masked array.*X\.filled\(np\.nan\)"),
        ({"X": None}, "X has shape|X holds"),
        ({"X": scipy.sparse.csr_array(X)}, r"sparse .*X\.toarray\(\)"),
        ({"X": np.ones((40, 2))}, "no column left to learn from"),
        ({"sample_weight": NAN}, r"missing in row 3 \(counted from 0\)"),
        ({"sample_weight": NAN * np.inf}, "infinite|missing"),
        ({"sample_weight": 1.0 - np.arange(40)}, "negative in rows 2, 3"),
        ({"sample_weight": np.zeros(40)}, "is 0 in every row"),
        ({"sample_weight": np.ones((40, 1))}, r"sample_weight has shape \(40, 1\); .*\(40,\)"),
        ({"sample_weight": np.ones(39)}, r"sample_weight has shape \(39,\)"),
        ({"sample_weight": np.array(["a"] * 40)}, "holds no numbers"),
        ({"groups": np.ones((40, 2))}, r"groups has shape \(40, 2\)"),
        ({"groups": np.zeros(40)}, "holds 1 group; at least 3"),
        ({"groups": np.where(y, np.nan, 1.0)}, r"is empty in rows 1, 3, .*counted from 0"),
        ({"X": pd.DataFrame([[1, 2]] * 40, columns=["a", "a"])}, "'a' comes more than once"),
        ({"X": pd.DataFrame({"a": [1j] * 40})}, "complex numbers"),
        ({"X": pd.DataFrame({"a": [{}] * 40})}, "'a' of X holds values of type dict"),
        (
            {
                "X": pd.DataFrame({"a": range(40)}),
                "y": pd.DataFrame({"a": y, "b": y}),
            },
            "both have a column 'a'",
        ),
    ],
)
def test_bad_arrays_get_one_clear_line(arguments, match):
    """Each bad shape, type or value is one line that says what to do."""
    with pytest.raises(LosscopeError, match=match) as error:
        from_arrays(**{"X": X, "y": y, **arguments})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "u8", "i8", "?", ">f8"])
def test_real_types_become_float64(dtype):
    """Any real type is read, its byte order and width forgotten."""
    whole = (np.arange(120).reshape(40, 3) * 7 % 11).astype(dtype)
    fold = from_arrays(whole, y).fold(0)
    assert fold.X_train.dtype == np.float64
    assert fold.X_train.dtype.isnative


def test_lists_fortran_order_and_read_only_arrays_work():
    """The input's layout plays no part, and it is never written to."""
    plain = from_arrays(X, y).fold(0).X_train.tobytes()
    locked = np.asfortranarray(X)
    locked.flags.writeable = False
    assert from_arrays(locked, y).fold(0).X_train.tobytes() == plain
    assert from_arrays(X.tolist(), y.tolist()).fold(0).X_train.tobytes() == plain


def test_inputs_are_copied():
    """Changing the arrays afterwards changes no fold."""
    own, target = X.copy(), y.astype(float)
    data = from_arrays(own, target)
    before = data.fold(0)
    own[:] = 0
    target[:] = 0
    assert data.fold(0).X_train.tobytes() == before.X_train.tobytes()
    assert data.fold(0).Y_train.tobytes() == before.Y_train.tobytes()


def test_frame_and_series_give_their_names():
    """A DataFrame's columns and a Series' name are the names in the data set."""
    data = from_arrays(pd.DataFrame(X, columns=["u", "v", "w"]), pd.Series(y, name="goal"))
    assert data.columns == ("u", "v", "w")
    assert data.target_names == ("goal",)
    assert from_arrays(X, y).columns == ("x0", "x1", "x2")


def test_frame_and_array_of_the_same_numbers_agree():
    """A frame of numbers gives the bits of the array it holds."""
    a = from_arrays(pd.DataFrame(X), y).fold(0).X_train
    assert a.tobytes() == from_arrays(X, y).fold(0).X_train.tobytes()


def test_index_of_a_series_plays_no_part():
    """Rows are paired by position, as everywhere in scikit-learn."""
    shuffled = pd.Series(y, index=np.arange(40)[::-1])
    a = from_arrays(X, shuffled).fold(0).Y_train
    assert a.tobytes() == from_arrays(X, y).fold(0).Y_train.tobytes()


def test_missing_targets_are_dropped_and_rows_point_into_the_arrays():
    """NaN in y drops the row; rows_* still index the arrays as given."""
    goal = np.where(np.arange(40) == 4, np.nan, np.linspace(0, 1, 40))
    data = from_arrays(X, goal)
    assert data.n_rows == 39
    assert any("row 4 (counted from 0)" in notice for notice in data.notices)
    fold = data.fold(0)
    back = fold.Y_test[:, 0] * fold.target_scale[0] + fold.target_mean[0]
    assert np.allclose(back, goal[fold.rows_test])


def test_name_is_the_users():
    """The name given is the data set's name."""
    assert from_arrays(X, y, name="mine").describe()[0].startswith("mine: 40 rows")


@pytest.mark.parametrize(
    ("y", "task", "rows"),
    [
        ([0, 1] * 20, "binary", 40),
        ([True, False] * 20, "binary", 40),
        ([None, "a", "b", "a"] * 10, "binary", 30),
    ],
)
def test_object_arrays_are_read_by_what_they_hold(y, task, rows):
    """`frame["y"].to_numpy()` is often an object array: whole numbers, truth values, None."""
    data = from_arrays(np.arange(40.0)[:, None], np.array(y, dtype=object))
    assert (data.task, data.n_rows) == (task, rows)


def test_the_same_index_in_another_order_is_refused():
    """Rows are paired by position; an index that says otherwise is not passed over."""
    X = pd.DataFrame({"a": np.arange(40.0)})
    y = pd.Series([0, 1] * 20)
    with pytest.raises(LosscopeError, match=r"y\.loc\[X\.index\]"):
        from_arrays(X, y[::-1])
    assert from_arrays(X, y.set_axis(range(100, 140))).n_rows == 40


def test_images_are_flattened_and_it_is_said():
    """An image is a row; the notice says so, and what an unflattened one would have done."""
    images = np.random.default_rng(0).random((40, 4, 5))
    target = np.arange(40) % 2
    found = from_arrays(images, target)
    [said] = [notice for notice in found.notices if "flattened" in notice]
    assert said.startswith("X has shape (40, 4, 5): each example of 4 × 5 was flattened to 20")
    assert "weights for 5 columns, shared by all 4 lines" in said
    flat = from_arrays(images.reshape(40, -1), target)
    np.testing.assert_array_equal(found.fold(0).X_train, flat.fold(0).X_train)
    # What it says of an unflattened input is what NumPy does.
    assert (images @ np.zeros((5, 3))).shape == (40, 4, 3)
