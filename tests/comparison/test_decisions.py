"""Thresholds and costs: chosen on validation rows, and right where the answer is known."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

from losscope.comparison import compare
from losscope.comparison.decisions import best_threshold, decide, implied_threshold
from losscope.data import load
from losscope.errors import LosscopeError

RNG = np.random.default_rng(3)
FAST = {"hidden": (4,), "epochs": 2, "seeds": 2, "store": False, "n_jobs": 1}


def made(n=300):
    """Probabilities that are right: y is 1 as often as they say; many of them are equal."""
    p = np.round(RNG.random(n), 2)
    return (RNG.random(n) < p).astype(float), p


@pytest.mark.parametrize(
    ("criterion", "measure"),
    [
        ("f1", f1_score),
        ("balanced_accuracy", balanced_accuracy_score),
        ("accuracy", lambda y, d, sample_weight: np.average(y == d, weights=sample_weight)),
    ],
)
def test_no_other_threshold_is_better(criterion, measure):
    """Against scikit-learn at every threshold there is, weights included."""
    y, p = made()
    w = RNG.random(len(y)) + 0.5
    found = best_threshold(y, p, w, criterion)
    every = [measure(y, p > t, sample_weight=w) for t in [-1.0, *np.unique(p)]]
    assert measure(y, p > found, sample_weight=w) == pytest.approx(max(every), rel=1e-12)


def test_costs_ask_for_their_threshold():
    """Where probabilities are right, the threshold chosen by cost nears the one costs imply."""
    y, p = made(20_000)
    costs = ((0.0, 1.0), (5.0, 0.0))
    assert implied_threshold(costs) == pytest.approx(1 / 6)
    found = best_threshold(y, p, np.ones(len(y)), "cost", costs)
    assert found == pytest.approx(1 / 6, abs=0.05)


def test_ends_and_ties():
    """All positive, all negative, one class: a threshold that says so, never an error."""
    one = np.ones(3)
    assert best_threshold(one, np.array([0.2, 0.3, 0.4]), one, "f1") < 0.2
    assert best_threshold(0 * one, np.array([0.2, 0.3, 0.4]), one, "accuracy") >= 0.4
    assert best_threshold(0 * one, np.zeros(3), one, "balanced_accuracy") == 0.5
    even = best_threshold(np.array([0, 1.0]), np.array([0.1, 0.9]), np.ones(2), "f1")
    assert even == pytest.approx(0.5)


def test_metrics_at_a_threshold_are_scikit_learn_s():
    """Precision, recall and F1 on test rows, at the chosen threshold and at one half."""
    (yv, pv), (yt, pt) = made(), made()
    sides = [(y[:, None], p[:, None], None) for y, p in ((yv, pv), (yt, pt))]
    found = decide("binary", "f1", (), *sides)
    for kind, t in (("chosen", found["thresholds"][0]), ("plain", 0.5)):
        for name, measure in (("precision", precision_score), ("recall", recall_score)):
            assert found[kind][name] == pytest.approx(measure(yt, pt > t))
        assert found[kind]["f1"] == pytest.approx(f1_score(yt, pt > t))


def test_the_threshold_does_not_see_test_rows():
    """Other test targets, the same threshold."""
    (yv, pv), (yt, pt) = made(), made()
    valid = (yv[:, None], pv[:, None], None)
    one = decide("binary", "f1", (), valid, (yt[:, None], pt[:, None], None))
    other = decide("binary", "f1", (), valid, (1 - yt[:, None], pt[:, None] ** 2, None))
    assert one["thresholds"] == other["thresholds"]


def test_exclusive_classes_are_decided_by_least_expected_cost():
    """A class that is dear to miss is chosen although another one is likelier."""
    Y, P = np.eye(3)[[2]], np.array([[0.5, 0.3, 0.2]])
    costs = ((0, 1, 1), (1, 0, 1), (9, 9, 0))
    found = decide("multiclass", "cost", costs, (Y, P, None), (Y, P, None))
    assert (found["chosen"]["cost"], found["plain"]["cost"]) == (0.0, 9.0)


def test_a_comparison_says_what_a_threshold_gives():
    """Weights and thresholds side by side: rows, sentences, metrics with and without weights."""
    found = compare(
        dataset=load("imbalanced"),
        losses=["ce", "ce(pos_weight=balanced)"],
        learning_rates=0.01,
        cost_matrix=[[0, 1], [5, 0]],
        **FAST,
    ).to_dict()
    assert found["decisions"]["for"] == "cost"
    assert [row["loss"] for row in found["decisions"]["rows"]] == ["ce", "ce(pos_weight=balanced)"]
    assert any(said.startswith("Weighting: recall") for said in found["decisions"]["sentences"])
    assert any("read off each seed's training rows" in said for said in found["notices"])
    assert found["weighted"][0]["by"] == "weighted as ce(pos_weight=balanced) weighs them"
    assert "pos_weight" in found["losses"][1]["torch"]
    ce, balanced = (row["plain"]["recall"]["mean"] for row in found["decisions"]["rows"])
    assert balanced > ce


@pytest.mark.parametrize(
    ("data", "matrix"),
    [("breast-cancer", [[0, 1], [7, 0]]), ("iris", [[0, 1, 1], [2, 0, 1], [5, 1, 0]])],
)
def test_costs_can_carry_the_verdict(data, matrix):
    """The metric is the cost of the decisions shown; baselines are decided in the same way."""
    result = compare(
        dataset=load(data), losses=["ce", "mse"], metric="cost", cost_matrix=matrix, **FAST
    ).to_dict()
    assert result["metric"]["name"] == "cost"
    assert result["metrics"][0]["title"] == "cost of a row"
    for row, decided in zip(result["table"], result["decisions"]["rows"], strict=True):
        assert row["metrics"]["cost"] == decided["chosen"]["cost"]
    constant = result["baselines"][-1]["metrics"]["cost"]["mean"]
    counts = result["data"]["class_counts"]
    share = np.array(counts) / sum(counts)
    cheapest = (share @ np.array(matrix)).min()  # one decision for all; shares vary by seed a bit
    assert constant == pytest.approx(cheapest, rel=0.1)
    assert result["metric"]["margin"] == pytest.approx(0.01 * cheapest)
    assert all(pair["outcome"] for pair in result["verdict"]["result"]["pairs"])


def test_costs_need_a_matrix():
    """Without one the metric has no meaning, and the line says what to give."""
    with pytest.raises(LosscopeError, match="metric cost needs what decisions cost"):
        compare(dataset=load("iris"), losses=["ce"], metric="cost", **FAST)


@pytest.mark.parametrize(
    ("data", "wrong", "message"),
    [
        ("moons", {"cost_matrix": [[0, 1]]}, "expected 2 × 2 finite numbers"),
        ("moons", {"cost_matrix": [[0, 1], [0, 0]]}, "wrong decision must cost more"),
        ("moons", {"cost_matrix": "0,1"}, "expected 2 × 2 finite numbers"),
        ("moons", {"threshold": "auc"}, "expected one of f1, accuracy"),
        ("moons", {"threshold": "cost"}, "give a cost matrix"),
        ("moons", {"threshold": "f1", "cost_matrix": [[0, 1], [5, 0]]}, "contradict"),
        ("diabetes", {"cost_matrix": [[0, 1], [5, 0]]}, "has no classes to decide for"),
        ("iris", {"threshold": "f1"}, "a cost matrix decides by itself"),
        ("moons", {"reach": "soon"}, "reach must be a number that is finite"),
        ("iris", {"losses": ["ce(pos_weight=balanced)"]}, "pos_weight"),
        ("iris", {"losses": ["ce(class_weights=[1,2])"]}, "a list of 3 numbers, one for each"),
    ],
)
def test_what_cannot_be_decided_has_one_line(data, wrong, message):
    """Costs and thresholds that cannot be meant are refused before anything runs."""
    asked = {"losses": ["mse"], **FAST, **wrong}
    with pytest.raises(LosscopeError, match=message) as caught:
        compare(dataset=load(data), **asked)
    assert "\n" not in str(caught.value)
