"""The fingerprint: content and choices count, names and places do not."""

import numpy as np
import pytest

from losscope.data import from_arrays, load
from tests.data.tables import rows, write

X = np.random.default_rng(0).normal(size=(40, 3))
y = np.arange(40) % 2
BASE = from_arrays(X, y).fingerprint


def moved(i, j, by):
    """X with one entry changed."""
    out = X.copy()
    out[i, j] += by
    return out


def test_fingerprint_is_sha256():
    """It is 64 hexadecimal digits."""
    assert len(BASE) == 64
    int(BASE, 16)


def test_same_content_same_fingerprint(tmp_path):
    """Name and path of the data play no part."""
    assert from_arrays(X.copy(), y.copy(), name="other").fingerprint == BASE
    text = "a,b,y\n" + rows()
    (tmp_path / "folder").mkdir()
    a = load(write(tmp_path, text, "a.csv"), "y")
    b = load(write(tmp_path / "folder", text, "b.csv"), "y")
    assert a.fingerprint == b.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        lambda: from_arrays(moved(0, 0, 1e-15), y),
        lambda: from_arrays(X[:, ::-1], y),
        lambda: from_arrays(X[::-1], y[::-1]),
        lambda: from_arrays(X[:39], y[:39]),
        lambda: from_arrays(X, y[::-1]),
        lambda: from_arrays(X, y, task="multiclass"),
        lambda: from_arrays(X, y, positive=0),
        lambda: from_arrays(X, y.astype(bool)),
        lambda: from_arrays(X, y, groups=np.arange(40) // 4),
        lambda: from_arrays(X, y, sample_weight=np.ones(40)),
    ],
)
def test_other_content_other_fingerprint(other):
    """Values, order, types, task, positive class, groups and weights all count."""
    assert other().fingerprint != BASE


def test_column_names_target_and_drop_count(tmp_path):
    """Which column is predicted, dropped, or renamed is part of the content."""
    path = write(tmp_path, "a,b,y\n" + rows())
    renamed = write(tmp_path, "a,c,y\n" + rows(), "renamed.csv")
    prints = {
        load(path, "y").fingerprint,
        load(path, "b").fingerprint,
        load(path, "y", drop="b").fingerprint,
        load(path, "y", groups=None, sample_weight="a").fingerprint,
        load(renamed, "y").fingerprint,
    }
    assert len(prints) == 5


def test_signs_of_zero_and_of_nan_do_not_count():
    """−0.0 is 0.0, and any NaN is a missing value."""
    a, b = X.copy(), X.copy()
    a[0, 0], b[0, 0] = 0.0, -0.0
    a[1, 1] = np.nan
    b[1, 1] = np.array([0xFFF8000000000123], dtype=np.uint64).view(float)[0]
    assert from_arrays(a, y).fingerprint == from_arrays(b, y).fingerprint
    fa, fb = from_arrays(a, y).fold(0), from_arrays(b, y).fold(0)
    assert fa.X_train.tobytes() == fb.X_train.tobytes()


def test_cells_cannot_run_into_each_other():
    """Words that join to the same letters differ."""
    import pandas as pd

    a = pd.DataFrame({"u": ["ab", "c"] * 20})
    b = pd.DataFrame({"u": ["a", "bc"] * 20})
    assert from_arrays(a, y).fingerprint != from_arrays(b, y).fingerprint
