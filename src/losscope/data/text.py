"""Words in cells -> numbers, dates, or words, whichever the whole column is."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.data import dates
from losscope.data.column import Column
from losscope.data.words import how_many, quoted
from losscope.data.written import read_written

if TYPE_CHECKING:
    import numpy.typing as npt

    from losscope.data.column import Integers, Mask

# How people write "no value".
EMPTY = frozenset(("", "na", "n/a", "#n/a", "#na", "n.a.", "<na>", "nan", "-nan", "null", "?"))
# These mean it too, but in a target they may be classes: none/mild/severe, or + and −.
PERHAPS_EMPTY = frozenset(("none", "-", ".", "..."))

MOSTLY = 0.9  # a column of words of which this share are numbers was meant to be numbers

_DATE_LIKE = re.compile(r"\d[-/.]\d|\d[A-Za-z ,]+\d|[A-Za-z]+ \d")


@dataclass(frozen=True)
class Reading:
    """One table being read: what to call it, which columns matter, what to say of it."""

    where: str
    targets: tuple[str, ...] = ()
    first_row: int = 1
    dropped: tuple[str, ...] = ()  # whatever these hold, nobody reads it
    mark: str = ""  # what parts the columns of a text file
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Texts:
    """Cells of one column: its distinct words in order, and each row's place (−1: missing)."""

    words: list[str]
    codes: Integers

    def spread(self, values: npt.NDArray[Any], missing: object) -> npt.NDArray[Any]:
        """Return one value a row from one value a word."""
        out = np.empty(len(values) + 1, dtype=values.dtype)
        out[:-1], out[-1] = values, missing
        return out[self.codes]

    def without(self, empty: frozenset[str]) -> Texts:
        """Return the cells with these words (in any case) taken for missing."""
        keep = np.array([word.casefold() not in empty for word in self.words], dtype=bool)
        place = np.append(np.where(keep, np.cumsum(keep) - 1, -1), -1)
        kept = [word for word, stays in zip(self.words, keep, strict=True) if stays]
        return Texts(kept, place[self.codes])

    def column(self, name: str) -> Column:
        """Return the column of these words."""
        words = np.empty(len(self.words), dtype=object)
        words[:] = self.words
        return Column(name, "text", self.spread(words, None))


def texts_of(series: Any) -> Texts:
    """Return a pandas column as words, spaces around them cut off."""
    import pandas as pd

    codes, distinct = pd.factorize(series)
    stripped = [str(value).strip() for value in np.asarray(distinct, dtype=object)]
    words = sorted(set(stripped))
    place = {word: k for k, word in enumerate(words)}
    return Texts(words, np.array([*(place[w] for w in stripped), -1], dtype=np.int64)[codes])


def from_texts(texts: Texts, name: str, reading: Reading) -> Column:
    """Return words as the column that they are: numbers, dates (by skrub), or words."""
    cleaned = texts.without(EMPTY | PERHAPS_EMPTY)
    found = _as_numbers(cleaned, name, reading) or _as_dates(cleaned, name, reading)
    if found is not None:
        return found
    is_target = name in reading.targets
    return (texts.without(EMPTY) if is_target else cleaned).column(name)


def _as_numbers(texts: Texts, name: str, reading: Reading) -> Column | None:
    import pandas as pd

    if not texts.words:
        if name in reading.targets:  # nothing but dashes, say: perhaps a class
            return None
        return Column(name, "number", np.full(len(texts.codes), np.nan))
    words = pd.Series(texts.words, dtype=object)
    parsed = pd.to_numeric(words, errors="coerce").to_numpy(dtype=float)
    good: Mask = ~np.isnan(parsed)
    if not good.all() and (found := read_written(texts.words, reading.mark)) is not None:
        parsed, notation = found
        good = np.ones(len(parsed), bool)
        reading.said.append(f"column '{name}': {notation}")
    if good.all():
        return Column(name, "number", texts.spread(parsed, np.nan))
    odd = texts.spread(~good, False)
    if odd.sum() <= (1 - MOSTLY) * np.count_nonzero(texts.codes >= 0):
        cells = int(odd.sum())
        reading.said.append(
            f"column '{name}' is read as words: {how_many(cells, 'cell')} of it "
            f"{'is' if cells == 1 else 'are'} no number "
            f"({quoted(words[~good], 3)}, first in row {odd.argmax() + reading.first_row}); "
            "empty or mend such cells to have it read as numbers"
        )
    return None


def _as_dates(texts: Texts, name: str, reading: Reading) -> Column | None:
    # Cheap glance first: skrub takes two seconds to import, and most words are no dates.
    if not texts.words or not all(_DATE_LIKE.search(word) for word in texts.words[:50]):
        return None
    import pandas as pd

    reader = dates.reader()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "could not infer format": then it is no date column
        try:
            read = reader.fit_transform(pd.Series(texts.words, name=name, dtype=object))
        except ValueError:  # skrub's RejectColumn
            return None
    written = getattr(reader, "format_", None)
    zone = getattr(read.dtype, "tz", None)  # skrub brings differing offsets to UTC
    how = (f", {written}" if written else "") + (f", as the clock shows in {zone}" if zone else "")
    reading.said.append(f"column '{name}' is read as dates{how}")
    return Column(name, "date", texts.spread(instants(read), np.datetime64("NaT")))


def instants(series: Any) -> Any:
    """Return wall-clock times as datetime64[us]: an hour is the hour that the table shows."""
    if getattr(series.dtype, "tz", None) is not None:
        series = series.dt.tz_localize(None)
    return series.to_numpy().astype("datetime64[us]")
