"""The pictures of a comparison: one file a picture, with its chart, its words and its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.report.theme import LIGHT

if TYPE_CHECKING:
    from losscope.report.charts.picture import Picture
    from losscope.report.reading import Result
    from losscope.report.theme import Palette


def pictures(result: Result, palette: Palette = LIGHT) -> list[Picture]:
    """Draw the pictures of a result, without those for which it holds nothing to draw.

    Parameters
    ----------
    result
        The dictionary of `Comparison.to_dict()`.
    palette
        The colours; by default those for light paper.
    """
    from losscope.report.charts import (
        boundaries,
        derivatives,
        differences,
        gradients,
        learning_curves,
        predictions,
        quiet,
        reliability,
        results,
        sensitivity,
    )

    parts = (
        learning_curves,
        results,
        differences,
        derivatives,
        gradients,
        quiet,
        predictions,
        reliability,
        boundaries,
        sensitivity,
    )
    drawn = (part.picture(result, palette) for part in parts)
    return [made for made in drawn if made is not None]
