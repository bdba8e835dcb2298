"""A table as losscope sees it: named columns of four kinds, missing values marked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from losscope.data.words import did_you_mean, quoted, rows_phrase
from losscope.errors import LosscopeError

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Kind: TypeAlias = Literal["number", "boolean", "text", "date"]


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its name, its kind, its values.

    ``number`` and ``boolean`` hold float64 with NaN for a missing value, ``text`` holds str or
    None, ``date`` holds datetime64[us] with NaT.
    """

    name: str
    kind: Kind
    values: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> Mask:
        """Where the column holds no value, shape (n,)."""
        if self.kind == "text":
            return np.fromiter((v is None for v in self.values), bool, len(self.values))
        if self.kind == "date":
            return np.asarray(np.isnat(self.values))
        return np.asarray(np.isnan(self.values))

    def coded(self) -> tuple[list[Any], Integers]:
        """Return the distinct values in order, and each row's place among them; none missing."""
        if self.kind == "text":  # not np.unique: its fixed-width strings lose a trailing NUL
            words = sorted(set(self.values))
            place = {word: k for k, word in enumerate(words)}
            return words, np.array([place[v] for v in self.values], dtype=np.int64)
        distinct, codes = np.unique(self.values, return_inverse=True)
        return list(distinct), codes.astype(np.int64)

    def take(self, keep: Mask) -> Column:
        """Return the column with only the rows that ``keep`` marks."""
        return replace(self, values=self.values[keep])


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length; ``first_row`` is the number that the user gives the first row."""

    name: str
    columns: tuple[Column, ...]
    first_row: int = 1
    notices: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def rows(self) -> Integers:
        """The row numbers that the user knows: from 1 in a file, from 0 in an array."""
        return np.arange(self.n_rows) + self.first_row

    @property
    def counted(self) -> str:
        """What to add to row numbers that a user could misread."""
        return "" if self.first_row == 1 else " (counted from 0)"

    def where(self, bad: Mask) -> str:
        """Say which rows a mask points at."""
        return rows_phrase(self.rows[bad]) + self.counted

    def column(self, name: str, use: str) -> Column:
        """Return the column called ``name``; ``use`` says for the message what it is for.

        Raises
        ------
        LosscopeError
            If no column has that name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise LosscopeError(
            f"{use}: {self.name} has no column '{name}'{did_you_mean(name, self.names)}; "
            f"its columns are {quoted(self.names, 20)}"
        )

    def without(self, names: tuple[str, ...]) -> Table:
        """Return the table without these columns."""
        return replace(self, columns=tuple(c for c in self.columns if c.name not in names))


def refuse_repeated(names: list[str], where: str) -> None:
    """Refuse two columns of one name: nobody could say which is meant."""
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise LosscopeError(
            f"{where}: column names must differ, but {quoted(twice)} "
            f"{'comes' if len(twice) == 1 else 'come'} more than once; rename the columns"
        )
