"""`losscope derive`: the equations of backpropagation, and what in them the loss decides."""

from typing import Annotated

import typer

_SPELLINGS = ("text", "numpy", "latex")


def derive(
    losses: Annotated[
        list[str],
        typer.Argument(
            metavar="LOSS",
            help="One or more losses: ce, mse, focal(gamma=2), or with an output activation of "
            "their own: mse@identity.",
        ),
    ],
    *,
    layers: Annotated[
        str, typer.Option(metavar="N,N,N", help="Widths from the inputs to the outputs.")
    ] = "30,16,1",
    activation: Annotated[
        str, typer.Option(metavar="NAME", help="Activation of the hidden layers.")
    ] = "relu",
    output: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Output activation. Default: the one the first loss is meant for."
        ),
    ] = None,
    l2: Annotated[
        float, typer.Option("--l2", metavar="X", help="Penalty on squared weights.")
    ] = 0.0,
    spelling: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="KIND",
            help="text; numpy, a program that runs by itself; or latex.",
        ),
    ] = "text",
) -> None:
    """Print the equations that train a network, and which of them the loss changes."""
    from losscope.cli._derive import spell
    from losscope.cli._options import one_of, widths
    from losscope.network import Network

    kind = one_of(spelling, _SPELLINGS, "--as")
    network = Network(widths(layers, "--layers"), activation=activation, output=output)
    print(spell(losses, network, l2, kind), end="")
