"""`losscope audit` says which loss a program really descends."""

from pathlib import Path
from typing import Annotated

import typer


def audit(  # noqa: PLR0917 - the parts of one record
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="A training program: .py, or .ipynb.", show_default=False
        ),
    ],
    setup: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Defines names that a fragment leaves out."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole result as JSON on standard output.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report page, with the recovered loss drawn."),
    ] = None,
    seconds: Annotated[int, typer.Option(metavar="N", help="Longest time for one file.")] = 180,
    memory: Annotated[int, typer.Option(metavar="MB", help="Most memory for one file.")] = 4096,
) -> None:
    """Run a training program, and say which loss its updates really descend.

    The program runs in a child process with a time and a memory limit; what it prints is
    dropped, what it writes goes to a folder that is removed. Exit code 0: nothing found,
    1: findings, 2: could not be audited, or not to the end.
    """
    from losscope.cli._audit import run

    raise typer.Exit(run(files, setup, as_json, html, seconds, memory))
