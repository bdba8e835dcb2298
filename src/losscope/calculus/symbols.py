"""The letters of a formula: the raw prediction z, the target y, the number of outputs K."""

from __future__ import annotations

import sympy as sp


class UnitTarget(sp.Symbol):
    """A target known to lie in [0, 1]: then a − y = a (1 − y) − (1 − a) y, without cancellation."""


class SimplexTarget(UnitTarget):
    """Targets of all classes, none negative, that sum to 1 over the row."""


TARGETS = {
    "real": sp.Symbol("y", real=True),
    "unit": UnitTarget("y", nonnegative=True),
    "simplex": SimplexTarget("y", nonnegative=True),
}
"""The symbol y, by what is known of it. The identity behind `UnitTarget` holds for any y; it is
exact for 0 and 1, so it is used wherever the prediction is a probability."""

RAW = sp.Symbol("z", real=True)
"""The raw prediction z."""

K = sp.Symbol("K", positive=True, integer=True)
"""Number of outputs (classes) of one example."""
