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

from losscope.data import dates
from losscope.data.scaling import fit_scaling
from losscope.data.words import how_many, quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.data.column import Column, Floats, Integers, Mask, Table

FEW = 40  # fewer distinct words than this: one 0/1 column each (skrub's threshold)
FEWEST_NAMES = 10  # fewer values that never repeat prove no identifier
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
        identifier = _identifier(column, missing, said)
        if missing.any() and not missing.all():
            gaps.append(column.name)
        encoding = [] if identifier else _encode(column, missing)
        pieces = [piece for piece in encoding if _varies(piece.values)]
        if missing.any() and not missing.all():
            pieces.append(_Encoded(f"{column.name} missing", missing.astype(float), False))
        if not pieces and not identifier:
            constant.append(column.name)
        if column.kind == "text" and len(pieces) >= HASHED:
            said.append(
                f"column '{column.name}' holds many different words: "
                f"read as {HASHED} hashed columns of letter groups"
            )
        encoded += pieces
    if constant:
        said.append(
            f"{how_many(len(constant), 'column')} dropped for holding no more than one value: "
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
    if len(held) < FEWEST_NAMES or len(set(held.tolist())) < len(held):
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
    if len(words) >= FEW:
        return _hashed(column)
    place = {word: k for k, word in enumerate(words)}
    codes = np.fromiter((place.get(v, -1) for v in column.values), int, len(column))
    # Of two words one column says all; with more, each has its own.
    first = 1 if len(words) == 2 else 0
    return [
        _Encoded(f"{column.name}={word}", (codes == place[word]).astype(float), False)
        for word in words[first:]
    ]


def _hashed(column: Column) -> list[_Encoded]:
    """Letter groups hashed into a fixed width: no vocabulary, so nothing to fit or to leak."""
    from sklearn.feature_extraction.text import HashingVectorizer

    words = sorted({"" if v is None else v for v in column.values})
    place = {word: k for k, word in enumerate(words)}
    codes = np.array([place["" if v is None else v] for v in column.values])
    vectoriser = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=HASHED)
    matrix = np.asarray(vectoriser.transform(words).toarray(), dtype=float)
    return [_Encoded(f"{column.name} hashed {k}", matrix[codes, k], True) for k in range(HASHED)]


def _dates(column: Column) -> list[_Encoded]:
    """Year, month, day, weekday (and hour where times are given) by skrub, and days since 1970."""
    import pandas as pd

    series = pd.Series(column.values, name="part")
    parts = dates.encoder().fit_transform(series)
    pieces = [
        _Encoded(
            f"{column.name} {name.removeprefix('part_')}", parts[name].to_numpy(np.float64), True
        )
        for name in parts.columns
    ]
    # skrub counts total seconds in float32, which cannot tell two minutes apart; float64 can.
    days = np.where(column.missing, np.nan, series.to_numpy("i8") / 86_400e6)
    return [*pieces, _Encoded(f"{column.name} days", days, True)]


def matrices(features: Features, parts: tuple[Integers, ...]) -> list[Floats]:
    """Return the rows of each part, centred and scaled on those of the first.

    Missing numbers come to the training mean (0). A column constant over the training rows
    teaches nothing and is 0 in every part, since a lone test value far out would else meet
    an untrained weight.
    """
    fitted = fit_scaling(features.matrix[parts[0]])
    out = []
    for rows in parts:
        raw = features.matrix[rows]
        X = np.where(features.scaled, fitted.apply(raw), raw)
        X[np.isnan(X)] = 0.0
        X[:, fitted.flat] = 0.0
        out.append(np.ascontiguousarray(np.clip(X, -FARTHEST, FARTHEST)))
    return out
