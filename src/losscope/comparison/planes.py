"""A plane through the data, on which the decisions of a network of any width can be drawn.

Two features are the plane themselves. Of more, it is the plane through the mean of the training
rows along their first two principal directions; every row is drawn where it projects to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array
    from losscope.data import Fold

SIDE = 32  # points along each side: 1024 rows, four whole blocks of evaluation
DOTS = 150  # rows drawn on it, at most
ROOM = 0.06  # beyond the rows on each side, as a share of the span


@dataclass(frozen=True, eq=False)
class Plane:
    """Points of a grid, ``(SIDE², d)``, row by row from the lowest, and the rows drawn on it."""

    points: Array
    across: tuple[float, float]
    up: tuple[float, float]
    axes: tuple[str, str]
    dots: list[list[float]]
    share: float

    def to_dict(self) -> dict[str, Any]:
        """Where it lies and what is drawn on it, the same for every run of the seed."""
        return {
            "side": SIDE,
            "across": list(self.across),
            "up": list(self.up),
            "axes": list(self.axes),
            "share": self.share,
            "dots": self.dots,
        }


def drawn(P: Array) -> dict[str, Any]:
    """A run's predictions on the points: in per cent, how sure of what; and the class.

    Binary: the probability of the positive class, which says the class as well.
    """
    if P.shape[1] == 1:
        return {"value": [round(100 * float(v)) for v in P[:, 0]]}
    return {
        "value": [round(100 * float(v)) for v in P.max(axis=1)],
        "class": [int(c) for c in P.argmax(axis=1)],
    }


def plane_of(task: str, fold: Fold) -> Plane | None:
    """The plane of a seed's rows; None with a single feature, or without exclusive classes.

    Test rows are drawn on it, since that is what a boundary is judged by; the directions come from
    the training rows.
    """
    X = fold.X_train
    if X.shape[1] < 2 or task not in {"binary", "multiclass"}:
        return None
    mean = X.mean(axis=0)
    axes = (fold.feature_names[0], fold.feature_names[1])
    share = 1.0
    if X.shape[1] == 2:
        directions = np.eye(2)
    else:
        _, sizes, rows = np.linalg.svd(X - mean, full_matrices=False)
        directions = rows[:2]
        # The sign of a singular vector is arbitrary: its largest entry is made positive.
        largest = np.abs(directions).argmax(axis=1)
        directions = directions * np.sign(directions[np.arange(2), largest])[:, np.newaxis]
        total = float((sizes**2).sum())
        share = float((sizes[:2] ** 2).sum() / total) if total > 0 else 0.0
        axes = ("first principal direction", "second principal direction")
    places = (fold.X_test - mean) @ directions.T
    low, high = places.min(axis=0), places.max(axis=0)
    room = ROOM * np.where(high > low, high - low, 1.0)
    low, high = low - room, high + room
    a, b = (np.linspace(low[i], high[i], SIDE) for i in range(2))
    grid = np.stack([np.tile(a, SIDE), np.repeat(b, SIDE)], axis=1)
    some = np.unique(np.linspace(0, len(places) - 1, DOTS).astype(int))
    kind = fold.Y_test[:, 0] > 0.5 if fold.Y_test.shape[1] == 1 else fold.Y_test.argmax(axis=1)
    # Two features are shown in their own (standardised) coordinates.
    shift = mean if X.shape[1] == 2 else np.zeros(2)
    return Plane(
        points=mean + grid @ directions,
        across=(round(float(low[0] + shift[0]), 4), round(float(high[0] + shift[0]), 4)),
        up=(round(float(low[1] + shift[1]), 4), round(float(high[1] + shift[1]), 4)),
        axes=axes,
        dots=[
            [round(float(p[0] + shift[0]), 3), round(float(p[1] + shift[1]), 3), int(k)]
            for p, k in zip(places[some], kind[some], strict=True)
        ],
        share=round(share, 4),
    )
