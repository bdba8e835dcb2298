"""How numbers are written."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscope.report.numbers import (
    brief,
    count,
    decimals,
    fixed,
    listed,
    plain,
    probability,
    quantile,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.97402, "0.9740"),
        (54.321, "54.32"),
        (1234567.8, "1,234,568"),
        (-0.0125, "−0.01250"),
        (3.1e-7, "3.100e−07"),
        (0, "0.000"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_brief_writes_four_significant_digits(value, written):
    """Four significant digits, a true minus, and a dash where there is no number."""
    assert brief(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.01, "0.01"), (1e-5, "1e−5"), (30, "30"), (None, "–")]
)
def test_plain_writes_settings_as_their_author_would(value, written):
    """A learning rate of 0.01 stays 0.01."""
    assert plain(value) == written


def test_a_column_shares_its_decimals():
    """The typical value decides, so that one great outlier does not hide the others' digits."""
    assert decimals([0.0813, 0.0915, 1673.0], 3) == 4
    assert decimals([54.3, 61.2], 3) == 1
    assert decimals([], 3) == decimals([None, 0], 3) == 2


def test_zero_has_no_sign():
    """A difference that rounds to nothing is written without a sign."""
    assert fixed(-0.0001, 2, sign=True) == "0.00"
    assert fixed(0.5, 2, sign=True) == "+0.50"


def test_tiny_p_values_are_bounded_not_printed():
    """No table prints p = 0.000."""
    assert probability(0.0000004) == "< 0.001"
    assert probability(0.0484) == "0.048"


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.sampled_from([0, 0.25, 0.5, 0.9, 1])
)
def test_quantiles_are_numpys(values, share):
    """The band of the curves is what NumPy calls a quantile."""
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), rel=1e-9, abs=1e-6)


def test_words_agree_in_number():
    """One seed, ten seeds, two losses; a list reads as a sentence does."""
    assert (count(1, "seed"), count(1797, "row")) == ("1 seed", "1,797 rows")
    assert count(2, "loss", "losses") == "2 losses"
    assert (listed(["a"]), listed(["a", "b", "c"])) == ("a", "a, b and c")
