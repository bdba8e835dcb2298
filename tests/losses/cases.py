"""What losses are tested on: raw predictions and targets, drawn from what each loss declares."""

from __future__ import annotations

import itertools

from losscope.losses import Loss
from losscope.losses.domains import Counts, Interval, Nonzero, Simplex, Values

RAW = (0.0, 1e-8, -1e-8, 1.0, -1.0, 40.0, -40.0, 1000.0, -1000.0)
"""Raw predictions at which every loss must hold."""


def targets(loss: Loss) -> list[float]:
    """Targets of one output: the ends of the domain, and some inside."""
    domain = loss.target
    if isinstance(domain, Values):
        return list(domain.allowed)
    if isinstance(domain, Counts):
        return [0.0, 1.0, 7.0]
    if isinstance(domain, Nonzero):
        return [-2.5, 1e-3, 4.0]
    assert isinstance(domain, Interval)
    wanted = [0.0, 1.0, 0.25, 1e-3] if domain.high == 1 else [0.0, 1.0, -2.5, 3.7]
    if domain.low == 0 and domain.high > 1:
        wanted = [0.0, 1.0, 1e-3, 7.0]
    if domain.low == -1:
        wanted = [-0.5, 0.0, 1.0, 7.0]
    return [y for y in wanted if domain.contains(y)]


def examples(loss: Loss) -> list[tuple[list[float], list[float]]]:
    """(z, y) of single examples at the raw predictions that every loss must hold."""
    if loss.vector:
        return _rows(loss)
    if loss.heads == 1:
        return [([z], [y]) for z, y in itertools.product(RAW, targets(loss))]
    found = []
    for head in range(loss.heads):  # each head through all raw predictions, the others ordinary
        for z, other, y in itertools.product(RAW, (0.0, -1.0), targets(loss)[-2:]):
            row = [other] * loss.heads
            row[head] = z
            found.append((row, [y]))
    return found


def _rows(loss: Loss) -> list[tuple[list[float], list[float]]]:
    if isinstance(loss.target, Simplex):
        ys = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
        ys += [] if loss.target.one_hot else [[0.2, 0.5, 0.3]]
    elif isinstance(loss.target, Values):
        ys = [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    else:
        ys = [[1.0, -2.0, 0.5], [0.0, 3.0, 0.0]]
    zs = [[z, 0.0, 0.5] for z in RAW] + [[0.25, z, -3.0] for z in RAW[1:7:2]]
    return list(itertools.product(zs, ys))


def is_hard(loss: Loss, y: list[float]) -> bool:
    """Whether a target is a label: 0 or 1, −1 or 1, a one-hot row."""
    labels = loss.target.kind in ("unit", "simplex") or loss.signs
    return labels and all(v in (-1.0, 0.0, 1.0) for v in y)
