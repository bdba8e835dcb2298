"""Axes, and names that do not collide."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscope.report.scales import Span, spread_out


def test_an_axis_turns_logarithmic_beyond_a_power_of_ten():
    """0.08 and 2.3 on one linear axis would hide every difference at the end of training."""
    assert Span.over([0.08, 2.3]).log
    assert not Span.over([0.08, 0.3]).log
    assert not Span.over([-1.0, 50.0]).log


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20))
def test_a_span_holds_its_values_and_inverts(values):
    """Every value lies on its axis, and share and value undo each other."""
    span = Span.over(values)
    for value in values:
        assert -1e-9 <= span.share(value) <= 1 + 1e-9
        assert span.value(span.share(value)) == pytest.approx(value, rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_names_keep_their_distance_and_their_order(places):
    """Names stand a line apart, within the picture while there is room, in the lines' order."""
    gap = 0.05
    moved = spread_out(places, gap)
    order = sorted(range(len(places)), key=lambda i: places[i])
    heights = [moved[i] for i in order]
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(heights))
    assert heights[0] >= -1e-9
    assert heights[-1] <= 1 + 1e-9


def test_names_that_do_not_collide_stay():
    """A name moves only when it must."""
    assert spread_out([0.9, 0.1, 0.5], 0.05) == [0.9, 0.1, 0.5]


def test_axes_of_one_value_and_of_none_are_still_axes():
    """A single seed or an empty chart has a domain of positive length."""
    assert Span.over([0.3]).low < 0.3 < Span.over([0.3]).high
    assert Span.over([]).low < Span.over([]).high


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (Span(80, 130, log=False), None),  # Vega's own: 80, 90, 100 …
        (Span(0, 3e9, log=False), ".3~g"),
        (Span(20, 900, log=True), ",.3~r"),
        (Span(1e-12, 1e-3, log=True), ".3~g"),
    ],
)
def test_ticks_are_plain_numbers_where_a_reader_can_take_them_in(span, written):
    """Powers of ten are written only for sizes whose zeros nobody would count."""
    assert span.ticks().get("format") == written
