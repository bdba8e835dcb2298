"""What the pictures draw, and what they say to those who cannot see them."""

import json

import pytest

from losscope.report import reading
from losscope.report.charts import pictures
from losscope.report.charts.learning_curves import thinning
from losscope.report.theme import DARK, DASHES, LIGHT, PAGE, SHAPES

from .fixture import failed, result


@pytest.fixture(scope="module")
def drawn(whole):
    """Give the pictures of the whole result by key."""
    return {p.key: p for p in pictures(whole)}


def values(picture, layer):
    """Give the rows of one layer of a picture."""
    chart = picture.chart.to_dict()
    return chart["datasets"][chart["layer"][layer]["data"]["name"]]


def test_there_are_four_pictures_in_order(drawn):
    """Learning, results, differences, learning rates."""
    assert list(drawn) == ["learning-curves", "results", "differences", "sensitivity"]


def test_every_seed_is_drawn(drawn):
    """No seed hides behind an average, in curves, results or learning rates."""
    for key, layer in (("learning-curves", 0), ("results", 0), ("sensitivity", 0)):
        seen = {(row["loss"], row["seed"]) for row in values(drawn[key], layer)}
        assert len(seen) == 3 * 10


def test_curves_hold_every_epoch_from_0(drawn, whole):
    """Epoch 0, before training, is the first point of each curve."""
    rows = values(drawn["learning-curves"], 0)
    assert {row["epoch"] for row in rows} == set(range(31))
    curve = next(c for c in reading.curves(whole) if c.loss == "mse" and c.seed == 4)
    mine = [r["value"] for r in rows if r["loss"] == "mse" and r["seed"] == 4]
    assert mine == pytest.approx(curve.values, rel=1e-4)


def test_long_comparisons_are_thinned_and_say_so():
    """Thousands of epochs become a lean page; the last epoch is always there."""
    long = result(seeds=5, epochs=1000)
    step = thinning(reading.curves(long))
    picture = pictures(long)[0]
    rows = values(picture, 0)
    assert step > 1
    assert f"one epoch in {step}." in picture.caption
    assert len(rows) < 7000
    assert max(row["epoch"] for row in rows) == 1000


def test_a_loss_is_told_apart_without_colour(drawn):
    """Dash or shape and a name beside the mark, in each picture that shows losses."""
    for key in ("learning-curves", "sensitivity"):
        chart = drawn[key].chart.to_dict()
        used = [set(layer.get("encoding", {})) for layer in chart["layer"]]
        assert any("strokeDash" in e for e in used)
        assert {row["loss"] for row in values(drawn[key], -1)} == {"ce", "mse", "mae"}
        assert chart["layer"][-1]["encoding"]["text"]["field"] == "loss"
    assert any("shape" in layer["encoding"] for layer in drawn["results"].chart.to_dict()["layer"])


def test_each_picture_has_its_text_alternative(drawn):
    """Caption, sentences and numbers stand beside every chart."""
    for picture in drawn.values():
        assert len(picture.caption) > 40
        assert len(picture.words) == 3
        assert picture.numbers.rows
        assert {len(row) for row in picture.numbers.rows} == {len(picture.numbers.heads)}


def test_failed_runs_are_left_out_and_marked(broken):
    """A NaN is never drawn as a number; a cross stands where it failed."""
    made = {p.key: p for p in pictures(broken)}
    assert "NaN" not in json.dumps([p.chart.to_dict() for p in made.values()])
    layers = made["sensitivity"].chart.to_dict()["layer"]
    crosses = next(i for i, layer in enumerate(layers) if layer["mark"].get("text") == "✕")
    said = [row["said"] for row in values(made["sensitivity"], crosses)]
    assert said == ["1 of 10 failed"] * 2
    assert "A cross marks runs that failed" in made["sensitivity"].caption


def test_nothing_to_draw_draws_nothing():
    """When every run failed there are no pictures, and no error either."""
    empty = result(seeds=2)
    for run in empty["runs"]:
        run.update(status="failed", last={}, curves={})
    for row in empty["table"]:
        row["metrics"] = {}
    empty["verdict"]["result"]["pairs"] = []
    assert pictures(empty) == []


def test_one_loss_one_seed_one_rate_is_drawn():
    """The smallest comparison has its curve and its result, and no learning rates to show."""
    small = result(losses=("ce",), seeds=1)
    small["runs"] = [r for r in small["runs"] if r["chosen"]]
    assert [p.key for p in pictures(small)] == ["learning-curves", "results"]


def test_many_pairs_draw_those_with_the_first_loss():
    """Twenty-eight pairs would be a wall; the numbers below hold them all."""
    many = result(losses=tuple(f"l{i}" for i in range(8)), seeds=2, epochs=2)
    picture = next(p for p in pictures(many) if p.key == "differences")
    assert len(values(picture, 2)) == 7
    assert len(picture.numbers.rows) == 28


def _linear(channel):
    c = int(channel, 16) / 255
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def _luminance(color):
    r, g, b = (_linear(color[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(a, b):
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_seen(palette):
    """WCAG: words at 4.5 to 1 on paper and on cards, marks at 3 to 1."""
    for paper in (palette.paper, palette.card):
        assert all(_contrast(paper, c) >= 4.5 for c in (palette.ink, palette.muted, palette.accent))
        assert all(_contrast(paper, c) >= 3 for c in palette.series)


def test_dashes_and_shapes_repeat_out_of_step_with_colours():
    """Eight colours and seven dashes: no two of the first 56 losses look the same."""
    assert len(LIGHT.series) == 8
    assert len(DASHES) == len(SHAPES) == 7
    assert PAGE.c1 == "var(--c1)"


def test_failed_fixture_changes_only_its_own_copy(whole):
    """The broken result does not leak into the whole one."""
    failed(result())
    assert not reading.failures(whole)
