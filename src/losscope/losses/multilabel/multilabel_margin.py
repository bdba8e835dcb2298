"""Multi-label margin loss."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import K, MarginPairs
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import ZERO_ONE


class MultilabelMargin(Loss):
    """Every present label should outscore every absent one by 1.

    The sum over such pairs, divided by the number of labels K, as PyTorch does.
    """

    name = "multilabel_margin"
    title = "multi-label margin"
    aliases = ("MultiLabelMarginLoss", "multilabel_hinge", "pairwise_margin")
    tasks = ("multilabel",)
    output = "identity"
    score = True
    vector = True
    target = ZERO_ONE
    proper, convex, bounded, robust = False, True, False, False
    kinks = "where a pair is exactly 1 apart; its slope is taken as 0 there"
    not_to_be_confused_with = {
        "MultiLabelSoftMarginLoss": "PyTorch's name for binary cross-entropy"
    }
    sources = ("Crammer and Singer, A New Family of Online Algorithms for Category Ranking, 2002",)
    dialects = (
        Dialect(
            "torch",
            "torch.nn.MultiLabelMarginLoss()",
            "raw_prediction",
            ("identity",),
            target="index_list",
            names=("F.multilabel_margin_loss",),
            note="rows of class numbers, −1 after the last; rows of 0 and 1 are taken silently",
        ),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """Σ over present j and absent i of max(0, 1 − (a_j − a_i)), over K."""
        return MarginPairs(a, y) / K
