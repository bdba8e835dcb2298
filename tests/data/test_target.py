"""Which task a target asks for, and how it is encoded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscope.data import from_arrays, load
from losscope.errors import LosscopeError
from tests.data.tables import column, write

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))


def of(y, **options):
    """The data set of these targets."""
    return from_arrays(X[: len(y)], np.asarray(y), **options)


@pytest.mark.parametrize(
    ("y", "task"),
    [
        ([0, 1] * 50, "binary"),
        ([-1, 1] * 50, "binary"),
        ([1, 2] * 50, "binary"),
        ([0.5, 1.5] * 50, "binary"),
        ([True, False] * 50, "binary"),
        (["no", "yes"] * 50, "binary"),
        ([0, 1, 2] * 30, "multiclass"),
        (["a", "b", "c"] * 30, "multiclass"),
        (list(range(3, 9)) * 20, "multiclass"),
        (np.arange(200) % 50, "regression"),
        (np.linspace(0, 1, 100), "regression"),
        (RNG.integers(1900, 2020, 200), "regression"),
        (RNG.integers(18, 90, 200), "regression"),
        (RNG.poisson(60, 200), "regression"),
        (np.append(RNG.poisson(3, 199), 25), "counts"),
        (np.append(RNG.geometric(0.3, 198) - 1, [30, 41]), "counts"),
        (RNG.normal(size=(100, 2)), "regression"),
        (RNG.random((100, 3)) < 0.5, "multilabel"),
        (np.eye(4)[np.arange(100) % 4], "multiclass"),
    ],
)
def test_task_is_recognised(y, task):
    """Classes, measures, counts and labels are told apart by their values, and this is said."""
    data = of(y)
    assert data.task == task
    spoken = {"multiclass": "multi-class", "multilabel": "multi-label"}.get(task, task)
    assert any(f"the task is {spoken}, since" in notice for notice in data.notices)


@pytest.mark.parametrize("codes", [[0] * 50 + [1] * 30 + [2] * 2, [1] * 40 + [2] * 30 + [3] * 1])
def test_labels_with_a_rare_class_are_no_counts(codes):
    """0, 1 and 2 with two 2s are classes one of which is too small; the line says what to do."""
    with pytest.raises(LosscopeError, match=r"has [12] rows?; .* or say task=counts or task=regr"):
        of(codes)
    assert of(codes, task="regression").task == "regression"


def test_why_whole_numbers_are_counts_is_said():
    """The reason names what sets them apart from codes of classes, and how to overrule it."""
    [notice] = of(np.append(RNG.poisson(3, 199), 25)).notices
    assert "small whole numbers from 0 up, skewed to the right, the largest in 2 rows" in notice
    assert "task=multiclass" in notice


def test_counts_are_recognised_by_name(tmp_path):
    """Whole numbers under a name like claim_count are counts even where values alone do not say."""
    values = RNG.poisson(100, 60)
    assert load(write(tmp_path, column(values, "claim_count")), "claim_count").task == "counts"
    assert load(write(tmp_path, column(values, "account")), "account").task == "regression"
    assert load(write(tmp_path, column(values - 200, "count")), "count").task == "regression"


def test_notice_names_the_other_tasks():
    """Whole numbers that could be measured or counted say how to have it so."""
    (notice,) = (n for n in of([0, 1, 2] * 30).notices if "since" in n)
    assert "task=regression or task=counts" in notice
    (notice,) = (n for n in of(np.arange(200) % 50).notices if "since" in n)
    assert "task=counts" in notice


@pytest.mark.parametrize(
    ("y", "task", "outputs"),
    [
        ([0, 1] * 50, "multiclass", 2),
        ([0, 1] * 50, "regression", 1),
        ([0, 1] * 50, "counts", 1),
        ([0, 1] * 50, "multilabel", 1),
        ([True, False] * 50, "regression", 1),
        ([0, 1, 2] * 30, "regression", 1),
        ([0, 1, 2] * 30, "counts", 1),
        (np.arange(200) % 50, "multiclass", 50),
        (RNG.poisson(3, (100, 2)), "counts", 2),
        (np.eye(4)[np.arange(100) % 4], "multilabel", 4),
        (np.eye(4)[np.arange(100) % 4], "regression", 4),
        (np.eye(2)[np.arange(100) % 2], "multiclass", 2),
    ],
)
def test_task_is_overruled(y, task, outputs):
    """A task given is followed wherever it can be meant."""
    data = of(y, task=task)
    assert (data.task, data.n_outputs) == (task, outputs)


@pytest.mark.parametrize(
    ("y", "classes", "positive"),
    [
        ([0] * 60 + [1] * 40, ("0", "1"), "1"),
        ([0] * 40 + [1] * 60, ("1", "0"), "0"),
        ([-1] * 60 + [1] * 40, ("-1", "1"), "1"),
        ([1.0] * 60 + [2.0] * 40, ("1", "2"), "2"),
        (["no"] * 30 + ["yes"] * 60, ("yes", "no"), "no"),
        ([True] * 30 + [False] * 60, ("False", "True"), "True"),
        (["yes"] * 50 + ["no"] * 50, ("no", "yes"), "yes"),
        (["b"] * 50 + ["a"] * 50, ("a", "b"), "b"),
    ],
)
def test_positive_is_the_rarer_class(y, classes, positive):
    """The rarer class is 1; of two equally frequent the one that says yes; it is said aloud."""
    data = of(y)
    assert data.classes == classes
    assert data.positive == positive
    assert any(f"positive class: '{positive}'" in notice for notice in data.notices)
    fold = data.fold(0)
    Y = np.concatenate([fold.Y_train, fold.Y_valid, fold.Y_test])
    order = np.concatenate([fold.rows_train, fold.rows_valid, fold.rows_test])
    labels = np.array([str(v) for v in np.asarray(y)])[order]
    meant = np.array([str(v) for v in np.asarray(y)[[str(v).startswith(positive) for v in y]]][:1])
    assert ((labels == meant) == (Y[:, 0] == 1)).all()


@pytest.mark.parametrize("wish", [0, "0", 0.0, False, "0.0", " 0 "])
def test_positive_is_found_in_any_spelling(wish):
    """positive=0, '0', 0.0 and False all name the class 0."""
    assert of([0] * 60 + [1] * 40, positive=wish).positive == "0"


def test_positive_is_found_in_any_case():
    """A label is found whatever its case."""
    assert of(["Good"] * 60 + ["Bad"] * 40, positive="good").positive == "Good"


@pytest.mark.parametrize(
    ("y", "options", "match"),
    [
        ([1] * 40, {}, "is 1 in every row|single class"),
        (["s"] * 40, {}, "single class, 's', in all 40 rows"),
        ([2.5] * 40, {}, "nothing to learn|single class"),
        (["s", "t"] * 20 + ["u"], {}, "class 'u' has 1 row; each class needs at least 3"),
        ([f"n{i}" for i in range(40)], {}, "40 different words in 40 rows, too many"),
        ([0, 1, 2] * 20, {"task": "binary"}, "3 classes .* task=binary means two"),
        (["a", "b"] * 20, {"task": "regression"}, "holds words .* needs numbers"),
        (["a", "b"] * 20, {"task": "counts"}, "holds words .* needs numbers"),
        (["a", "b"] * 20, {"task": "multilabel"}, "must be 0/1, yes/no"),
        ([0, 1, 2] * 20, {"task": "multilabel"}, "must be 0/1, yes/no"),
        ([-1, 1, 2, 7] * 20, {"task": "counts"}, r"negative values in rows 0, 4, .*from 0\)"),
        ([1.5, 1, 2, 7] * 5, {"task": "counts"}, r"fractions in rows 0, 4, 8, 12, 16 \(counted"),
        ([0, 1] * 20, {"positive": "x"}, "no class 'x'; its classes are '0', '1'"),
        (["benign", "malignant"] * 20, {"positive": "malign"}, "did you mean 'malignant'"),
        ([0, 1, 2] * 20, {"positive": 1}, "no positive class"),
        (np.linspace(0, 1, 40), {"positive": 1}, "no positive class"),
        ([1, np.inf, 2, 3] * 10, {}, "infinite values in rows 1, 5, .*counted from 0"),
        ([np.nan] * 40, {}, "missing in every row"),
        ([0, 1] * 5, {}, "10 rows with a target; at least 16"),
        (np.c_[[0, 1] * 20, [0, 0] * 20], {"task": "multilabel"}, "'y1' is '0' in every row"),
        (np.c_[[0, 1] * 20, [0] * 39 + [1]], {}, "'y1' is set in 1 of 40 rows"),
        (np.c_[[0, 1] * 20, [0] * 20 + [1] * 20], {"task": "multiclass"}, "none or several"),
        (np.c_[[0, 1] * 20, [0, 1] * 20], {"task": "binary"}, "task=binary means one target"),
    ],
)
def test_impossible_targets_get_one_clear_line(y, options, match):
    """What cannot be learnt is said with the target's name, values or rows."""
    with pytest.raises(LosscopeError, match=match) as error:
        of(y, **options)
    assert "\n" not in str(error.value)


def test_several_targets_of_two_sorts_are_refused(tmp_path):
    """A label beside words is neither multi-label nor regression."""
    text = "a,u,v\n" + "".join(f"{i},{i % 2},w{i % 3}\n" for i in range(60))
    with pytest.raises(LosscopeError, match="'v' is no such label"):
        load(write(tmp_path, text), ("u", "v"))


def test_words_of_yes_and_no_make_labels(tmp_path):
    """Labels may be spelled 0/1, yes/no, True/False or −1/+1, each column in its own way."""
    rng = np.random.default_rng(1)
    bits = rng.integers(0, 2, (80, 4))
    body = "".join(
        f"{i * 0.1},{a},{'yes' if b else 'no'},{bool(c)},{2 * d - 1}\n"
        for i, (a, b, c, d) in enumerate(bits)
    )
    data = load(write(tmp_path, "x,a,b,c,d\n" + body), ("a", "b", "c", "d"))
    assert (data.task, data.classes) == ("multilabel", ("a", "b", "c", "d"))
    assert data.class_counts == tuple(bits.sum(axis=0))
    fold = data.fold(0)
    assert (fold.Y_train == bits[fold.rows_train]).all()


def test_classes_none_and_minus_are_kept(tmp_path):
    """none/mild/severe and +/− are classes; an empty cell is not."""
    path = write(tmp_path, column(["none", "mild", "", "severe"] * 15))
    assert load(path, "y").classes == ("mild", "none", "severe")
    assert set(load(write(tmp_path, column(["+", "-"] * 20)), "y").classes) == {"+", "-"}


def test_dates_are_no_target(tmp_path):
    """A date as target is refused with what to do."""
    path = write(tmp_path, column([f"2024-01-{1 + i % 28:02d}" for i in range(40)]))
    with pytest.raises(LosscopeError, match="holds dates"):
        load(path, "y")


def test_multiclass_is_one_hot_in_order():
    """Numbers are ordered by size, words by alphabet; Y is one-hot in that order."""
    y = np.array([10, 9, 2] * 30)
    data = of(y)
    assert data.classes == ("2", "9", "10")
    fold = data.fold(1)
    assert (np.array([2, 9, 10])[fold.Y_test.argmax(axis=1)] == y[fold.rows_test]).all()
    assert (fold.Y_test.sum(axis=1) == 1).all()


def test_regression_is_standardised_on_training_rows():
    """Y has mean 0 and deviation 1 over the training rows; mean and scale lead back."""
    y = np.c_[RNG.normal(1e6, 3.0, 200), RNG.lognormal(0, 2, 200)]
    fold = of(y).fold(2)
    assert np.abs(fold.Y_train.mean(axis=0)).max() < 1e-12
    assert np.abs(fold.Y_train.std(axis=0) - 1).max() < 1e-12
    back = fold.Y_test * fold.target_scale + fold.target_mean
    assert np.allclose(back, y[fold.rows_test], rtol=1e-14)


@pytest.mark.parametrize("factor", [1e-138, 1e-30, 1e30, 1e138])
def test_targets_far_from_one_are_standardised(factor):
    """Targets near 1e±138 neither overflow nor vanish, and mean and scale lead back."""
    y = np.arange(40.0) * factor
    fold = of(y).fold(0)
    assert abs(fold.Y_train.std() - 1) < 1e-12
    back = fold.Y_test[:, 0] * fold.target_scale + fold.target_mean
    assert np.allclose(back / factor, y[fold.rows_test] / factor, atol=1e-9)


def test_counts_stay_raw():
    """Counts are not scaled, and mean and scale say so."""
    y = RNG.poisson(3, 100)
    fold = of(y, task="counts").fold(0)
    assert (fold.Y_train[:, 0] == y[fold.rows_train]).all()
    assert (fold.target_mean, fold.target_scale) == ([0.0], [1.0])


@given(
    labels=st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=6, unique_by=str.strip),
    seed=st.integers(0, 1000),
)
def test_any_words_are_classes(labels, seed):
    """Whatever the labels' letters, classes are the labels and codes lead back to them."""
    words = [label.strip() or "x" * 9 for label in labels]
    y = np.array(words * 12, dtype=object)
    data = of(y, task="multiclass")
    fold = data.fold(seed)
    assert set(data.classes) == set(words)
    back = [data.classes[k] for k in fold.Y_train.argmax(axis=1)]
    assert back == [words[row % len(words)] for row in fold.rows_train]


@pytest.mark.parametrize(("unit", "match"), [(1e200, "larger unit"), (1e-200, "smaller unit")])
def test_targets_that_float64_cannot_square_are_refused(unit, match):
    """Squared errors would be infinite or 0 for every loss: say so before anything runs."""
    with pytest.raises(LosscopeError, match=match):
        from_arrays(np.arange(40.0)[:, None], np.linspace(1, 2, 40) * unit)


def test_classes_that_look_alike_are_said():
    """`Yes` and `yes` stay two classes, and the user hears of it."""
    y = ["Yes", "yes", "no", "no"] * 10
    notices = from_arrays(np.arange(40.0)[:, None] ** 2, y).notices
    assert any("'Yes', 'yes' differ only in case" in note for note in notices)


def test_a_single_class_beside_empty_cells_names_them(tmp_path):
    """`NA` may have meant Namibia: the message tells how many rows were taken for empty."""
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "".join(f"{i},{'NA' if i % 2 else 'US'}\n" for i in range(60)))
    with pytest.raises(LosscopeError, match=r"30 rows that have one \(30 rows empty, NA"):
        load(path, "y")
