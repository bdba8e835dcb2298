"""From losses to a cost: the divisor is the one that is said."""

from __future__ import annotations

import numpy as np
import pytest

from losscope.errors import LosscopeError
from losscope.losses import Reduction

LOSSES = np.array([1.0, 2.0, 6.0])
WEIGHTS = np.array([3.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("kind", "plain", "weighted"),
    [("mean", 3.0, 5 / 3), ("sum", 9.0, 5.0), ("weighted mean", 3.0, 5 / 4)],
)
def test_each_reduction_divides_by_what_it_says(kind, plain, weighted):
    """Without and with sample weights."""
    reduction = Reduction(kind)
    assert reduction(LOSSES) == pytest.approx(plain)
    assert reduction(LOSSES, WEIGHTS) == pytest.approx(weighted)
    assert reduction.describe()


def test_none_leaves_one_number_an_example():
    """Weighted, not summed."""
    assert Reduction("none")(LOSSES, WEIGHTS).tolist() == [3.0, 2.0, 0.0]


def test_the_normaliser_can_be_asked_for():
    """N, Σw or 1."""
    assert Reduction("mean").normaliser(3, WEIGHTS) == 3.0
    assert Reduction("weighted mean").normaliser(3, WEIGHTS) == 4.0
    assert Reduction("sum").normaliser(3, WEIGHTS) == 1.0


def test_weights_inside_a_loss_enter_the_weighted_mean_only():
    """They are in the losses already."""
    inside = np.array([1.0, 2.0, 2.0])
    assert Reduction("weighted mean")(LOSSES, None, inside) == pytest.approx(9 / 5)
    assert Reduction("mean")(LOSSES, None, inside) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("kind", "losses", "weights", "message"),
    [
        ("average", LOSSES, None, "unknown reduction 'average'; write one of mean, sum"),
        ("mean", LOSSES, [1.0, 2.0], r"one weight an example, \(3,\), got \(2,\)"),
        ("mean", LOSSES, [1.0, -2.0, 1.0], "must not be negative or infinite, got -2 in row 1"),
        ("mean", [], None, "there are no examples"),
        ("weighted mean", LOSSES, [0.0, 0.0, 0.0], "their weights sum to 0"),
    ],
)
def test_a_reduction_without_an_answer_says_so(kind, losses, weights, message):
    """Rather than NaN."""
    with pytest.raises(LosscopeError, match=message):
        Reduction(kind)(losses, weights)
