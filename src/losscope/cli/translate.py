"""`losscope translate`: one framework's loss in another's words, with the exact factor."""

from typing import Annotated

import typer


def translate(
    loss: Annotated[
        str,
        typer.Argument(
            metavar="LOSS",
            help='As in code: "torch.nn.SmoothL1Loss(beta=0.5)", categorical_crossentropy, '
            "'SGDClassifier(loss=\"hinge\")', reg:squarederror; or a loss of losscope.",
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FRAMEWORK",
            help="torch, keras, optax, sklearn, lightgbm or xgboost.",
            rich_help_panel="Between which frameworks",
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FRAMEWORK",
            help="Where LOSS comes from, where several use the same word.",
            rich_help_panel="Between which frameworks",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the answer to standard output as JSON, and nothing else there.",
            rich_help_panel="Output",
        ),
    ] = False,
) -> None:
    """Say a framework's loss in another framework's words, with the factor between them."""
    from losscope.cli._translate import shown

    print("\n".join(shown(loss, to, source, as_json=as_json)))
