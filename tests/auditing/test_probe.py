"""Directions that are measured: what of them counts."""

from __future__ import annotations

import numpy as np

from losscope.auditing import probe


def test_a_direction_in_which_a_kink_was_crossed_is_left_out_where_others_tell_enough() -> None:
    """Its slopes are half those of one side and half of the other; four straight ones tell all."""

    def measured(*bends: float) -> probe.Measurement:
        one = np.ones(2)
        directions = [probe.Direction(0, 0, one, {}, one, bend=bend) for bend in bends]
        other = probe.Direction(1, 0, one, {}, one, bend=1.0)
        return probe.Measurement([], [], [], [*directions, other])

    for bends, left in (((0, 0, 1, 0, 0), 4), ((0, 1, 1, 0, 0), 5), ((0, 1e-6, 0, 0), 4)):
        out = measured(*bends)
        probe.straighten(out, 0)
        assert sum(d.parameter == 0 for d in out.directions) == left
        assert sum(d.parameter == 1 for d in out.directions) == 1
