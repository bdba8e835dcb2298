"""Categorical hinge loss."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Peak, Total, relu
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ONE_HOT


class CategoricalHinge(Loss):
    """Keras' hinge of many classes: max(0, 1 + strongest rival − true class).

    The rival's score is never taken below 0, so adding a number to all scores changes the loss.
    """

    name = "categorical_hinge"
    title = "categorical hinge"
    aliases = ("CategoricalHinge", "hinge_categorical")
    tasks = ("multiclass",)
    output = "identity"
    score = True
    vector = True
    target = ONE_HOT
    proper, convex, bounded, robust = False, True, False, False
    kinks = "at the margin, where the slope is taken as 0; the first of tied rivals takes the slope"
    not_to_be_confused_with = {
        "crammer_singer": "where scores (−3, −5, −6) of class 0 cost nothing; here 4"
    }
    sources = ("Keras, CategoricalHinge, 2017",)
    dialects = (
        Dialect(
            "keras",
            "keras.losses.CategoricalHinge()",
            "raw_prediction",
            ("identity",),
            names=("categorical_hinge",),
        ),
    )

    @property
    def lipschitz(self) -> float:
        """One class is pushed, one pulled: √2."""
        return math.sqrt(2.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """max(0, 1 + max_k (1 − y_k) a_k − Σ y_k a_k)."""
        return relu(1 + Peak((1 - y) * a) - Total(y * a))
