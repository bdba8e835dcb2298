"""A comparison as a picture (.svg, .png) or as a table (.csv, .parquet), without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.report import embedding, page, reading
from losscope.report.charts import pictures
from losscope.report.numbers import finite
from losscope.report.theme import LIGHT, config

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from losscope.report.reading import Result

_DENSITY = 2  # pixels of a PNG for each point of the picture


def save(result: Result, path: str | Path) -> Path:
    """Save a comparison as what the file's ending says: .html .svg .png .csv .parquet .json.

    Parameters
    ----------
    result
        The dictionary of `Comparison.to_dict()`.
    path
        The file to write; its folder must exist.

    Raises
    ------
    LosscopeError
        When the ending is none of these, or the file cannot be written.
    """
    target = Path(path)
    makers: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: page.html(result),
        ".svg": lambda: svg(result),
        ".png": lambda: png(result),
        ".csv": lambda: str(table(result).to_csv(index=False)),
        ".parquet": lambda: bytes(table(result).to_parquet(index=False)),
        ".json": lambda: json.dumps(embedding.plain_json(result), indent=1, ensure_ascii=False),
    }
    make = makers.get(target.suffix.lower())
    if make is None:
        raise LosscopeError(
            f"cannot tell what to write from the ending {target.suffix!r} of {target}; "
            f"expected one of {' '.join(makers)}"
        )
    made = make()
    try:
        target.write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as error:
        raise LosscopeError(
            f"cannot write {target}: {error.strerror or error}; give a file in a folder that "
            "exists and can be written to"
        ) from error
    return target


def svg(result: Result) -> str:
    """Give all pictures, one below the other, as one SVG on light paper."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_sheet(result), vl_version=embedding.vegalite_version()))


def for_notebook(result: Result) -> str:
    """Give the two pictures that say most, how it learned and where it ended, as one small SVG."""
    import vl_convert

    sheet = _sheet(result, only=("learning-curves", "results"))
    return str(vl_convert.vegalite_to_svg(sheet, vl_version=embedding.vegalite_version()))


def png(result: Result) -> bytes:
    """Give all pictures, one below the other, as one PNG on light paper."""
    import vl_convert

    return bytes(
        vl_convert.vegalite_to_png(
            _sheet(result), vl_version=embedding.vegalite_version(), scale=_DENSITY
        )
    )


def table(result: Result) -> pd.DataFrame:
    """Give the table: one row for each loss and baseline, and two columns for each metric.

    The columns `difference` to `p_holm` are those of the primary metric against the first loss,
    empty for that loss and for the baselines.
    """
    import pandas as pd

    names = [metric["name"] for metric in result["metrics"]]
    rows = []
    for row in result["table"]:
        against = row["minus_reference"] or {}
        rows.append(
            {
                "trained_with": row["loss"],
                "kind": "loss",
                "learning_rate": finite(row["learning_rates"]["median"]),
                **_measured(row, names),
                **{
                    k: against.get(k)
                    for k in ("difference", "low", "high", "wins", "seeds", "p", "p_holm")
                },
            }
        )
    rows += [
        {"trained_with": b["title"], "kind": "baseline", **_measured(b, names)}
        for b in result["baselines"]
    ]
    made = pd.DataFrame(rows)
    whole = [name for name in ("wins", "seeds") if name in made]
    return made.astype(dict.fromkeys(whole, "Int64"))


def _measured(row: Any, names: list[str]) -> dict[str, float | None]:
    found = {name: row["metrics"].get(name) or {} for name in names}
    return {f"{name}_{k}": finite(found[name].get(k)) for name in names for k in ("mean", "std")}


def _sheet(result: Result, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Put the pictures on one sheet, each under its title, the verdict's first sentences above.

    `only` names the pictures to take, without the verdict; nothing stands for all of them.
    """
    import altair as alt

    charts = [
        p.chart.properties(title=alt.Title(p.title, offset=24, frame="group"))
        for p in pictures(result, LIGHT)
        if not only or p.key in only
    ]
    if not charts:
        raise LosscopeError(
            "there is nothing to draw: no run of this comparison ended without failing"
        )
    heading = alt.Title(
        f"{', '.join(reading.labels(result))} on {result['data']['name']}",
        subtitle=_wrapped(result["verdict"]["result"]["sentences"][:3]),
        fontSize=18,
        subtitleFontSize=12,
        subtitlePadding=8,
        offset=24,
        anchor="start",
        subtitleColor=LIGHT.muted,
    )
    sheet = alt.vconcat(*charts, spacing=40, padding=24, background=LIGHT.paper)
    if not only:
        sheet = sheet.properties(title=heading)
    apart = dict.fromkeys(("color", "shape", "strokeDash", "size"), "independent")
    made: dict[str, Any] = sheet.resolve_scale(**apart).to_dict(validate=False)
    made["config"] = {**config(LIGHT), "background": LIGHT.paper}
    return made


def _wrapped(sentences: list[str]) -> list[str]:
    import textwrap

    return [line for sentence in sentences for line in textwrap.wrap(sentence, 100)]
