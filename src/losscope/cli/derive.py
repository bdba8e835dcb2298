"""`losscope derive`: the equations of backpropagation, and what in them the loss decides."""

from typing import Annotated

import typer

_SPELLINGS = ("text", "latex", "mathml", "numpy", "torch", "jax")
_COST = "What is minimised"
_SHOWN = "What is printed"


def derive(
    losses: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOSS",
            help="One or more losses: ce, mse, focal(gamma=2), or with an output activation of "
            "their own: mse@identity.",
        ),
    ] = None,
    *,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,N", help="Widths from inputs to outputs. Default: 4,6,1, or 4,6,3."
        ),
    ] = None,
    activation: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Activation of the hidden layers, or one for each: relu,tanh."
        ),
    ] = "relu",
    output: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Output activation. Default: the one the first loss is meant for."
        ),
    ] = None,
    initializer: Annotated[
        str, typer.Option(metavar="NAME", help="How programs draw initial weights.")
    ] = "glorot_uniform",
    l2: Annotated[
        float,
        typer.Option("--l2", metavar="X", help="Penalty (X/2) Σ W².", rich_help_panel=_COST),
    ] = 0.0,
    l1: Annotated[
        float, typer.Option("--l1", metavar="X", help="Penalty X Σ |W|.", rich_help_panel=_COST)
    ] = 0.0,
    sample_weight: Annotated[
        bool,
        typer.Option("--sample-weight", help="A weight w for each example.", rich_help_panel=_COST),
    ] = False,
    reduction: Annotated[
        str,
        typer.Option(metavar="mean|sum", help="Of the examples' losses.", rich_help_panel=_COST),
    ] = "mean",
    spelling: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="KIND",
            help="text, latex, mathml; or numpy, torch, jax: a program that runs by itself.",
            rich_help_panel=_SHOWN,
        ),
    ] = "text",
    convention: Annotated[
        str,
        typer.Option(
            metavar="rows|course",
            help="rows: an example is a row, dZ holds the 1/m; course: an example is a column, dW "
            "and db hold it.",
            rich_help_panel=_SHOWN,
        ),
    ] = "rows",
    steps: Annotated[
        bool,
        typer.Option("--steps", help="Unfold each equation, with reasons.", rich_help_panel=_SHOWN),
    ] = False,
    per_example: Annotated[
        bool,
        typer.Option(
            "--per-example",
            help="One example's equations beside the batch's.",
            rich_help_panel=_SHOWN,
        ),
    ] = False,
    blank: Annotated[
        str,
        typer.Option(
            metavar="dZ2,dW1",
            help="Lines of a program that are left to you; the program grades them.",
            rich_help_panel=_SHOWN,
        ),
    ] = "",
    table: Annotated[
        bool,
        typer.Option(
            "--table",
            help="Which pairs of loss and output end in c (A − Y), found by derivation.",
            rich_help_panel=_SHOWN,
        ),
    ] = False,
) -> None:
    """Print the equations that train a network, and which of them the loss changes."""
    from losscope.cli import _derive
    from losscope.cli._options import one_of

    request = _derive.Request(
        losses=tuple(losses or ()),
        layers=layers,
        activation=activation,
        output=output,
        initializer=initializer,
        cost={"l2": l2, "l1": l1, "sample_weight": sample_weight, "reduction": reduction},
        convention=convention,
        kind=one_of(spelling, _SPELLINGS, "--as"),
        steps=steps,
        per_example=per_example,
        blank=blank,
    )
    print(_derive.table(request) if table else _derive.spell(request), end="")
