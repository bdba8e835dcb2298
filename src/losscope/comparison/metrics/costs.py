"""What decisions cost by the user's own matrix, as a metric that can carry the verdict.

Two classes are decided by a threshold that is chosen on validation rows, exclusive classes by least
expected cost, just as the decisions beside the table are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from losscope.comparison import decisions
from losscope.comparison.metrics.table import Metric

if TYPE_CHECKING:
    from losscope.comparison.decisions import Matrix
    from losscope.comparison.metrics._mean import Array
    from losscope.comparison.metrics.table import Rows

NAME = decisions.COST
SHARE = 0.01  # of what the cheapest decision for all rows costs: too little to matter


def metric(task: str, matrix: Matrix, class_counts: tuple[int, ...] = ()) -> Metric:
    """The cost of a row under a cost matrix.

    Parameters
    ----------
    task
        "binary" or "multiclass".
    matrix
        A row for each true class, a column for each decision.
    class_counts
        Rows of each class, for the margin of practical equivalence.
    """

    def fitted(valid: Rows, rows: Rows) -> Array:
        return np.array(
            [
                _one(task, matrix, (valid[0], p_valid, valid[2]), (rows[0], p, rows[2]))
                for p_valid, p in zip(valid[1], rows[1], strict=True)
            ]
        )

    return Metric(
        NAME,
        decisions.TITLES[NAME],
        (task,),
        greater_is_better=False,
        function=lambda Y, P, w: fitted((Y, P, w), (Y, P, w)),
        margin=_margin(matrix, class_counts),
        descriptive=False,
        fitted=fitted,
    )


def _one(task: str, matrix: Matrix, valid: Rows, rows: Rows) -> float:
    decided = decisions.decide(task, NAME, matrix, valid, rows)
    cost = None if decided is None else decided["chosen"][NAME]
    return np.nan if cost is None else float(cost)


def _margin(matrix: Matrix, class_counts: tuple[int, ...]) -> float:
    if not class_counts:
        return 0.0
    share = np.array(class_counts) / sum(class_counts)
    one_for_all = share @ np.asarray(matrix) - share @ np.diag(matrix)
    return float(SHARE * one_for_all.min())
