"""A pandas table -> columns of four kinds."""

from __future__ import annotations

import datetime as dt
import decimal
import numbers
import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.data.column import Column, refuse_repeated
from losscope.data.words import how_many, quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    import pandas as pd

    from losscope.data.column import Mask

# How people write "no value". A lone "none" may be a class, so targets keep it (see `columns_of`).
EMPTY = frozenset(
    ("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "?", ".", "-", "...")
)
NONE = frozenset(("none",))

MOSTLY = 0.9  # a text column of which this share are numbers was meant to be numbers

_DATE_LIKE = re.compile(r"^(?=.*\d).*(\d[-/.]\d|\d[A-Za-z ,]+\d|[A-Za-z]+ \d)")


def columns_of(
    frame: pd.DataFrame, where: str, targets: tuple[str, ...] = ()
) -> tuple[tuple[Column, ...], list[str]]:
    """Return the columns of a frame, each of one kind, and what was read into them.

    Text that is numbers throughout becomes numbers, and likewise dates (by skrub).

    Raises
    ------
    LosscopeError
        For repeated column names and for cells that are no single value (lists, bytes).
    """
    labels = [str(name).strip() for name in frame.columns]
    refuse_repeated(labels, where)
    said: list[str] = []
    columns = [
        _column(frame.iloc[:, i], name, where, said, is_target=name in targets)
        for i, name in enumerate(labels)
    ]
    return tuple(columns), said


def _column(
    series: pd.Series[Any], name: str, where: str, said: list[str], *, is_target: bool
) -> Column:
    import pandas as pd

    types = pd.api.types
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return Column(name, "text", _texts(series))
    if types.is_bool_dtype(dtype):
        return Column(name, "boolean", series.to_numpy(dtype=float, na_value=np.nan))
    if types.is_complex_dtype(dtype):
        raise LosscopeError(f"column '{name}' of {where} holds complex numbers; expected real ones")
    if types.is_numeric_dtype(dtype):
        return Column(name, "number", series.to_numpy(dtype=float, na_value=np.nan))
    if types.is_datetime64_any_dtype(dtype):
        return Column(name, "date", _instants(series))
    if types.is_timedelta64_dtype(dtype):
        return Column(name, "number", series.dt.total_seconds().to_numpy(dtype=float))
    return _from_objects(series, name, where, said, is_target=is_target)


def _instants(series: pd.Series[Any]) -> Any:
    """Wall-clock times: an hour means the hour that the table shows."""
    if getattr(series.dtype, "tz", None) is not None:
        series = series.dt.tz_localize(None)
    return series.to_numpy().astype("datetime64[us]")


def _from_objects(
    series: pd.Series[Any], name: str, where: str, said: list[str], *, is_target: bool
) -> Column:
    import pandas as pd

    kinds = {type(v) for v in series.dropna()}
    if kinds and all(issubclass(k, bool | np.bool_) for k in kinds):
        return Column(name, "boolean", series.to_numpy(dtype=float, na_value=np.nan))
    if kinds and all(issubclass(k, numbers.Real | decimal.Decimal) for k in kinds):
        values = [np.nan if pd.isna(v) else float(v) for v in series]
        return Column(name, "number", np.array(values, dtype=float))
    if kinds and all(issubclass(k, dt.date) for k in kinds):
        return Column(name, "date", _instants(pd.to_datetime(series)))
    for kind in kinds:
        if not issubclass(kind, str | numbers.Real | decimal.Decimal | dt.date):
            raise LosscopeError(
                f"column '{name}' of {where} holds values of type {kind.__name__}; expected "
                f"numbers, words, truth values or dates: drop '{name}', or turn it into those"
            )
    return _from_texts(series, name, said, is_target=is_target)


def _texts(series: pd.Series[Any]) -> Any:
    import pandas as pd

    out = np.empty(len(series), dtype=object)
    out[:] = [None if pd.isna(v) else str(v).strip() for v in series]
    return out


def _from_texts(series: pd.Series[Any], name: str, said: list[str], *, is_target: bool) -> Column:
    texts = _texts(series)
    lowered = [None if v is None else v.casefold() for v in texts]
    cleaned = texts.copy()
    cleaned[[v is None or v in EMPTY or v in NONE for v in lowered]] = None
    found = _as_numbers(cleaned, name, said)
    if found is not None:
        return found
    if is_target:
        texts[[v is None or v in EMPTY for v in lowered]] = None
        return Column(name, "text", texts)
    dates = _as_dates(cleaned, name, said)
    return dates if dates is not None else Column(name, "text", cleaned)


def _as_numbers(texts: Any, name: str, said: list[str]) -> Column | None:
    import pandas as pd

    held = np.array([v is not None for v in texts])
    if not held.any():
        return Column(name, "number", np.full(len(texts), np.nan))
    words = pd.Series(texts[held], dtype=object)
    parsed = pd.to_numeric(words, errors="coerce").to_numpy(dtype=float)
    good: Mask = ~np.isnan(parsed)
    if not good.all() and words.str.fullmatch(r"[+-]?\d+,\d+|[+-]?\d+").all():
        parsed = pd.to_numeric(words.str.replace(",", ".")).to_numpy(dtype=float)
        good = np.ones(len(parsed), bool)
        said.append(f"column '{name}': the comma is read as the decimal mark")
    if good.all():
        values = np.full(len(texts), np.nan)
        values[held] = parsed
        return Column(name, "number", values)
    if good.mean() >= MOSTLY:
        odd = np.flatnonzero(held)[~good]
        said.append(
            f"column '{name}' is read as words: {how_many(len(odd), 'cell')} of it "
            f"{'is' if len(odd) == 1 else 'are'} no number "
            f"({quoted(dict.fromkeys(texts[odd]), 3)}, first in row {odd[0] + 1}); "
            "empty or mend such cells to have it read as numbers"
        )
    return None


def _as_dates(texts: Any, name: str, said: list[str]) -> Column | None:
    held = [v for v in texts if v is not None]
    # Cheap glance first: skrub takes two seconds to import, and most words are no dates.
    if not all(_DATE_LIKE.search(v) for v in held[:50]):
        return None
    import pandas as pd
    from skrub import ToDatetime

    reader = ToDatetime()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "could not infer format": then it is no date column
        try:
            read = reader.fit_transform(pd.Series(texts, name=name, dtype=object))
        except ValueError:  # skrub's RejectColumn
            return None
    said.append(f"column '{name}' is read as dates, written {getattr(reader, 'format_', 'ISO')}")
    return Column(name, "date", _instants(read))
