"""`losscope losses`: which losses there are, one at a time, and how a framework spells them."""

from typing import Annotated

import typer


def losses(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help='A loss by any of its names, or with its parameters: "focal(gamma=3)".',
            show_default=False,
        ),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--in",
            metavar="FRAMEWORK",
            help="Only what torch, keras, optax, sklearn, lightgbm or xgboost has, as it is "
            "spelled there, with the factor.",
            rich_help_panel="Which losses",
        ),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            help="Only losses for binary, multiclass, multilabel, regression or counts.",
            rich_help_panel="Which losses",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the cards to standard output as JSON, and nothing else there.",
            rich_help_panel="Output",
        ),
    ] = False,
) -> None:
    """List every loss, or show what one of them is."""
    from losscope.cli import _losses

    print("\n".join(_losses.shown(name, framework, task, as_json=as_json)))
