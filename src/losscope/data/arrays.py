"""Arrays or frames from Python -> a table, with what cannot be meant refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscope.data.column import Column, Table
from losscope.data.frame import columns_of
from losscope.data.text import Reading
from losscope.data.words import flattened
from losscope.errors import LosscopeError


def table_of_arrays(X: Any, y: Any, name: str) -> tuple[Table, tuple[str, ...]]:
    """Return features and targets as one table, and the names of the targets.

    Parameters
    ----------
    X : (N, d) numbers, or a pandas DataFrame
    y : (N,), or (N, K) with K > 1, or a pandas Series or DataFrame

    Raises
    ------
    LosscopeError
        If a shape, a type or a length is not as above.
    """
    said: list[str] = []
    features = _features(X, said)
    targets = _targets(y, {column.name for column in features}, said)
    n, m = len(features[0]), len(targets[0])
    if n != m:
        raise LosscopeError(f"X has {n} rows and y has {m}; expected one target for each row of X")
    _refuse_shuffled(X, y)
    table = Table(name, (*features, *targets), first_row=0, notices=tuple(said))
    return table, tuple(column.name for column in targets)


def _refuse_shuffled(X: Any, y: Any) -> None:
    """Refuse frames whose rows carry the same labels in another order: neither is surely meant."""
    if not (_is_frame(X) and hasattr(y, "iloc")) or X.index.equals(y.index):
        return
    if X.index.is_unique and y.index.is_unique and X.index.symmetric_difference(y.index).empty:
        raise LosscopeError(
            "X and y have the same index in different orders, so that their rows do not belong "
            "together by position; give y.loc[X.index]"
        )


def side_column(values: Any, name: str, n: int) -> Column:
    """Return groups or sample weights as a column of n values."""
    array = _plain(values, name)
    if array.shape != (n,):
        raise LosscopeError(
            f"{name} has shape {array.shape}; expected ({n},), one value for each row of X"
        )
    return _column(array, name)


def _features(X: Any, said: list[str]) -> tuple[Column, ...]:
    if _is_frame(X):
        if X.shape[1] == 0 or X.shape[0] == 0:
            raise LosscopeError(f"X has shape {X.shape}; expected rows and columns")
        return columns_of(X, Reading("X", first_row=0, said=said))
    if hasattr(X, "toarray"):
        raise LosscopeError("X is a sparse matrix; expected a dense one: give X.toarray()")
    array = _plain(X, "X")
    if array.ndim == 1:
        raise LosscopeError(
            f"X has shape {array.shape}; expected (rows, columns): for one column give "
            "X.reshape(-1, 1)"
        )
    if array.ndim > 2 and array.size:
        said.append(flattened(array.shape))
        array = array.reshape(len(array), -1)
    if array.ndim == 0 or array.shape[0] == 0 or array.shape[1] == 0:
        raise LosscopeError(f"X has shape {array.shape}; expected rows and columns")
    if array.dtype.kind not in "buif":
        raise LosscopeError(
            f"X holds {_type_word(array)}; expected real numbers: for words or dates give a "
            "pandas DataFrame, whose columns are then encoded"
        )
    numbers = array.astype(float)
    return tuple(
        Column(f"x{k}", "number", np.ascontiguousarray(numbers[:, k]))
        for k in range(array.shape[1])
    )


def _targets(y: Any, taken: set[str], said: list[str]) -> tuple[Column, ...]:
    if _is_frame(y):
        if y.shape[1] == 1:
            raise _column_refused(y.shape, "y.iloc[:, 0]")
        names = tuple(str(c).strip() for c in y.columns)
        columns = columns_of(y, Reading("y", names, first_row=0, said=said))
        clash = taken & {c.name for c in columns}
        if clash:
            raise LosscopeError(f"X and y both have a column '{min(clash)}'; rename one")
        return columns
    if hasattr(y, "iloc"):
        free = free_name(str(y.name) if y.name is not None else "y", taken)
        return columns_of(y.to_frame(free), Reading("y", (free,), first_row=0, said=said))
    array = _plain(y, "y")
    if array.ndim == 2 and array.shape[1] == 1:
        raise _column_refused(array.shape, "y.ravel()")
    if array.ndim not in (1, 2) or array.size == 0:
        raise LosscopeError(f"y has shape {array.shape}; expected (rows,) or (rows, targets)")
    if array.ndim == 1:
        return (_column(array, free_name("y", taken)),)
    return tuple(_column(array[:, k], free_name(f"y{k}", taken)) for k in range(array.shape[1]))


def _column_refused(shape: tuple[int, ...], mend: str) -> LosscopeError:
    return LosscopeError(f"y has shape {shape}, a column; expected ({shape[0]},): ravel it, {mend}")


def free_name(name: str, taken: set[str]) -> str:
    """Return the name, with underscores added until no column has it."""
    while name in taken:
        name += "_"
    return name


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "iloc")


def _plain(values: Any, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    if np.ma.isMaskedArray(values):
        raise LosscopeError(
            f"{name} is a masked array, whose mask would be lost; mark missing values by NaN: "
            f"give {name}.filled(np.nan)"
        )
    try:
        return np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as error:  # RuntimeError: a tensor with gradient
        raise LosscopeError(
            f"{name} is no regular array ({type(values).__name__}); expected rows of equal length"
        ) from error


def _type_word(array: np.ndarray[Any, np.dtype[Any]]) -> str:
    words = {"c": "complex numbers", "O": "objects", "U": "words", "S": "bytes"}
    return words.get(array.dtype.kind, f"values of type {array.dtype}")


def _column(array: np.ndarray[Any, np.dtype[Any]], name: str) -> Column:
    kind = array.dtype.kind
    if kind == "b":
        return Column(name, "boolean", array.astype(float))
    if kind in "uif":
        return Column(name, "number", array.astype(float))
    if kind == "U" or (kind == "O" and all(isinstance(v, str) for v in array)):
        words = np.empty(len(array), dtype=object)
        words[:] = [str(v).strip() for v in array]
        return Column(name, "text", words)
    if kind == "O":  # whole numbers, truth values, None: as a column of a frame is read
        import pandas as pd

        frame = pd.DataFrame({name: array})
        return columns_of(frame, Reading(name, (name,), first_row=0))[0]
    raise LosscopeError(
        f"{name} holds {_type_word(array)}; expected numbers, words or truth values"
    )
