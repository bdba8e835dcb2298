"""Files -> tables: CSV and Parquet, and one clear line for what is neither."""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from losscope.data.column import Table, refuse_repeated
from losscope.data.frame import columns_of
from losscope.data.text import Reading
from losscope.data.words import did_you_mean, how_many
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

CSV = (".csv", ".tsv", ".txt")
PARQUET = (".parquet", ".pq")

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before UTF-16, whose mark is the first half of it
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_table(path: Path, targets: tuple[str, ...] = (), dropped: tuple[str, ...] = ()) -> Table:
    """Read a CSV or Parquet file; the file's own name becomes the table's.

    Of the columns in ``dropped`` only the names are read: they may hold anything.

    Raises
    ------
    LosscopeError
        If the file is missing, a folder, empty, a header only, of another format, or unreadable.
    """
    name = f"'{path.name}'"
    suffix = path.suffix.casefold()
    if path.is_dir():
        raise LosscopeError(f"{path} is a folder; expected a .csv or .parquet file in it")
    if not path.exists():
        near = (
            [p.name for p in path.parent.glob("*") if p.is_file()] if path.parent.is_dir() else []
        )
        raise LosscopeError(f"there is no file '{path}'{did_you_mean(path.name, near)}")
    if suffix not in (*CSV, *PARQUET):
        raise LosscopeError(f"{name} is neither .csv nor .parquet; save the table as one of these")
    reading = Reading(name, targets, dropped=dropped)
    try:
        if path.stat().st_size == 0:
            raise LosscopeError(f"{name} is empty; expected a header and rows")
        if suffix in PARQUET:
            frame = _parquet(path, name)
        else:
            frame, mark = _csv(path, name, reading.said)
            reading = replace(reading, mark=mark)
    except OSError as error:
        raise LosscopeError(f"{name} cannot be read: {error.strerror or error}") from error
    if frame.shape[1] == 0:
        raise LosscopeError(f"{name} has no columns; expected a header and rows")
    if len(frame) == 0:
        raise LosscopeError(f"{name} has a header but no rows; expected at least one row of data")
    columns = columns_of(frame, reading)
    return Table(path.name, columns, first_row=1, notices=tuple(reading.said))


def _parquet(path: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else "unknown reason"
        raise LosscopeError(f"{name} is no readable Parquet file: {first}") from error
    # A named index is a column that pandas stored apart; one without a name numbers the rows.
    named = [n for n in frame.index.names if n is not None and n not in frame.columns]
    return frame.reset_index(level=named) if named else frame


def _csv(path: Path, name: str, said: list[str]) -> tuple[pd.DataFrame, str]:
    raw = path.read_bytes()
    encoding = next((code for bom, code in _BOMS if raw.startswith(bom)), "utf-8")
    if encoding not in ("utf-16", "utf-32") and b"\x00" in raw:
        raise LosscopeError(f"{name} is a binary file, not text; expected comma-separated values")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise LosscopeError(
            f"{name} is not UTF-8 text: line {line} holds byte 0x{raw[error.start]:02x}; "
            "save it as UTF-8"
        ) from error
    if not text.strip():
        raise LosscopeError(f"{name} is empty; expected a header and rows")
    mark = _delimiter(text)
    if mark != ",":
        said.append(f"{name}: columns are parted by {_MARKS[mark]}")
    _refuse_ragged(text, mark, name)
    return _parsed(text, mark, name), mark


def _refuse_ragged(text: str, mark: str, name: str) -> None:
    """Refuse what pandas would mend without a word: repeated names, rows too short or too long."""
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
        filled = (cells for cells in lines if any(cell.strip() for cell in cells) or len(cells) > 1)
        header = next(filled)
        refuse_repeated([cell.strip() for cell in header if cell.strip()], name)
        for row, cells in enumerate(filled, start=1):
            if len(cells) != len(header):
                raise LosscopeError(
                    f"{name}: row {row} has {how_many(len(cells), 'cell')}, but the header has "
                    f"{len(header)}{_open_quote(cells)}; every row needs one cell for each column"
                )
    except csv.Error as error:
        raise LosscopeError(
            f"{name} is no regular table: {error}; look for a quote that is never closed"
        ) from error


def _open_quote(cells: list[str]) -> str:
    return " (a quote is never closed)" if any("\n" in cell for cell in cells) else ""


def _parsed(text: str, mark: str, name: str) -> pd.DataFrame:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            frame = pd.read_csv(
                io.StringIO(text),
                sep=mark,
                index_col=False,
                low_memory=False,
                skipinitialspace=True,
                keep_default_na=False,
                na_values=["", "NA", "N/A", "NaN", "nan", "NULL", "null", "<NA>"],
            )
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            first = str(error).strip().splitlines()[0]
            raise LosscopeError(f"{name} is no regular table: {first}") from error
    return frame


_MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _delimiter(text: str) -> str:
    """Return what parts the columns: the mark that the header holds most, a comma if none."""
    header = next(line for line in text.splitlines() if line.strip())
    return max(_MARKS, key=lambda mark: (_cells(header, mark), mark == ","))


def _cells(line: str, mark: str) -> int:
    return len(next(csv.reader([line], delimiter=mark)))
