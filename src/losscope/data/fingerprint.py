"""The hash that names a data set's content, wherever the file lies and whatever it is called."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from losscope.data.column import Column

SCHEME = "losscope data 1"  # raise it when the same table comes to mean other matrices


def fingerprint(columns: tuple[Column, ...], choices: dict[str, object]) -> str:
    """Return the sha256, in hex, of columns (name, kind, values) and of what was chosen on them."""
    digest = hashlib.sha256()
    digest.update(json.dumps([SCHEME, choices], sort_keys=True).encode())
    for column in columns:
        digest.update(json.dumps([column.name, column.kind, len(column)]).encode())
        digest.update(_content(column))
    return digest.hexdigest()


def _content(column: Column) -> bytes:
    if column.kind == "text":
        return json.dumps(column.values.tolist()).encode()
    if column.kind == "date":
        return column.values.astype("<i8").tobytes()
    values = column.values + 0.0  # −0.0 becomes 0.0
    values[np.isnan(values)] = np.nan  # every NaN the same bits
    return values.astype("<f8").tobytes()
