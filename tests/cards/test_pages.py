"""Cards, curves and pages: every loss gets one, and what they show is right."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from losscope import losses
from losscope.cards.card import card
from losscope.cards.curves import curves, sketch, spark
from losscope.cards.page import index, page, picture, write

NAMES = losses.names()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The pages of the whole catalogue, written once."""
    place = tmp_path_factory.mktemp("pages")
    write(place)
    return place


@pytest.mark.parametrize("name", NAMES)
def test_every_loss_gets_a_page_with_its_curves(name, folder):
    """A page with title, formula and spellings, and a picture of ℓ and dℓ/dz."""
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    loss = losses.get(name)
    assert text.startswith("# ")
    assert f"`{name}`" in text.splitlines()[0]
    assert "**Formula** ℓ(y, a) = " in text
    assert f"]({name}.svg)" in text
    for dialect in loss.dialects:
        assert f"`{dialect.spell(loss.parameters)}`" in text
    assert f"[{name}]({name}.md)" in (folder / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_draws_both_curves(name, folder):
    """Well-formed SVG without script or outside reference: two panels, a line for each target."""
    text = (folder / f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    lines = root.findall(f"{SVG}polyline")
    assert len(lines) == 2 * len(curves(losses.get(name), 9))
    assert "script" not in text
    assert not re.search(r"(href|src|url\()", text)
    assert root.find(f"{SVG}title").text
    box = [float(v) for v in root.get("viewBox").split()]
    for line in lines:
        points = np.array([[float(v) for v in p.split(",")] for p in line.get("points").split()])
        assert len(points) > 100
        assert points.min() >= 0
        assert np.all(points.max(axis=0) <= box[2:])


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_that_is_drawn_is_the_slope_of_the_value(name):
    """dℓ/dz as drawn agrees with differences of ℓ as drawn, away from kinks."""
    for curve in curves(losses.get(name), 2001):
        numeric = np.gradient(curve.value, curve.z)
        scale = np.max(np.abs(curve.slope)) + 1e-12
        off = np.abs(numeric - curve.slope)[5:-5] / scale
        frozen = name == "beta_nll"  # its bracket is held constant: no slope of its value
        assert frozen or np.quantile(off, 0.99) < 0.02


def test_no_page_breaks_its_tables():
    """Each row of a table has as many cells as its head: bars in formulas are escaped."""
    for name in NAMES:
        rows = [r for r in page(losses.get(name)).splitlines() if r.startswith("|")]
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert counts <= {3, 7}


def test_a_spark_line_has_eight_heights():
    """The least is at the bottom, the largest at the top, a flat line in the middle."""
    assert spark(np.array([0.0, 1.0])) == "▁█"
    assert len(set(spark(np.arange(8.0)))) == 8
    assert spark(np.ones(3)) == "▄▄▄"


def test_sketches_are_as_long_as_asked():
    """ℓ and dℓ/dz of one loss, as two lines of equal length."""
    value, slope = sketch(losses.get("huber"), 11)
    assert len(value) == len(slope) == 11
    assert value[0] == value[-1] == "█"
    assert slope[0] == "▁"


def test_a_card_holds_the_facts():
    """Formula in letters, gradient readable, relation of each spelling."""
    facts = card(losses.get("smooth_l1(beta=0.5)"))
    assert facts.slope is not None
    assert "β" in facts.slope
    assert facts.parameters[0]["value"] == 0.5
    relations = {row.code: row.relation for row in facts.elsewhere}
    assert relations["keras.losses.Huber(delta=0.5)"] == "β × ours"
    assert card(losses.get("bce")).slope == "a − y"
    assert card(losses.get("ce", task="multiclass")).slope == "a − y"
    assert card(losses.get("poisson")).slope == "a − y"


def test_a_custom_loss_has_a_card_and_a_picture():
    """What a user writes as a formula is shown like the others, without spellings."""
    loss = losses.get("(y - a)**4")
    assert card(loss).elsewhere == ()
    assert card(loss).family == "yours"
    assert picture(loss).startswith("<svg")


def test_the_index_lists_families():
    """Each family has its heading."""
    text = index()
    for family in ("Regression", "Counts", "Binary", "Multiclass", "Multilabel"):
        assert f"## {family}" in text


def test_a_formula_of_the_users_has_a_card_of_its_own():
    """Typeset in its own letters, which are listed; drawn where its target pulls."""
    loss = losses.get("max(0, m - y*z); m=1")
    found = card(loss)
    assert found.formula == "max(0, m − y z)"
    assert found.slope == "−y [m − y z > 0]"
    assert [p["name"] for p in found.parameters] == ["m"]
    assert found.summary == ()
    assert [curve.label for curve in curves(loss)] == ["y = 1", "y = −1"]
    assert np.ptp(curves(loss)[0].value) > 0
