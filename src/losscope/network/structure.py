"""The structure of a network: inputs, hidden layers, activations, output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from losscope.errors import LosscopeError
from losscope.network import activations
from losscope.network.initialisers import canonical


@dataclass(frozen=True)
class Network:
    """A fully connected network: what the general method calls "define the structure".

    Parameters
    ----------
    layers : widths from the inputs to the outputs, such as (30, 16, 1).
    activation : name of the hidden layers' activation, or one name for each hidden layer.
    output : name of the output activation; None lets the loss choose its matched one.
    initializer : "glorot_uniform" (default), "he_normal", "lecun_uniform", "zeros", …

    Raises
    ------
    LosscopeError : for fewer than two widths, a width below 1, an unknown name.
    """

    layers: tuple[int, ...]
    activation: str | tuple[str, ...] = "relu"
    output: str | None = None
    initializer: str = "glorot_uniform"

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", _widths(self.layers))
        names = [self.activation] if isinstance(self.activation, str) else [*self.activation]
        resolved = tuple(_hidden(name) for name in names)
        if isinstance(self.activation, str):
            object.__setattr__(self, "activation", resolved[0])
        else:
            object.__setattr__(self, "activation", resolved)
            if len(resolved) != self.n_hidden:
                raise LosscopeError(
                    f"expected one activation or one for each of the {self.n_hidden} hidden layers "
                    f"of {self.spelling}, got {len(resolved)}: {', '.join(names)}"
                )
        if self.output is not None:
            object.__setattr__(self, "output", _output(self.output, self.layers[-1]))
        object.__setattr__(self, "initializer", canonical(self.initializer))

    @property
    def n_hidden(self) -> int:
        """Number of hidden layers."""
        return len(self.layers) - 2

    @property
    def depth(self) -> int:
        """Number of layers with parameters."""
        return len(self.layers) - 1

    @property
    def activations(self) -> tuple[str, ...]:
        """Activation of each hidden layer."""
        if isinstance(self.activation, str):
            return (self.activation,) * self.n_hidden
        return self.activation

    @property
    def spelling(self) -> str:
        """Widths as one word, "30-16-1"."""
        return "-".join(str(width) for width in self.layers)


def _widths(layers: Any) -> tuple[int, ...]:
    if isinstance(layers, str) or not isinstance(layers, Sequence):
        raise LosscopeError(
            f"layers: expected widths from inputs to outputs such as (30, 16, 1), got {layers!r}"
        )
    widths = tuple(layers)
    if len(widths) < 2:
        raise LosscopeError(
            f"layers: expected at least two widths, inputs and outputs, got {widths!r}; "
            "write for example (30, 16, 1)"
        )
    for place, width in enumerate(widths):
        if isinstance(width, bool) or int(width) != width or width < 1:
            raise LosscopeError(
                f"layers: expected whole numbers of at least 1, got {width!r} at place {place + 1}"
            )
    return tuple(int(width) for width in widths)


def _hidden(name: str) -> str:
    activation = activations.get(name)
    if not activation.hidden:
        raise LosscopeError(
            f"activation {name!r} is for the output layer; a hidden layer takes one of "
            + ", ".join(n for n in activations.names() if activations.get(n).hidden)
        )
    return activation.name


def _output(name: str, width: int) -> str:
    activation = activations.get(name)
    if activation.vector and width < 2:
        raise LosscopeError(
            f"output {name!r} needs at least 2 outputs, got {width}: with one, every prediction is "
            "1; use 'sigmoid' for one output"
        )
    return activation.name
