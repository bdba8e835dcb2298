"""Slips in short plain code: array scripts, tables of gradients, layers as objects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from losscope.auditing import rules


def test_a_rate_that_decays_is_one_rate_at_the_start_and_at_the_end_of_a_pass() -> None:
    """Both explain a step; where one weight took the other, no repair of a line was seen."""
    path, rates = ("global", "alpha"), [0.3]
    for _ in range(6):
        rates.append(rates[-1] * 0.999)
    starts = [{path: rate} for rate in rates[:-1]]
    ends = [SimpleNamespace(after={path: rate}) for rate in rates[1:]]
    ends[0].trace = SimpleNamespace(events={})
    measured = SimpleNamespace(starts=starts, bases=ends, reached=set())
    assert rules._series(cast("Any", measured)) == [("alpha", rates[:-1])]
