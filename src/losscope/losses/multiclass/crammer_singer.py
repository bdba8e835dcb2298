"""Multi-class hinge of Crammer and Singer."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Peak, Total
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ONE_HOT


class CrammerSinger(Loss):
    """The true class should outscore its strongest rival by 1."""

    name = "crammer_singer"
    title = "Crammer–Singer hinge"
    aliases = ("multiclass_hinge", "multiclass_hinge_loss", "hinge", "svm", "max_margin")
    tasks = ("multiclass",)
    output = "identity"
    score = True
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = False, True, False, False
    kinks = "where classes tie for the maximum; the first of them takes the slope"
    not_to_be_confused_with = {
        "categorical_hinge": "Keras' variant, whose rivals never fall below 0",
        "weston_watkins": "which counts every rival, not the strongest alone",
    }
    sources = ("Crammer and Singer, Multiclass Kernel-Based Vector Machines, 2001",)
    dialects = (
        Dialect(
            "optax",
            "optax.losses.multiclass_hinge_loss(scores, labels)",
            "raw_prediction",
            ("identity",),
            target="index",
        ),
        Dialect(
            "sklearn",
            "sklearn.metrics.hinge_loss(y_true, pred_decision)",
            "raw_prediction",
            ("identity",),
            target="index",
            role="metric",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """One class is pushed, one pulled: √2."""
        return math.sqrt(2.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max_k (a_k + [k is not the class]) − a_class."""
        return Peak(a + 1 - y - Total(y * a))
