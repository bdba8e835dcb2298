"""`losscope runs`: which comparisons are in the store."""

import json
from pathlib import Path
from typing import Annotated

import typer


def runs(
    *,
    store: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where finished runs are kept.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list as JSON instead of lines.")
    ] = False,
) -> None:
    """List the finished comparisons, the latest first."""
    from losscope.cli import _kept

    path, entries = _kept.finished(store)
    if as_json:
        print(json.dumps(entries))
        return
    print(f"Store    {path}")
    if not entries:
        print("         no finished comparison; losscope compare makes one")
    for entry in entries:
        print("\n".join(_kept.lines(entry)))
