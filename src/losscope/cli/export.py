"""`losscope export`: a finished comparison as a file for other programs."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The comparison's name, or how it begins: 3f9a."),
    ],
    out: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What to write: .json .csv .parquet .html .svg or .png."
        ),
    ],
    *,
    store: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where finished runs are kept.")
    ] = None,
) -> None:
    """Write a finished comparison into a file; its ending says as what."""
    from losscope.cli import _kept, _output
    from losscope.errors import LosscopeError
    from losscope.report import export as files

    if out.is_dir():
        raise LosscopeError(
            f"{out} is a folder; name a file in it, such as {out / (name + '.csv')}"
        )
    place = _output.checked_place(out)
    print(f"wrote {files.save(_kept.result(name, store), place)}")
