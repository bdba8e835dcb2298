"""The pictures of what happened on the way, drawn from real comparisons of every kind of target."""

import copy

import pytest

from losscope.comparison import compare
from losscope.data import load
from losscope.report import page, reading
from losscope.report.asides import asides
from losscope.report.charts import pictures

FAST = {"hidden": (4,), "epochs": 2, "seeds": 2, "learning_rates": 0.01, "store": False}
CLASSES = {"derivatives", "gradients", "quiet", "predictions", "reliability", "boundaries"}


@pytest.fixture(scope="module")
def found():
    """One result each for two classes, several, and values."""
    asked = {
        "moons": ["ce", "ce(pos_weight=3)", "hinge"],
        "iris": ["bce", "ce"],
        "diabetes": ["mse", "mae"],
    }
    return {
        name: compare(dataset=load(name), losses=losses, n_jobs=1, **FAST).to_dict()
        for name, losses in asked.items()
    }


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("moons", CLASSES),
        ("iris", CLASSES),
        ("diabetes", {"derivatives", "gradients", "quiet", "predictions"}),
    ],
)
def test_each_target_has_its_pictures(found, name, keys):
    """Each is valid Vega-Lite, with words and numbers for those who cannot see it."""
    drawn = {picture.key: picture for picture in pictures(found[name])}
    assert keys <= set(drawn)
    assert not (CLASSES - keys) & set(drawn)
    for key in keys:
        drawn[key].chart.to_dict()
        assert drawn[key].words
        assert drawn[key].numbers.rows
        assert all(len(r) == len(drawn[key].numbers.heads) for r in drawn[key].numbers.rows)


def test_what_stands_below_the_table(found):
    """Thresholds, weighted metrics, the two accuracies, single classes: where there are any."""
    keys = {name: [aside.key for aside in asides(result)] for name, result in found.items()}
    assert keys["moons"] == ["decisions", "reach", "weighted-0"]
    assert keys["iris"] == ["reach", "accuracies", "labels"]
    assert keys["diabetes"] == ["reach"]


def test_the_page_keeps_its_order(found):
    """Verdict, pictures, equations, table, how to repeat it, how to use it."""
    html = page.html(found["iris"])
    places = [html.index(f'<section id="{name}"') for name in
              ("verdict", "pictures", "equations", "table", "again", "use")]  # fmt: skip
    assert places == sorted(places)
    assert "predicting no class at all reads 66.7" in html


def test_runs_stored_before_are_drawn_with_those_of_now(found):
    """Their lengths stand one after each epoch; lines are drawn where every seed has one."""
    result = copy.deepcopy(found["moons"])
    label = reading.labels(result)[0]
    old, *_ = reading.ways(result, label).values()
    epochs = old.pop("gradient_epochs")
    old["gradient_lengths"] = [[1.0] * (epochs[-1] + 1) for _ in old["gradient_lengths"]]
    assert "gradients" in [picture.key for picture in pictures(result)]
