"""Words in cells -> numbers, dates, or words, whichever the whole column is."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.data.column import Column
from losscope.data.words import how_many, quoted

if TYPE_CHECKING:
    from losscope.data.column import Mask

# How people write "no value".
EMPTY = frozenset(("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "?"))
# These mean it too, but in a target they may be classes: none/mild/severe, or + and −.
PERHAPS_EMPTY = frozenset(("none", "-", ".", "..."))

MOSTLY = 0.9  # a column of words of which this share are numbers was meant to be numbers

_DATE_LIKE = re.compile(r"\d[-/.]\d|\d[A-Za-z ,]+\d|[A-Za-z]+ \d")


@dataclass(frozen=True)
class Reading:
    """One table being read: what to call it, which columns are targets, what to say of it."""

    where: str
    targets: tuple[str, ...] = ()
    first_row: int = 1
    said: list[str] = field(default_factory=list)


def texts_of(values: Any) -> Any:
    """Return the cells as stripped strings, None where a cell is missing, as an object array."""
    import pandas as pd

    out = np.empty(len(values), dtype=object)
    out[:] = [None if pd.isna(v) else str(v).strip() for v in values]
    return out


def from_texts(texts: Any, name: str, reading: Reading) -> Column:
    """Return words as the column that they are: numbers, dates (by skrub), or words."""
    lowered = [None if v is None else v.casefold() for v in texts]
    cleaned = texts.copy()
    cleaned[[v is None or v in EMPTY or v in PERHAPS_EMPTY for v in lowered]] = None
    found = _as_numbers(cleaned, name, reading) or _as_dates(cleaned, name, reading)
    if found is not None:
        return found
    if name in reading.targets:
        cleaned = texts.copy()
        cleaned[[v is None or v in EMPTY for v in lowered]] = None
    return Column(name, "text", cleaned)


def _as_numbers(texts: Any, name: str, reading: Reading) -> Column | None:
    import pandas as pd

    held = np.array([v is not None for v in texts])
    if not held.any():
        # A target of nothing but dashes is for the words to judge; elsewhere it is an empty column.
        return (
            None if name in reading.targets else Column(name, "number", np.full(len(texts), np.nan))
        )
    words = pd.Series(texts[held], dtype=object)
    parsed = pd.to_numeric(words, errors="coerce").to_numpy(dtype=float)
    good: Mask = ~np.isnan(parsed)
    if not good.all() and words.str.fullmatch(r"[+-]?\d+(,\d+)?").all():
        parsed = pd.to_numeric(words.str.replace(",", ".")).to_numpy(dtype=float)
        good = np.ones(len(parsed), bool)
        reading.said.append(f"column '{name}': the comma is read as the decimal mark")
    if good.all():
        values = np.full(len(texts), np.nan)
        values[held] = parsed
        return Column(name, "number", values)
    if good.mean() >= MOSTLY:
        odd = np.flatnonzero(held)[~good]
        reading.said.append(
            f"column '{name}' is read as words: {how_many(len(odd), 'cell')} of it "
            f"{'is' if len(odd) == 1 else 'are'} no number "
            f"({quoted(dict.fromkeys(texts[odd]), 3)}, first in row {odd[0] + reading.first_row}); "
            "empty or mend such cells to have it read as numbers"
        )
    return None


def _as_dates(texts: Any, name: str, reading: Reading) -> Column | None:
    held = [v for v in texts if v is not None]
    # Cheap glance first: skrub takes two seconds to import, and most words are no dates.
    if not held or not all(_DATE_LIKE.search(v) for v in held[:50]):
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
    written = getattr(reader, "format_", None)
    reading.said.append(f"column '{name}' is read as dates" + (f", {written}" if written else ""))
    return Column(name, "date", instants(read))


def instants(series: Any) -> Any:
    """Return wall-clock times as datetime64[us]: an hour is the hour that the table shows."""
    if getattr(series.dtype, "tz", None) is not None:
        series = series.dt.tz_localize(None)
    return series.to_numpy().astype("datetime64[us]")
