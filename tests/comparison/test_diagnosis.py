"""What is recorded on the way: right where the answer is known, and without touching a weight."""

import json
from itertools import pairwise

import numpy as np
import pytest

from losscope.comparison import compare, work
from losscope.comparison.diagnosis import log_odds_of, looks, moments, reliability
from losscope.comparison.predictions import activate
from losscope.data import from_arrays, load
from losscope.training import Run, train

FAST = {"hidden": (4,), "epochs": 4, "seeds": 1, "store": False, "n_jobs": 1}


def chosen(result):
    """The chosen runs, by loss."""
    return {run["loss"]: run for run in result["runs"] if run["chosen"]}


@pytest.fixture(scope="module")
def moons():
    """Cross-entropy, and squared error on a saturated start."""
    return compare(
        dataset=load("moons"), losses=["ce", "mse"], learning_rates=0.03, **FAST
    ).to_dict()


def test_moments_are_start_middle_and_end():
    """Three of them, or as many as there are."""
    assert [moments(n) for n in (0, 1, 2, 30)] == [(0,), (0, 1), (0, 1, 2), (0, 15, 30)]


def test_looking_changes_no_weight(monkeypatch):
    """The same metrics to the bit, with the diagnosis and without it."""

    def measured():
        found = compare(
            dataset=load("moons"), losses=["ce", "mse"], learning_rates=0.03, **FAST
        ).to_dict()
        return json.dumps([[run["last"], run["best"], run["curves"]] for run in found["runs"]])

    looked = measured()
    monkeypatch.setattr(work.Diagnosis, "__call__", lambda *_: None)
    monkeypatch.setattr(work.Diagnosis, "records", lambda self, *_: [None] * len(self.found))
    assert measured() == looked


def test_gradient_lengths_are_those_of_one_step():
    """Before training, the length is that of the step which plain descent at rate 1 takes."""
    data = load("moons")
    fold = data.fold(0)
    found = compare(dataset=data, losses=["ce"], learning_rates=0.03, **FAST)
    [run] = [r for r in found.to_dict()["runs"] if r["chosen"]]
    seen = []
    train(
        layers=found.plan.layers,
        runs=[Run(_loss("ce"), 1.0, "sigmoid")],
        X=fold.X_train[:32],
        Y=fold.Y_train[:32],
        epochs=1,
        batch_size=32,
        optimizer="sgd",
        on_epoch=lambda _, stack: seen.append(stack.parameters(0)),
    )
    for layer in range(2):
        moved = [a - b for a, b in zip(seen[0][layer], seen[1][layer], strict=True)]
        length = np.sqrt(sum((m * m).sum() for m in moved))
        assert run["way"]["gradient_lengths"][layer][0] == pytest.approx(length, rel=1e-4)


def test_what_is_recorded_of_a_run(moons):
    """Three moments; counts that add up; shares between 0 and 1; a plane through the points."""
    way = chosen(moons)["ce"]["way"]
    test_rows = moons["data"]["sizes"]["test"]
    assert way["moments"] == [0, 2, 4]
    for groups in way["predictions"]:
        assert sum(map(sum, groups)) == test_rows
    for name in ("quiet", "stuck", "saturated"):
        assert all(0 <= share <= 1 for share in way[name])
    assert sum(row[0] for row in way["reliability"]) == test_rows
    assert len(way["plane"]["value"]) == moons["plane"]["side"] ** 2
    assert len(moons["derivatives"]["curves"]["mse"]["1"]) > 100


def test_the_examples_lie_on_the_curve(moons):
    """dℓ/dz of an example is what the curve of its class says at its z."""
    for loss in ("ce", "mse"):
        curve = np.array(moons["derivatives"]["curves"][loss]["1"])
        for x, slope, kind in chosen(moons)[loss]["way"]["examples"][-1]:
            if kind == 1 and abs(x) < 8:
                assert np.interp(x, *curve.T) == pytest.approx(slope, abs=2e-3)


def test_a_saturated_sigmoid_is_seen():
    """From far-off scores squared error hardly moves: the examples are wrong and dead."""
    z = np.full((10, 1), -12.0)
    loss = _loss("mse")
    slope = loss.gradient(target=np.ones((10, 1)), raw_prediction=z, output="sigmoid")
    steep = _loss("ce").gradient(target=np.ones((10, 1)), raw_prediction=z, output="sigmoid")
    assert np.abs(slope).max() < 1e-4
    assert np.abs(steep).min() > 0.99


def test_log_odds_of_the_true_class():
    """They are log p / (1 − p) of what softmax says."""
    Z = np.random.default_rng(0).normal(size=(20, 4)) * 5
    Y = np.eye(4)[np.arange(20) % 4]
    p = (activate("softmax", Z) * Y).sum(axis=1)
    np.testing.assert_allclose(log_odds_of(Z, Y), np.log(p / (1 - p)), rtol=1e-9, atol=1e-9)


def test_reliability_counts():
    """Bins by prediction; outcomes summed in them."""
    P = np.array([[[0.05], [0.95], [1.0]]])
    [rows] = reliability("binary", np.array([[0.0], [1], [1]]), P)
    assert rows[0] == [1, 0.05, 0]
    assert rows[-1] == [2, 1.95, 2]


@pytest.mark.parametrize("data", ["iris", "diabetes"])
def test_every_task_is_looked_at(data):
    """Exclusive classes and values have their own pictures' numbers."""
    found = compare(dataset=load(data), losses=["mse", "mae"], learning_rates=0.01, **FAST)
    result = found.to_dict()
    way = chosen(result)["mae"]["way"]
    assert all(way["predictions"])
    assert (way["plane"] is None) == (data == "diabetes")
    assert bool(result["per_label"]) == (data == "iris")
    assert result["reach"]["sentence"]


def test_two_accuracies_are_told_apart():
    """Binary cross-entropy on a softmax: the elementwise figure flatters, and both are shown."""
    found = compare(dataset=load("iris"), losses=["bce", "ce"], learning_rates=0.001, **FAST)
    two = found.to_dict()["two_accuracies"]
    assert two["trapped"] == ["bce"]
    assert two["nothing"] == pytest.approx(2 / 3)
    row = two["rows"][0]
    assert row["elementwise"] > row["accuracy"]


def test_the_steps_needed_to_reach_a_level():
    """A level that is given: the first epoch at which the curve is there, in steps."""
    found = compare(
        dataset=load("moons"), losses=["ce"], learning_rates=0.03, reach=0.5, **FAST
    ).to_dict()
    curve = chosen(found)["ce"]["curves"]["valid_metric"]
    first = next((i for i, value in enumerate(curve) if value <= 0.5), None)
    [row] = found["reach"]["rows"]
    assert row["epochs"] == [first]
    assert row["median_steps"] == first * found["reach"]["steps_per_epoch"]


def test_labels_have_their_own_calibration_error():
    """One figure a label, and their mean is the metric's."""
    X = np.random.default_rng(0).normal(size=(120, 3))
    data = from_arrays(X, (X[:, :2] > 0).astype(int), task="multilabel")
    found = compare(dataset=data, losses=["bce"], learning_rates=0.01, **FAST).to_dict()
    each = [spread["mean"] for spread in found["per_label"][0]["ece"]]
    assert np.mean(each) == pytest.approx(found["table"][0]["metrics"]["ece"]["mean"])


def _loss(name):
    from losscope.losses import get

    return get(name, task="binary")


def test_gradients_are_looked_at_often_enough_to_draw_and_no_more():
    """Every epoch of a short training; of a long one the first, then evenly spread ones."""
    assert looks(4) == (0, 1, 2, 3, 4)
    for epochs in (30, 101, 1000):
        found = looks(epochs)
        assert len(found) <= 32
        assert found[:5] == (0, 1, 2, 3, 4)
        assert set(moments(epochs)) <= set(found)
        assert max(b - a for a, b in pairwise(found)) <= epochs / 25 + 1
