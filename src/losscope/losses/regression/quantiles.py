"""Several quantiles at once."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Head, relu
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import BETWEEN


class Quantiles(Loss):
    """Pinball on three heads: a low quantile, the median and a high quantile.

    The mean of the three pinball losses. Heads are trained apart: nothing keeps them from crossing.
    """

    name = "quantiles"
    title = "pinball on three heads"
    aliases = ("multi_quantile", "MultiQuantile", "quantile_interval", "pinball_interval")
    tasks = ("regression",)
    output = "identity"
    heads = 3
    letters = ("q₁", "q₂", "q₃")
    proper, convex, bounded, robust = True, True, False, True
    elicits = "low, middle and high quantile"
    kinks = "where a head equals the target; its slope is taken as 0 there"
    not_to_be_confused_with = {"pinball": "one quantile, one head"}
    sources = ("Koenker and Bassett, Regression Quantiles, 1978",)

    low = Parameter(0.1, BETWEEN, "the quantile of the first head", "τ₁")
    high = Parameter(0.9, BETWEEN, "the quantile of the third head", "τ₃")

    @property
    def lipschitz(self) -> float:
        """Each head pulls with a third of its pinball's slope; all three at once at most."""
        ends = self.parameters["low"], 0.5, self.parameters["high"]
        below, above = sum(t**2 for t in ends), sum((1 - t) ** 2 for t in ends)
        apart = sum(max(t, 1 - t) ** 2 for t in ends)
        return math.sqrt(max(below, above, apart)) / 3.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The mean of (1 − τ) max(0, a − y) + τ max(0, y − a) over the heads."""
        total = sp.S.Zero
        for i, tau in enumerate((self.low, sp.S.Half, self.high)):
            head = Head(a, i, 3)
            total += (1 - tau) * relu(head - y) + tau * relu(y - head)
        return total / 3
