"""The statistics err no more often than they say, and find what is there. The checker, checked.

`python -m benchmarks.statistics_simulation` does the same on 1,000 tables and more settings.
"""

from tests.comparison.simulation import simulate


def test_exchangeable_losses_are_seldom_called_different():
    """Two losses that no table can tell apart: "better" on at most 5 % of 300 fresh tables.

    The plain paired t, on the very same numbers, cries wolf several times as often.
    """
    shares = simulate(tables=300, seeds=10, rows=120, taus=(0.02, 0.98))
    assert shares.better <= 0.05
    assert shares.plain_t > 0.2


def test_a_planted_difference_is_found():
    """A clearly worse loss is found on at least 80 % of 100 fresh tables, never the other way."""
    shares = simulate(tables=100, seeds=10, rows=240, taus=(0.02, 0.5))
    assert shares.b_better >= 0.8
    assert shares.better == shares.b_better
