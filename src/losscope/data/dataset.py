"""A table made ready (Dataset), and one seed's matrices cut from it (Fold)."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.data.features import matrices
from losscope.data.scaling import fit_scaling
from losscope.data.split import split
from losscope.data.words import how_many, listed
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.data.column import Floats, Integers, Mask
    from losscope.data.features import Features
    from losscope.data.recognise import Task

SPLIT = "56/19/25 % training/validation/test"


@dataclass(frozen=True, eq=False)
class Fold:
    """The matrices of one seed. Rows are examples; everything is float64 and finite.

    Parameters
    ----------
    X_train, X_valid, X_test : (n, d), C-contiguous, numbers centred and scaled on the training rows
    Y_train, Y_valid, Y_test : (n, K), 0/1 for binary (K = 1) and multi-label, one-hot for
        multi-class, centred and scaled on the training rows for regression, raw for counts
    w_train, w_valid, w_test : None, or (n,) weights whose mean over the training rows is 1
    rows_train, rows_valid, rows_test : positions of these rows in the data as given, from 0
    target_mean, target_scale : (K,), so that ``Y * target_scale + target_mean`` is in the
        target's own unit; 0 and 1 unless the task is regression
    feature_names : names of the d columns of X
    """

    X_train: Floats
    X_valid: Floats
    X_test: Floats
    Y_train: Floats
    Y_valid: Floats
    Y_test: Floats
    w_train: Floats | None
    w_valid: Floats | None
    w_test: Floats | None
    rows_train: Integers
    rows_valid: Integers
    rows_test: Integers
    target_mean: Floats
    target_scale: Floats
    feature_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table whose columns have a known meaning; :meth:`fold` gives the matrices of a seed.

    ``classes`` holds class names in the order of their codes (for binary: the class that is 0,
    then the positive one), label names for multi-label, and nothing for regression and counts.
    ``notices`` are the sentences to say aloud: what was recognised, encoded, dropped.
    ``fingerprint`` is the sha256 of the content, independent of file name and path.
    """

    name: str
    task: Task
    n_rows: int
    columns: tuple[str, ...]
    target_names: tuple[str, ...]
    classes: tuple[str, ...]
    class_counts: tuple[int, ...]
    positive: str | None
    n_outputs: int
    notices: tuple[str, ...]
    fingerprint: str
    split: str
    grouped: bool
    weighted: bool
    features: Features
    targets: Floats
    weights: Floats | None
    groups: Integers | None
    rows: Integers

    @property
    def n_features(self) -> int:
        """Columns of X, the same in every fold."""
        return len(self.features.names)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of X."""
        return self.features.names

    @property
    def class_share(self) -> tuple[float, ...]:
        """Share of rows of each class (or with each label set)."""
        return tuple(count / self.n_rows for count in self.class_counts)

    def fold(self, seed: int) -> Fold:
        """Return training, validation and test matrices; the same seed, the same bits.

        Raises
        ------
        LosscopeError
            If the seed is no whole number from 0 up, or the groups of this seed cannot be split.
        """
        seed = _whole(seed)
        parts = split(self.marks, seed, self.groups)
        X_train, X_valid, X_test = matrices(self.features, parts)
        mean, scale, Y = self._targets_of(parts)
        Y_train, Y_valid, Y_test = Y
        w_train, w_valid, w_test = self._weights_of(parts, seed)
        rows_train, rows_valid, rows_test = (self.rows[p] for p in parts)
        return Fold(
            X_train=X_train,
            X_valid=X_valid,
            X_test=X_test,
            Y_train=Y_train,
            Y_valid=Y_valid,
            Y_test=Y_test,
            w_train=w_train,
            w_valid=w_valid,
            w_test=w_test,
            rows_train=rows_train,
            rows_valid=rows_valid,
            rows_test=rows_test,
            target_mean=mean,
            target_scale=scale,
            feature_names=self.features.names,
        )

    def describe(self) -> list[str]:
        """Return the lines of a header: what the data are, then every notice."""
        task = {"multiclass": "multi-class", "multilabel": "multi-label"}.get(self.task, self.task)
        size = [
            how_many(self.n_rows, "row"),
            how_many(len(self.columns), "column"),
            how_many(self.n_features, "feature"),
        ]
        return [
            f"{self.name}: {', '.join(size)}",
            f"{task} target {listed(self.target_names)} ({self._about_target()})",
            f"split {self.split}",
            *self.notices,
        ]

    def _about_target(self) -> str:
        if self.classes:
            shares = zip(self.classes, self.class_share, strict=True)
            return listed((f"{name} {share:.1%}" for name, share in shares), 10)
        fitted = fit_scaling(self.targets)
        pairs = zip(fitted.centre, fitted.scale, strict=True)
        return listed(f"mean {mean:.4g}, standard deviation {scale:.4g}" for mean, scale in pairs)

    @property
    def marks(self) -> Mask:
        """What splits keep in proportion, (n, K) bool: classes, or labels set and unset."""
        if self.task in ("regression", "counts"):
            return np.zeros((self.n_rows, 0), dtype=bool)
        if self.task in ("binary", "multilabel"):  # unset labels are kept in proportion as well
            return np.column_stack([self.targets == 0, self.targets == 1])
        return np.asarray(self.targets == 1)

    def _targets_of(self, parts: tuple[Integers, ...]) -> tuple[Floats, Floats, list[Floats]]:
        if self.task != "regression":
            k = self.n_outputs
            return np.zeros(k), np.ones(k), [self.targets[p] for p in parts]
        fitted = fit_scaling(self.targets[parts[0]])
        return fitted.centre, fitted.scale, [fitted.apply(self.targets[p]) for p in parts]

    def _weights_of(self, parts: tuple[Integers, ...], seed: int) -> list[Floats | None]:
        if self.weights is None:
            return [None, None, None]
        for part, name in zip(parts, ("training", "validation", "test"), strict=True):
            if not self.weights[part].any():
                raise LosscopeError(
                    f"sample weights: with seed {seed} every {name} row has weight 0; "
                    "too few rows have a weight above 0"
                )
        total = self.weights[parts[0]].sum()
        return [self.weights[p] * (len(parts[0]) / total) for p in parts]


def _whole(seed: int) -> int:
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if number < 0 or isinstance(seed, bool):
        raise LosscopeError(f"seed {seed!r}; expected a whole number from 0 up")
    return number
