"""A pandas table -> columns of four kinds."""

from __future__ import annotations

import datetime as dt
import decimal
import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.data.column import Column, Kind, refuse_repeated
from losscope.data.text import Reading, from_texts, instants, texts_of
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    import pandas as pd


def columns_of(frame: pd.DataFrame, reading: Reading) -> tuple[Column, ...]:
    """Return the columns of a frame, each of one kind; ``reading.said`` gathers what to say.

    A column that the user drops may hold anything; only its name is kept.

    Raises
    ------
    LosscopeError
        For repeated column names and for cells that are no single value (lists, bytes).
    """
    labels = [str(name).strip() for name in frame.columns]
    refuse_repeated(labels, reading.where)
    return tuple(
        Column(name, "text", np.full(len(frame), None))
        if name in reading.dropped
        else _column(frame.iloc[:, i], name, reading)
        for i, name in enumerate(labels)
    )


def _column(series: pd.Series[Any], name: str, reading: Reading) -> Column:
    import pandas as pd

    types, dtype = pd.api.types, series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return texts_of(series).column(name)
    if types.is_complex_dtype(dtype):
        raise _refused(name, "complex numbers", reading)
    if types.is_numeric_dtype(dtype):  # truth values among them
        kind: Kind = "boolean" if types.is_bool_dtype(dtype) else "number"
        return Column(name, kind, series.to_numpy(dtype=float, na_value=np.nan))
    if types.is_datetime64_any_dtype(dtype):
        return Column(name, "date", instants(series))
    if types.is_timedelta64_dtype(dtype):
        return Column(name, "number", series.dt.total_seconds().to_numpy(dtype=float))
    if isinstance(dtype, pd.PeriodDtype):
        return Column(name, "date", instants(series.dt.to_timestamp()))
    return _from_objects(series, name, reading)


def _from_objects(series: pd.Series[Any], name: str, reading: Reading) -> Column:
    import pandas as pd

    if isinstance(series.dtype, pd.StringDtype):
        return from_texts(texts_of(series), name, reading)
    kinds = {type(v) for v in series.dropna().to_numpy(dtype=object)}
    if kinds and all(issubclass(k, bool | np.bool_) for k in kinds):
        return Column(name, "boolean", series.to_numpy(dtype=float, na_value=np.nan))
    if kinds and all(issubclass(k, numbers.Real | decimal.Decimal) for k in kinds):
        values = [np.nan if pd.isna(v) else _real(v) for v in series]
        return Column(name, "number", np.array(values, dtype=float))
    if kinds and all(issubclass(k, dt.date) for k in kinds):
        return Column(name, "date", instants(pd.to_datetime(series)))
    for kind in kinds:
        if not issubclass(kind, str | numbers.Real | np.bool_ | decimal.Decimal | dt.date):
            raise _refused(name, f"values of type {kind.__name__}", reading)
    if any(not issubclass(k, str) for k in kinds):  # 1 and True are equal, "1" and "True" are not
        series = series.map(str, na_action="ignore")
    return from_texts(texts_of(series), name, reading)


def _real(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond float64: refused as infinite, with its row
        return np.inf if value > 0 else -np.inf


def _refused(name: str, what: str, reading: Reading) -> LosscopeError:
    return LosscopeError(
        f"column '{name}' of {reading.where} holds {what}; expected real numbers, words, "
        f"truth values or dates: drop '{name}', or turn it into one of these"
    )
