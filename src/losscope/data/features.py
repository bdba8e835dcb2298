"""Raw feature columns -> one matrix, its meaning fixed once per table and without the target.

Numbers stay numbers; each is centred and scaled later, on the training rows of each seed. Words
become 0/1 columns (few distinct values) or hashed letter groups (many). Dates become their parts.
Nothing here looks at the target or counts over rows, except *which* values occur.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.data.words import how_many, quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.data.column import Column, Floats, Mask, Table

FEW = 40  # fewer distinct words than this: one 0/1 column each (skrub's threshold)
HASHED = 32  # columns for a text column with many distinct words
FARTHEST = 1e6  # standard deviations from the training mean; beyond, squares overflow in training
SENTENCE = 4  # words a cell from which text that never repeats is prose, not an identifier

_IDENTIFIER = re.compile(
    r"(^|[^a-z])(id|uuid|guid|index|key|idx|nr|rownum|row)$|^unnamed|^$", re.IGNORECASE
)
_IDENTIFIER_CAMEL = re.compile(r"[a-z](Id|ID|Index|Key)$")


@dataclass(frozen=True, eq=False)
class Features:
    """The matrix that folds are cut from.

    ``matrix`` is (n, d) float64 with NaN where a number is missing; ``scaled`` marks the columns
    that each fold centres and scales, the others are 0/1.
    """

    matrix: Floats
    names: tuple[str, ...]
    scaled: Mask
    notices: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Encoded:
    name: str
    values: Floats
    scaled: bool


def vectorise(table: Table, where: Callable[[Mask], str]) -> Features:
    """Turn every column into numbers; ``where`` says which rows a mask points at.

    Raises
    ------
    LosscopeError
        For infinite values, or if no column is left to learn from.
    """
    encoded: list[_Encoded] = []
    constant: list[str] = []
    said: list[str] = []
    gaps: list[str] = []
    for column in table.columns:
        _refuse_infinite(column, table, where)
        missing = column.missing
        if _identifier(column, missing, said):
            continue
        if missing.any() and not missing.all():
            gaps.append(column.name)
        pieces = [p for p in _encode(column, missing) if _varies(p.values)]
        if missing.any() and not missing.all():
            pieces.append(_Encoded(f"{column.name} missing", missing.astype(float), False))
        if not pieces:
            constant.append(column.name)
        if column.kind == "text" and len(pieces) >= HASHED:
            said.append(
                f"column '{column.name}' holds many different words: "
                f"read as {HASHED} hashed columns of letter groups"
            )
        encoded += pieces
    if constant:
        said.append(
            f"{how_many(len(constant), 'column')} dropped for holding one value only: "
            f"{quoted(constant)}"
        )
    if gaps:
        said.append(
            f"missing values in {quoted(gaps)}: numbers filled with the mean of the training "
            "rows, words with none, and a column added that marks them"
        )
    if not encoded:
        raise LosscopeError(
            f"{table.name} has no column left to learn from: beside the target it needs at least "
            "one column whose values differ and do more than number the rows"
        )
    return Features(
        matrix=np.ascontiguousarray(np.column_stack([e.values for e in encoded])),
        names=tuple(e.name for e in encoded),
        scaled=np.array([e.scaled for e in encoded]),
        notices=tuple(said),
    )


def _refuse_infinite(column: Column, table: Table, where: Callable[[Mask], str]) -> None:
    if column.kind != "number":
        return
    infinite = np.isinf(column.values)
    if infinite.any():
        raise LosscopeError(
            f"column '{column.name}' of {table.name} holds infinite values in "
            f"{where(infinite)}; expected finite numbers: leave such cells "
            "empty (missing values are handled) or drop the column"
        )


def _varies(values: Floats) -> bool:
    held = values[~np.isnan(values)]
    return len(held) > 0 and bool((held != held[0]).any())


def _identifier(column: Column, missing: Mask, said: list[str]) -> bool:
    """Whether the column only names its row; what is done about it is said."""
    held = column.values[~missing]
    if len(held) < 2 or len(set(held.tolist())) < len(held):
        return False
    if column.kind == "text":
        names_row = sum(len(str(v).split()) for v in held) < SENTENCE * len(held)
        if names_row:
            said.append(
                f"column '{column.name}' dropped: a different word in every row, as an "
                "identifier has"
            )
        return names_row
    whole = column.kind == "number" and bool((held == np.floor(held)).all())
    return whole and not missing.any() and _row_number(column.name, held, said)


def _row_number(name: str, held: Floats, said: list[str]) -> bool:
    if _IDENTIFIER.search(name) or _IDENTIFIER_CAMEL.search(name):
        said.append(
            f"column '{name}' dropped: a different whole number in every row and a name "
            "that says identifier (rename it to keep it)"
        )
        return True
    if len(held) >= 20 and held.max() - held.min() == len(held) - 1:
        said.append(
            f"column '{name}' seems to number the rows; it is kept "
            f"(drop '{name}' if it is only a number)"
        )
    return False


def _encode(column: Column, missing: Mask) -> list[_Encoded]:
    if column.kind == "number":
        return [_Encoded(column.name, np.asarray(column.values, float), True)]
    if column.kind == "boolean":
        held = np.where(missing, 0.0, column.values)
        return [_Encoded(f"{column.name}=True", held, False)]
    if column.kind == "date":
        return _dates(column)
    words = sorted({v for v in column.values if v is not None})
    if len(words) < FEW:
        # Of two words one column says all; with more, each has its own.
        own = words[1:] if len(words) == 2 else words
        return [
            _Encoded(
                f"{column.name}={word}",
                np.fromiter((v == word for v in column.values), float, len(column)),
                False,
            )
            for word in own
        ]
    return _hashed(column)


def _hashed(column: Column) -> list[_Encoded]:
    """Letter groups hashed into a fixed width: no vocabulary, so nothing to fit or to leak."""
    from sklearn.feature_extraction.text import HashingVectorizer

    vectoriser = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=HASHED)
    matrix = vectoriser.transform(["" if v is None else v for v in column.values]).toarray()
    return [
        _Encoded(f"{column.name} hashed {k}", np.asarray(matrix[:, k], float), True)
        for k in range(HASHED)
    ]


def _dates(column: Column) -> list[_Encoded]:
    """Year, month, day, weekday (and hour where times are given) by skrub, and days since 1970."""
    import pandas as pd
    from skrub import DatetimeEncoder

    encoder = DatetimeEncoder(resolution="second", add_weekday=True, add_total_seconds=False)
    instants = column.values
    parts = encoder.fit_transform(pd.Series(instants, name="part"))
    pieces = [
        _Encoded(
            f"{column.name} {name.removeprefix('part_')}", parts[name].to_numpy(np.float64), True
        )
        for name in parts.columns
    ]
    # skrub counts total seconds in float32, which cannot tell two minutes apart; float64 can.
    days = np.where(column.missing, np.nan, instants.astype("i8") / 86_400e6)
    return [*pieces, _Encoded(f"{column.name} days", days, True)]


def scale_of(training: Floats, scaled: Mask) -> tuple[Floats, Floats, Mask]:
    """Return centre, scale and which columns say nothing, from the training rows alone.

    ``training`` is (n, d) with NaN where a number is missing. A column constant over the training
    rows teaches nothing; it is 0 in every part, since a lone test value far out would else
    meet an untrained weight.
    """
    held = ~np.isnan(training)
    count = np.maximum(held.sum(axis=0), 1)
    # Exact powers of two keep values near the ends of float64 from overflowing.
    largest = np.where(held, np.abs(training), 0.0).max(axis=0, initial=0.0)
    exponent = np.frexp(largest)[1]
    small = np.where(held, np.ldexp(training, -exponent), 0.0)
    mean = small.sum(axis=0) / count
    spread = np.sqrt((np.where(held, small - mean, 0.0) ** 2).sum(axis=0) / count)
    flat = spread <= 1e-13  # rounding of a constant, since values are at most 1 here
    centre = np.where(scaled, mean, 0.0)
    scale = np.where(scaled & ~flat, spread, 1.0)
    return np.stack([centre, exponent.astype(float)]), scale, flat


def apply_scale(matrix: Floats, fitted: tuple[Floats, Floats, Mask], scaled: Mask) -> Floats:
    """Return the matrix centred and scaled, missing numbers at the mean (0), C-contiguous."""
    (centre, exponent), scale, silent = fitted
    with np.errstate(over="ignore"):  # a test value 1e300 times the training rows: clipped below
        small = np.ldexp(matrix, np.where(scaled, -exponent, 0).astype(int))
        out = (small - centre) / scale
    out[np.isnan(out)] = 0.0
    out[:, silent] = 0.0
    return np.ascontiguousarray(np.clip(out, -FARTHEST, FARTHEST))
