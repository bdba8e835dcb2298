"""`losscope losses`: which losses there are, and one at a time."""

from typing import Annotated

import typer


def losses(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A loss, by any of its names.", show_default=False),
    ] = None,
) -> None:
    """List every loss, or show what one of them is."""
    from losscope.cli._losses import cards, listing

    lines = listing() if name is None else cards(name)
    print("\n".join(lines))
