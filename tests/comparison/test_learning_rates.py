"""Learning rates: what may be given, how they are chosen, when a grid is extended."""

import numpy as np
import pytest

from losscope.comparison.learning_rates import (
    best,
    common,
    equal_steps,
    extended,
    middle_of,
    next_rate,
    planned,
)
from losscope.errors import LosscopeError

GRID = (0.001, 0.003, 0.01)


def test_a_mode_or_values_may_be_given():
    """Modes take the optimizer's grid; only `tuned` extends it; values are sorted, once each."""
    assert planned("tuned", "adam").extensions > 0
    assert planned("Equal_Step", "sgd").mode == "equal-step"
    assert planned("same", "sgd").grid[-1] == 1.0
    assert planned(0.01, "adam").grid == (0.01,)
    given = planned([0.1, 0.01, 0.1], "adam")
    assert (given.mode, given.grid, given.extensions) == ("given", (0.01, 0.1), 0)


@pytest.mark.parametrize("wrong", ["best", "given", [], [0.1, -1], 0, [float("inf")], ["x"]])
def test_wrong_learning_rates_are_refused(wrong):
    """Unknown modes and values that are not positive numbers have a message."""
    with pytest.raises(LosscopeError, match=r"learning.rate"):
        planned(wrong, "adam")


def test_the_ladder():
    """1 and 3 times powers of ten, each the very float a person would write."""
    assert [next_rate(r, up=True) for r in (0.001, 0.003, 0.1, 0.05, 3.0)] == [
        0.003, 0.01, 0.3, 0.1, 10.0,
    ]  # fmt: skip
    assert [next_rate(r, up=False) for r in (0.001, 0.003, 0.1, 0.05)] == [
        0.0003, 0.001, 0.03, 0.03,
    ]  # fmt: skip


def test_each_seed_takes_its_best_and_ties_go_to_the_middle():
    """Greatest quality wins; equal quality goes to the middle; a seed of failures to none."""
    quality = np.array([[1.0, 5.0, np.nan, np.nan], [2.0, 5.0, np.nan, 1.0], [3.0, 5.0, np.nan, 0]])
    assert best(quality, GRID, middle_of(GRID)) == [0.01, 0.003, None, 0.003]


def test_a_winner_at_the_edge_extends_the_grid():
    """One seed at the upper edge is enough; then the lower; none when winners stand inside."""
    inside, above, below = np.array([[0.0], [1], [0]]), np.array([[0.0], [1], [2]]), None
    assert extended(inside, GRID, GRID, 3) is None
    assert extended(np.hstack([inside, above]), GRID, GRID, 3) == 0.03
    below = np.array([[3.0], [1], [2]])
    assert extended(below, GRID, GRID, 3) == 0.0003


def test_a_grid_goes_down_where_no_value_serves():
    """Failed everywhere, or ended without a finite metric: smaller steps, up to eight of them."""
    for nothing in (np.nan, -np.inf):
        quality = np.array([[0.0, nothing], [1.0, nothing], [0.0, nothing]])
        assert extended(quality, GRID, GRID, 3) == 0.0003
        assert extended(quality, GRID, GRID, 0) is None
    rates = [*GRID, *(0.0003 / 10**i for i in range(8))]
    assert extended(np.full((len(rates), 1), np.nan), rates, GRID, 3) is None


def test_extension_is_bounded_at_each_end():
    """After as many values as allowed an edge is left an edge."""
    rates = (*GRID, 0.03)
    rising = np.array([[0.0], [1], [2], [3]])
    assert extended(rising, rates, GRID, 1) is None
    assert extended(rising, rates, GRID, 2) == 0.1


def test_a_failed_edge_does_not_win():
    """A rate at which training broke is not extended beyond."""
    assert extended(np.array([[0.0], [1], [np.nan]]), GRID, GRID, 3) is None


def test_one_for_all_is_the_best_mean_rank():
    """Ranks are averaged over losses and seeds, so that no loss's scale counts more."""
    quality = {
        "a": np.array([[0.0, 0.0], [1.0, 1.0], [0.9, 2.0]]),
        "b": np.array([[0.0, 0.0], [1e6, 1e6], [np.nan, 0.0]]),
    }
    assert common(quality) == 1
    assert common({"a": np.zeros((3, 2))}) == 1


def test_equal_steps_scale_by_the_first_gradient():
    """Rate times gradient length is the same for every loss, at each place of the grid."""
    lengths = {"a": 2.0, "b": 0.5, "c": 0.0}
    grids = equal_steps((0.1, 0.2), lengths)
    assert grids["a"] == [0.1, 0.2]
    np.testing.assert_allclose(np.array(grids["b"]) * 0.5, np.array(grids["a"]) * 2.0)
    assert grids["c"] == [0.1, 0.2]
