"""`losscope report`: a finished comparison again, without training anything."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The comparison's name, or how it begins: 3f9a."),
    ],
    *,
    store: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where finished runs are kept.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Where the page goes: a folder, or a file ending in .html, .svg, .png, .csv, "
            ".parquet or .json. Default: the current folder.",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the whole result as JSON instead of the table."),
    ] = False,
) -> None:
    """Show a finished comparison again, and write its page anew."""
    from losscope.cli import _kept, _output

    place = _output.checked_place(out)
    result = _kept.result(name, store)
    _output.deliver(result, place, as_json=as_json)
