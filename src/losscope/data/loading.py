"""The two ways in: a source by name or path, and arrays."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losscope.data import bundled
from losscope.data.arrays import free_name, side_column, table_of_arrays
from losscope.data.build import Choices, build
from losscope.data.words import quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.data.column import Table
    from losscope.data.dataset import Dataset


def load(
    source: str | Path,
    target: str | Iterable[str] = (),
    *,
    task: str | None = None,
    positive: object | None = None,
    drop: str | Iterable[str] = (),
    groups: str | None = None,
    sample_weight: str | None = None,
) -> Dataset:
    """Load a data set by name, or a CSV or Parquet file.

    Parameters
    ----------
    source : name of a bundled set (digits, breast-cancer, iris, wine, diabetes) or a made one
        (moons, circles, spirals, imbalanced), or the path of a file. A path with an extension that
        exists wins over a name.
    target : the column (or columns) to predict; a named set has its own
    task : binary, multiclass, multilabel, regression or counts; recognised if left out
    positive : the class of a binary target that is 1; the rarer if left out
    drop : columns to leave out
    groups : the column whose equal values stay together in every split
    sample_weight : the column of weights, finite and from 0 up

    Returns
    -------
    Dataset
        Its ``notices`` say what was recognised, encoded and dropped.

    Raises
    ------
    LosscopeError
        One clear line if the source, a column or the target cannot be used.
    """
    targets = _names(target)
    dropped = _names(drop)
    table, own = _table(source, targets, dropped)
    if not targets and own is None:
        raise LosscopeError(
            f"{table.name}: no target given; say which column to predict, one of "
            f"{quoted(table.names, 20)}"
        )
    known = own is not None and targets in ((), (own.target,)) and task in (None, own.task)
    choices = Choices(
        target=targets or ((own.target,) if own is not None else ()),
        task=own.task if known and own is not None else task,
        positive=positive,
        drop=dropped,
        groups=groups,
        sample_weight=sample_weight,
        known=known,
    )
    return build(table, choices)


def from_arrays(
    X: Any,
    y: Any,
    *,
    task: str | None = None,
    positive: object | None = None,
    groups: Any = None,
    sample_weight: Any = None,
    name: str = "arrays",
) -> Dataset:
    """Make a data set of arrays.

    Parameters
    ----------
    X : (N, d) numbers, NaN for a missing one; or a pandas DataFrame with columns of any kind
    y : (N,) numbers, words or truth values; (N, K) with K > 1 for several targets. A column
        (N, 1) is refused: ravel it.
    task, positive : as in `load`
    groups : (N,) whose equal values stay together in every split
    sample_weight : (N,) weights, finite and from 0 up
    name : what to call the data

    Raises
    ------
    LosscopeError
        One clear line if a shape, a type or a value cannot be used.
    """
    table, targets = table_of_arrays(X, y, name)
    table, by = _beside(table, groups, "groups")
    table, weight = _beside(table, sample_weight, "sample_weight")
    choices = Choices(targets, task, positive, groups=by, sample_weight=weight)
    return build(table, choices)


def _beside(table: Table, values: Any, name: str) -> tuple[Table, str | None]:
    """Add groups or weights to the table as a column of a free name."""
    if values is None:
        return table, None
    free = free_name(name, set(table.names))
    column = side_column(values, free, table.n_rows)
    return replace(table, columns=(*table.columns, column)), free


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _table(
    source: str | Path, targets: tuple[str, ...], dropped: tuple[str, ...]
) -> tuple[Table, bundled.Named | None]:
    if not isinstance(source, str | Path):
        raise LosscopeError(
            f"the source is of type {type(source).__name__}; expected the name of a data set or "
            "the path of a file (for arrays and frames there is from_arrays)"
        )
    if not str(source).strip():
        raise bundled.refuse_unknown("")
    path = Path(os.path.expanduser(source))  # noqa: PTH111 - leaves ~nobody as it is
    name = bundled.find(str(source))
    if path.suffix and path.is_file():
        return _read(path, targets, dropped), None
    if name is not None and str(source) == path.name:
        return bundled.table_of(name), bundled.NAMED[name]
    if path.suffix or path.name != str(source):
        meant = bundled.find(path.stem)
        if meant is not None and not path.exists():
            raise LosscopeError(
                f"there is no file '{path}'; the data set of that name is plainly '{meant}'"
            )
        return _read(path, targets, dropped), None
    if path.exists():
        raise LosscopeError(
            f"'{path}' has no extension; expected a .csv or .parquet file: rename it"
        )
    raise bundled.refuse_unknown(str(source))


def _read(path: Path, targets: tuple[str, ...], dropped: tuple[str, ...]) -> Table:
    from losscope.data.table import read_table

    return read_table(path, targets, dropped)
