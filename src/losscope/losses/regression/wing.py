"""Wing loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Abs, log, where
from losscope.losses.base import Loss, Parameter
from losscope.losses.domains import POSITIVE


class Wing(Loss):
    """A logarithm near the target, a line beyond: small errors pull harder than large ones.

    Made for facial landmarks, where a pixel counts. Not convex: it is steepest at the target.
    """

    name = "wing"
    title = "wing"
    aliases = ("wing_loss", "WingLoss")
    tasks = ("regression", "counts")
    output = "identity"
    convex, bounded, robust = False, False, True
    kinks = "at a = y, where the slope is taken as 0, and at |a − y| = w, where the line begins"
    sources = ("Feng et al., Wing Loss for Robust Facial Landmark Localisation, 2018",)

    width = Parameter(5.0, POSITIVE, "distance at which the logarithm becomes a line", "w")
    epsilon = Parameter(0.5, POSITIVE, "distance over which the slope falls to half", "ε")

    @property
    def lipschitz(self) -> float:
        """w/ε next to the target, 1 on the line."""
        return max(1.0, self.parameters["width"] / self.parameters["epsilon"])

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """w log (1 + |e|/ε) where |e| < w, else |e| − C, with C so that both meet at w."""
        w, e = self.width, Abs(a - y)
        constant = w - w * log(1 + w / self.epsilon)
        return where(e < w, w * log(1 + e / self.epsilon), e - constant)
