"""`losscope identify` says which loss a function computes."""

from pathlib import Path
from typing import Annotated

import typer


def identify(
    function: Annotated[
        str, typer.Argument(metavar="FILE:FUNCTION", help="Such as train.py:compute_cost.")
    ],
    setup: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Defines names that the file leaves out.")
    ] = None,
) -> None:
    """Say which loss a function computes: with which factor, over which axis, how reduced."""
    from losscope.cli._identify import run

    run(function, setup)
