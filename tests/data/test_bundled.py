"""Data sets by name."""

import subprocess
import sys

import numpy as np
import pytest

from losscope.data import load, names
from losscope.errors import LosscopeError

SHAPES = {
    "breast-cancer": ("binary", 569, 30, ("benign", "malignant")),
    "circles": ("binary", 600, 2, ("0", "1")),
    "diabetes": ("regression", 442, 10, ()),
    "digits": ("multiclass", 1797, 61, tuple("0123456789")),
    "imbalanced": ("binary", 2000, 8, ("0", "1")),
    "iris": ("multiclass", 150, 4, ("setosa", "versicolor", "virginica")),
    "moons": ("binary", 600, 2, ("0", "1")),
    "spirals": ("multiclass", 600, 2, ("0", "1", "2")),
    "wine": ("multiclass", 178, 13, ("class_0", "class_1", "class_2")),
}


def test_names_are_the_documented_ones():
    """Every documented set is there, and no other."""
    assert names() == tuple(sorted(SHAPES))


@pytest.mark.parametrize("name", SHAPES)
def test_set_has_task_rows_features_and_classes(name):
    """A named set comes with its own target; its shape and classes are as documented."""
    data = load(name)
    assert (data.task, data.n_rows, data.n_features, data.classes) == SHAPES[name]
    fold = data.fold(0)
    assert fold.X_train.shape[1] == data.n_features
    assert fold.Y_train.shape[1] == data.n_outputs


@pytest.mark.parametrize(
    "spelling", ["breast-cancer", "breast_cancer", "BreastCancer", "breast cancer", "BREAST-CANCER"]
)
def test_spelling_variants_name_one_set(spelling):
    """Case and punctuation of a name do not matter."""
    data = load(spelling)
    assert data.name == "breast-cancer"
    assert data.positive == "malignant"


def test_near_miss_gets_a_suggestion():
    """An unknown name is one clear line with the nearest name and all of them."""
    with pytest.raises(LosscopeError, match=r"'irris' \(did you mean 'iris'\?\).*breast-cancer"):
        load("irris")


def test_far_miss_gets_no_suggestion():
    """A name like none of ours gets the list, not a wild guess."""
    with pytest.raises(LosscopeError) as error:
        load("zzzz")
    assert "did you mean" not in str(error.value)
    assert "wine" in str(error.value)


def test_name_with_extension_is_a_file():
    """iris.csv that is not there is a missing file, and the message knows the set."""
    with pytest.raises(LosscopeError, match=r"no file 'iris\.csv'.*'iris'"):
        load("iris.csv")


def test_file_wins_over_a_name_if_it_has_an_extension(tmp_path, monkeypatch):
    """A file iris.csv is read; a file called iris leaves the bundled set in place."""
    body = "".join(f"{i},{i % 2}\n" for i in range(40))
    (tmp_path / "iris.csv").write_text("a,b\n" + body)
    (tmp_path / "iris").write_text("anything")
    monkeypatch.chdir(tmp_path)
    assert load("iris.csv", "b").name == "iris.csv"
    assert load("iris").n_rows == 150


def test_empty_name_is_refused():
    """An empty source is no current folder."""
    with pytest.raises(LosscopeError, match=r"expected the path of a \.csv"):
        load("")


@pytest.mark.parametrize("source", [None, ["iris"], np.zeros((3, 3))])
def test_source_is_a_name_or_a_path(source):
    """Arrays given to load are sent to from_arrays."""
    with pytest.raises(LosscopeError, match="expected the name of a data set or the path"):
        load(source)


def test_unknown_home_is_a_missing_file():
    """A home folder of nobody is no traceback."""
    with pytest.raises(LosscopeError, match="there is no file"):
        load("~nobody-at-all/x.csv", "y")


def test_another_column_can_be_the_target():
    """Any column of a named set can be chosen; its own target becomes a feature."""
    data = load("diabetes", "bmi")
    assert data.task == "regression"
    assert "progression" in data.columns


def test_task_of_a_named_set_can_be_overruled():
    """A wish for another task is followed, and said."""
    data = load("diabetes", task="counts")
    assert data.task == "counts"
    assert any("task is counts, as given" in notice for notice in data.notices)


def test_constant_pixels_are_dropped_aloud():
    """Three pixels of digits are 0 in every image."""
    assert any("pixel_0_0" in notice and "3 columns" in notice for notice in load("digits").notices)


def test_imbalanced_is_five_percent():
    """The made imbalanced set holds 100 positives in 2,000 rows."""
    data = load("imbalanced")
    assert data.class_counts == (1900, 100)
    assert data.positive == "1"


@pytest.mark.parametrize("name", ["moons", "circles", "spirals", "imbalanced"])
def test_made_sets_are_the_same_each_time(name):
    """Generation is fixed: two loads agree to the bit, whatever NumPy's global state."""
    first = load(name)
    np.random.seed(3)
    assert load(name).fingerprint == first.fingerprint


def test_bundled_sets_need_no_pandas_or_skrub():
    """A named set is ready without the two seconds that pandas and skrub take to import."""
    code = (
        "import sys; from losscope.data import load; load('moons').fold(0); load('iris').fold(0);"
        "assert 'skrub' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_room_itself_is_light():
    """Importing the room loads neither pandas nor scikit-learn nor skrub."""
    code = (
        "import sys; import losscope.data;"
        "assert not {'pandas', 'sklearn', 'skrub', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
