"""A picture, and what a reader needs who cannot see it: caption, sentences, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt


@dataclass(frozen=True)
class Numbers:
    """A small table: the words above the columns, then one row of words after another."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A chart, what it shows, and what it says in words and in numbers."""

    key: str
    title: str
    chart: alt.LayerChart
    caption: str
    words: Sequence[str]
    numbers: Numbers
