"""Train, validation and test rows of one seed.

A quarter of the rows is for testing, a quarter of the rest for validation (56/19/25 %). The parts
hold each class (or each label) in its proportion; rows of one group stay together.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from losscope.data.column import Floats, Integers, Mask
from losscope.errors import LosscopeError

Parts: TypeAlias = tuple[Integers, Integers, Integers]

SHARES = np.array([9 / 16, 3 / 16, 4 / 16])  # training, validation, test
MEMBERS = 3  # a class needs one row in each part
_STREAM = 0x5EED_5711  # keeps the stream of splits apart from any other use of the seed
_ATTEMPTS = 20


def split(marks: Mask, seed: int, groups: Integers | None = None) -> Parts:
    """Return the sorted training, validation and test rows of one seed.

    Parameters
    ----------
    marks : (n, K) bool
        What to keep in proportion: one column a class, or two a label (unset, set); K = 0 for a
        plain random split.
    seed : int
        The same seed gives the same rows.
    groups : (n,) int, optional
        Codes 0 … G−1; rows of one code come into one part.
    """
    parts = []
    for attempt in range(_ATTEMPTS):
        rng = np.random.default_rng([_STREAM, seed, attempt])
        part = _by_rows(marks, rng) if groups is None else _by_groups(marks, groups, rng)
        present = np.array([marks[part == p].any(axis=0) for p in range(3)])
        if present.all():
            return _rows(part)
        parts.append((present, part))
    # Not every class fits into every part. Training needs them all; more elsewhere is better.
    present, part = max(parts, key=lambda pair: (pair[0][0].all(), pair[0].sum()))
    exclusive = marks.shape[1] > 1 and bool((marks.sum(axis=1) == 1).all())
    if not present[0].all() or (exclusive and present.sum(axis=1).min() < 2):
        raise LosscopeError(
            f"with seed {seed} no split{' by groups' if groups is not None else ''} leaves every "
            "class in the training rows and two classes in each part; some class sits in too few "
            f"{'groups' if groups is not None else 'rows'}: merge classes, or leave it out"
        )
    return _rows(part)


def _rows(part: Integers) -> Parts:
    training, validation, test = (np.flatnonzero(part == p).astype(np.int64) for p in range(3))
    return training, validation, test


def _totals(n: int) -> Integers:
    test = round(n / 4)
    validation = round((n - test) / 4)
    return np.array([n - test - validation, validation, test], dtype=np.int64)


def _by_rows(marks: Mask, rng: np.random.Generator) -> Integers:
    """Iterative stratification, a label at a time, the rarest first (Sechidis et al., 2011)."""
    n, n_labels = marks.shape
    part = np.full(n, -1)
    order = rng.permutation(n)
    room = _totals(n).astype(float)
    wanted = marks.sum(axis=0)[:, None] * SHARES
    for _ in range(n_labels):
        open_rows = marks & (part < 0)[:, None]
        counts = open_rows.sum(axis=0)
        if not counts.any():
            break
        label = int(np.where(counts > 0, counts, n + 1).argmin())
        rows = order[open_rows[order, label]]
        present = np.bincount(part[marks[:, label] & (part >= 0)], minlength=3)
        sizes = _shared_out(len(rows), wanted[label], room, present)
        part[rows] = np.repeat(np.arange(3), sizes)
        for p in range(3):
            here = rows[part[rows] == p]
            wanted[:, p] -= marks[here].sum(axis=0)
            room[p] -= len(here)
    rest = order[part[order] < 0]
    part[rest] = np.repeat(np.arange(3), _shared_out(len(rest), room, room, np.ones(3, int)))
    return part


def _shared_out(count: int, wanted: Floats, room: Floats, present: Integers) -> Integers:
    """Cut ``count`` rows into three whole numbers near ``wanted``; no part goes without."""
    share = np.clip(wanted, 0.0, None)
    share = share if share.sum() > 0 else SHARES
    ideal = count * share / share.sum()
    sizes: Integers = np.floor(ideal + 1e-9).astype(np.int64)
    # Largest remainder first; of equal ones, the part with more room left.
    first = np.lexsort((-room, -np.round(ideal - sizes, 9)))
    sizes[first[: count - sizes.sum()]] += 1
    for p in range(3):
        if sizes[p] + present[p] == 0 and sizes.max() > 1:
            sizes[sizes.argmax()] -= 1
            sizes[p] += 1
    return sizes


def _by_groups(marks: Mask, groups: Integers, rng: np.random.Generator) -> Integers:
    part = np.zeros(len(groups), dtype=np.int64)
    part[_one_bin(marks, groups, rng)] = 2
    left = np.flatnonzero(part == 0)
    codes = np.unique(groups[left], return_inverse=True)[1]
    part[left[_one_bin(marks[left], codes, rng)]] = 1
    return part


def _one_bin(marks: Mask, groups: Integers, rng: np.random.Generator) -> Mask:
    """Deal whole groups into four bins alike in size and classes; mark the rows of one of them."""
    n_groups = int(groups.max()) + 1
    n_bins = min(4, n_groups)
    content = np.zeros((n_groups, marks.shape[1] + 1))
    content[:, 0] = np.bincount(groups, minlength=n_groups)
    for k in range(marks.shape[1]):
        content[:, k + 1] = np.bincount(groups, weights=marks[:, k], minlength=n_groups)
    content /= np.maximum(content.sum(axis=0), 1)
    shuffled = rng.permutation(n_groups)
    large_first = shuffled[np.argsort(-content[shuffled].sum(axis=1), kind="stable")]
    bins = np.zeros((n_bins, content.shape[1]))
    bin_of = np.empty(n_groups, int)
    for group in large_first:
        # Least squares: the bin where this group raises the sum of squares least.
        chosen = int((bins * content[group]).sum(axis=1).argmin())
        bins[chosen] += content[group]
        bin_of[group] = chosen
    return np.asarray(bin_of[groups] == rng.integers(n_bins))
