"""Numbers as people write them: 1,234.50, 1.234,50, 12 %, $ 9.99."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from losscope.data.column import Floats

_MARKED = re.compile(r"([+-]?)([$€£¥]?) *([+-]?[\d.,]+(?:[eE][+-]?\d+)?) *([%$€£¥]?)")
_ENGLISH = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?")  # 1,234,567.8
_EUROPEAN = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")  # 1.234.567,8
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_PLAIN_ONLY = re.compile(r"[^,]*")


def read_written(words: list[str], mark: str) -> tuple[Floats, str] | None:
    """Read distinct words as numbers in one notation, or give None if no notation fits them all.

    Parameters
    ----------
    words : distinct words that are not all plain numbers
    mark : what parts the columns of the file; a comma *inside* a cell of a comma-separated file
        was put in quotes, so that it parts thousands where it could be either

    Returns
    -------
    values, said
        A value a word, and a clause that says which notation was read.
    """
    bare, sign = _unmarked(words)
    said = [f"the {sign} is left out of each number"] if sign else []
    if any("," in word for word in bare):
        found = _commas(bare, mark)
        if found is None:
            return None
        bare, notation = found
        said.append(notation)
    try:
        values = np.array([float(word) for word in bare])
    except ValueError:
        return None
    return (values, " and ".join(said)) if said and np.isfinite(values).all() else None


def _unmarked(words: list[str]) -> tuple[list[str], str]:
    """Take off the one % or currency sign that every word carries; else leave the words alone."""
    found = [_MARKED.fullmatch(word) for word in words]
    signs = {m[2] or m[4] if m and not (m[2] and m[4]) else "" for m in found}
    if len(signs) != 1 or signs == {""}:
        return words, ""
    return [m[1] + m[3] for m in found if m], signs.pop()


def _commas(words: list[str], mark: str) -> tuple[list[str], str] | None:
    """Tell from all words together whether the comma parts thousands or decimals."""
    english = all(_ENGLISH.fullmatch(word) for word in words)
    european = all(_EUROPEAN.fullmatch(word) for word in words)
    grouped = all(_GROUPED.fullmatch(word) or _PLAIN_ONLY.fullmatch(word) for word in words)
    if english and grouped and (mark == "," or not european):
        return [word.replace(",", "") for word in words], "the comma is read as parting thousands"
    if european:
        plain = [word.replace(".", "").replace(",", ".") for word in words]
        return plain, "the comma is read as the decimal mark"
    return None
