"""What the estimators promise beyond scikit-learn's conventions."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris, make_moons, make_multilabel_classification
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import losscope
from losscope import LosscopeError
from losscope.estimators import NetworkClassifier, NetworkRegressor
from losscope.network import initialise


@pytest.fixture
def moons():
    """Two classes that a line does not part."""
    return make_moons(200, noise=0.1, random_state=0)


@pytest.fixture
def diabetes():
    """A regression target between 25 and 346."""
    X, y = load_diabetes(return_X_y=True)
    return X[:200] * 20, y[:200]


def test_public_names():
    """Both estimators stand in the public face."""
    assert losscope.NetworkClassifier is NetworkClassifier
    assert losscope.NetworkRegressor is NetworkRegressor


@pytest.mark.parametrize("loss", ["ce", "mse", "mae", "huber", "hinge", "focal(gamma=1)"])
def test_every_loss_of_two_classes_learns(loss, moons):
    """Each loss for two classes parts the moons better than a line, hinge by its raw score."""
    model = NetworkClassifier(loss, epochs=60, random_state=0).fit(*moons)
    assert model.score(*moons) > 0.91
    assert model.decision_function(moons[0]).shape == (200,)


def test_several_classes_give_a_softmax():
    """Three classes: probabilities sum to one and name the predicted class."""
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = make_pipeline(StandardScaler(), NetworkClassifier(random_state=0)).fit(X, names)
    found = model.predict_proba(X)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    assert (model.classes_[found.argmax(axis=1)] == model.predict(X)).all()
    assert model.score(X, names) > 0.95


def test_label_indicators_give_one_sigmoid_each():
    """Multi-label targets keep their shape."""
    X, Y = make_multilabel_classification(100, n_classes=3, random_state=0)
    model = NetworkClassifier("bce", epochs=5, random_state=0).fit(X, Y)
    assert model.predict(X).shape == Y.shape
    assert set(np.unique(model.predict(X))) <= {0, 1}
    assert model.predict_proba(X).shape == Y.shape


def test_a_loss_of_scores_gives_no_probabilities(moons):
    """Hinge has a decision function and no `predict_proba` at all."""
    model = NetworkClassifier("hinge", epochs=1).fit(*moons)
    assert not hasattr(model, "predict_proba")
    assert hasattr(NetworkClassifier("ce"), "predict_proba")
    with pytest.raises(AttributeError):
        model.predict_proba(moons[0])


def test_the_loss_can_be_searched_for(moons):
    """A grid over losses runs inside a pipeline."""
    model = make_pipeline(StandardScaler(), NetworkClassifier(epochs=15, random_state=0))
    grid = {"networkclassifier__loss": ["ce", "mse", "focal(gamma=2)"]}
    search = GridSearchCV(model, grid, cv=2, scoring="accuracy").fit(*moons)
    assert search.best_params_["networkclassifier__loss"] in {"ce", "mse", "focal(gamma=2)"}
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_cross_validate(diabetes):
    """Cross-validation scores the regressor better than a constant."""
    found = cross_validate(NetworkRegressor("huber", random_state=0, epochs=60), *diabetes, cv=3)
    assert found["test_score"].mean() > 0.1


def test_clone_and_pickle_keep_predictions(moons):
    """A clone trained again and a pickled copy predict the same bits."""
    model = NetworkClassifier("focal(gamma=2)", epochs=3, random_state=3).fit(*moons)
    for twin in (clone(model).fit(*moons), pickle.loads(pickle.dumps(model))):
        assert twin.predict_proba(moons[0]).tobytes() == model.predict_proba(moons[0]).tobytes()


def test_a_loss_object_is_taken_as_it_is(moons):
    """A Loss and its spelling train the same network."""
    spelled = NetworkClassifier("focal(gamma=1)", epochs=2, random_state=0).fit(*moons)
    given = NetworkClassifier(losscope.losses.get("focal", gamma=1), epochs=2, random_state=0)
    assert clone(given).fit(*moons).coefs_[0].tobytes() == spelled.coefs_[0].tobytes()


def test_a_seed_names_the_start_of_a_comparison(moons):
    """Without an epoch, the weights are those that a comparison starts from."""
    model = NetworkClassifier(hidden=5, epochs=0, random_state=7).fit(*moons)
    start = initialise((2, 5, 1), "glorot_uniform", 7)
    for W, (expected, _) in zip(model.coefs_, start, strict=True):
        assert W.tobytes() == expected.tobytes()


def test_columns_are_ravelled_with_a_warning(moons):
    """A column y is the one shape that estimators mend, and they say so."""
    X, y = moons
    plain = NetworkClassifier(epochs=1, random_state=0).fit(X, y)
    with pytest.warns(DataConversionWarning, match="column-vector"):
        column = NetworkClassifier(epochs=1, random_state=0).fit(X, y[:, None])
    assert column.predict(X).shape == (200,)
    assert column.coefs_[0].tobytes() == plain.coefs_[0].tobytes()


def test_predictions_come_in_the_targets_own_unit(diabetes):
    """A target in other units gives the same predictions in these units."""
    X, y = diabetes
    metres = NetworkRegressor(epochs=20, random_state=0).fit(X, y)
    other = NetworkRegressor(epochs=20, random_state=0).fit(X, 1000 * y + 5)
    np.testing.assert_allclose(other.predict(X), 1000 * metres.predict(X) + 5, rtol=1e-6)
    np.testing.assert_allclose(metres.predict(X).mean(), y.mean(), rtol=0.1)


def test_a_target_may_stay_unscaled(diabetes):
    """Without `scale_target` the network sees the target as it is."""
    X, y = diabetes
    model = NetworkRegressor(epochs=1, scale_target=False, random_state=0).fit(X, y)
    assert model.target_mean_ == 0
    assert model.target_scale_ == 1


def test_several_targets_at_once(diabetes):
    """A target of two columns is predicted in two columns, each in its unit."""
    X, y = diabetes
    Y = np.column_stack([y, -1000 * y])
    found = NetworkRegressor(epochs=30, random_state=0).fit(X, Y).predict(X)
    assert found.shape == Y.shape
    np.testing.assert_allclose(found.mean(axis=0), Y.mean(axis=0), rtol=0.2)


def test_counts_are_predicted_through_an_exponential(diabetes):
    """Under the Poisson loss predictions are rates, above zero, and the target is not scaled."""
    X, _ = diabetes
    y = np.random.default_rng(0).poisson(np.exp(0.5 * X[:, 0]))
    model = NetworkRegressor("poisson", epochs=20, random_state=0).fit(X, y)
    assert model.predict(X).min() > 0
    assert model.network_.output == "exp"
    np.testing.assert_allclose(model.predict(X).mean(), y.mean(), rtol=0.2)


def test_weights_and_repeated_rows_agree_without_minibatches(moons):
    """Where a step sees all rows, weight 2 is a row given twice and weight 0 a row left out."""
    X, y = moons
    weights = np.arange(200) % 3
    model = NetworkClassifier(epochs=30, batch_size=10_000, random_state=0)
    weighted = clone(model).fit(X, y, sample_weight=weights)
    repeated = clone(model).fit(X.repeat(weights, axis=0), y.repeat(weights))
    np.testing.assert_allclose(
        weighted.decision_function(X), repeated.decision_function(X), rtol=1e-9
    )


def test_class_weight_lifts_the_rare_class(moons):
    """Balanced class weights find more of a rare class."""
    X, y = moons
    rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:5]])
    X, y = X[rare], y[rare]
    plain, balanced = (
        NetworkClassifier(epochs=5, class_weight=weight, random_state=0).fit(X, y)
        for weight in (None, "balanced")
    )
    assert balanced.predict(X).sum() > plain.predict(X).sum()


def test_frames_name_the_features(diabetes):
    """Column names of a frame are kept and checked, as everywhere in scikit-learn."""
    X, y = diabetes
    frame = pd.DataFrame(X, columns=[f"c{k}" for k in range(X.shape[1])])
    model = NetworkRegressor(epochs=1).fit(frame, y)
    assert list(model.feature_names_in_) == list(frame.columns)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame.rename(columns={"c0": "other"}))


@pytest.mark.parametrize(
    ("model", "y", "told"),
    [
        (NetworkClassifier("focl"), [0, 1, 0, 1], "did you mean 'focal'"),
        (NetworkClassifier("poisson"), [0, 1, 0, 1], "for counts"),
        (NetworkClassifier(losscope.losses.get("poisson")), [0, 1, 0, 1], "for counts"),
        (NetworkRegressor("focal"), [0.5, 1.5, 2.0, 2.5], "for binary"),
        (NetworkRegressor("poisson"), [0, 1, -1, 2], "row 2"),
        (NetworkRegressor("gaussian_nll"), [0.5, 1, -1, 2], "predicts 2 numbers for each target"),
        (NetworkRegressor(), ["a", "b", "a", "b"], "expected numbers, got 'a'"),
        (NetworkClassifier(), [1, 1, 1, 1], "at least 2 classes"),
        (NetworkClassifier(hidden=(0,)), [0, 1, 0, 1], "whole numbers of at least 1"),
        (NetworkClassifier(epochs=-1), [0, 1, 0, 1], "epochs"),
        (NetworkClassifier(learning_rate=0), [0, 1, 0, 1], "learning rate"),
        (NetworkClassifier(optimizer="adm"), [0, 1, 0, 1], "adam"),
        (NetworkClassifier(precision="float16"), [0, 1, 0, 1], "float64 or float32"),
        (NetworkRegressor(learning_rate=1e300, optimizer="sgd"), [0.5, 1, 2, 9], "learning rate"),
    ],
)
def test_what_cannot_be_used_is_said(model, y, told):
    """Each refusal is one clear line, a ValueError."""
    with pytest.raises(LosscopeError, match=told) as caught:
        model.fit(np.arange(8.0).reshape(4, 2), y)
    assert "\n" not in str(caught.value)


def test_weights_below_zero_are_refused(moons):
    """A negative weight is named with its row."""
    weights = np.ones(200)
    weights[3] = -1
    with pytest.raises(LosscopeError, match="row 3"):
        NetworkClassifier().fit(*moons, sample_weight=weights)


def test_labels_in_several_columns_are_refused():
    """Several columns of classes are no label indicators."""
    with pytest.raises(LosscopeError, match="one classifier for each column"):
        NetworkClassifier().fit(np.zeros((4, 2)), [[0, 1], [1, 2], [2, 0], [0, 0]])


def test_counts_of_any_size_start_at_their_mean(diabetes):
    """An exp output starts at the (weighted) mean count, so that thousands are learned as soon."""
    X, _ = diabetes
    y = np.random.default_rng(0).poisson(5000 * np.exp(0.3 * X[:, 0] / X[:, 0].std()))
    fresh = NetworkRegressor("poisson", epochs=0, random_state=0).fit(X, y)
    assert np.exp(fresh.intercepts_[-1]) == pytest.approx([y.mean()], rel=1e-12)
    weights = np.random.default_rng(1).random(len(y))
    weighted = NetworkRegressor("poisson", epochs=0, random_state=0).fit(X, y, weights)
    mean = np.average(y, weights=weights)
    assert np.exp(weighted.intercepts_[-1]) == pytest.approx([mean], rel=1e-12)
    model = make_pipeline(StandardScaler(), NetworkRegressor("poisson", random_state=0)).fit(X, y)
    assert model.score(X, y) > 0.9


def test_weights_in_the_loss_are_read_off_the_training_rows(moons):
    """Fit resolves "balanced"; weights for another number of classes are refused."""
    X, y = moons
    some = np.r_[np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:20]]
    model = NetworkClassifier("ce(pos_weight=balanced)", epochs=2, random_state=0)
    model.fit(X[some], y[some])
    assert model.loss_.options["pos_weight"] == pytest.approx((y == 0).sum() / 20)
    with pytest.raises(LosscopeError, match="a list of 3 numbers, one for each class"):
        NetworkClassifier("ce(class_weights=[1, 2])").fit(*load_iris(return_X_y=True))
