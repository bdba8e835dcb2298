"""One derivation or several, spelled for a terminal, a page, a paper or a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from losscope.cli._options import names, widths
from losscope.derivation import Derivation, derive_all
from losscope.errors import LosscopeError
from losscope.network import Network

PROGRAMS = ("numpy", "torch", "jax")


@dataclass(frozen=True)
class Request:
    """What the command line asked for; the words are those of its options."""

    losses: tuple[str, ...]
    layers: str | None = None
    activation: str = "relu"
    output: str | None = None
    initializer: str = "glorot_uniform"
    cost: dict[str, Any] = field(default_factory=dict)
    convention: str = "rows"
    kind: str = "text"
    steps: bool = False
    per_example: bool = False
    blank: str = ""


def spell(request: Request) -> str:
    """Derive each loss on one network and spell the result.

    Raises
    ------
    LosscopeError
        For an unknown name, options that do not go together, or a loss that the network's output
        does not fit.
    """
    _check(request)
    derivations = derive_all(
        _network(request), request.losses, convention=request.convention, **request.cost
    )
    return _spelled(request, derivations).rstrip("\n") + "\n"


def table(request: Request) -> str:
    """Which pairs of loss and output activation end in c (A − Y)."""
    from losscope.derivation.gaps import table as gaps

    return gaps(request.losses)


def _check(request: Request) -> None:
    if not request.losses:
        raise LosscopeError("derive expects at least one loss, such as: losscope derive ce mse")
    if request.blank and request.kind not in PROGRAMS:
        raise LosscopeError(
            f"--blank goes with --as {', '.join(PROGRAMS)}, not with {request.kind}"
        )
    if (request.steps or request.per_example) and request.kind in PROGRAMS:
        raise LosscopeError(
            f"--steps and --per-example are mathematics: use --as text, latex or mathml, "
            f"not {request.kind}"
        )


def _network(request: Request) -> Network:
    given = request.layers
    layers = _default(request.losses) if given is None else widths(given, "--layers")
    activation: Any = names(request.activation, "--activation")
    return Network(
        layers,
        activation=activation[0] if len(activation) == 1 else tuple(activation),
        output=request.output,
        initializer=request.initializer,
    )


def _default(losses: tuple[str, ...]) -> tuple[int, ...]:
    """A small network that every loss fits: one output, or three where a loss is for classes."""
    from losscope.derivation.derive import resolve

    found = [resolve(loss, Network((4, 6, 1)))[0] for loss in losses]
    heads = max(loss.heads for loss in found)
    return (4, 6, 3 if any(loss.vector for loss in found) else heads)


def _spelled(request: Request, derivations: list[Derivation]) -> str:
    match request.kind:
        case "text":
            return _text(request, derivations)
        case "latex":
            from losscope.derivation.printers.latex import document

            return document(derivations, steps=request.steps, per_example=request.per_example)
        case "mathml":
            from losscope.derivation.printers.mathml import page

            return page(derivations, steps=request.steps, per_example=request.per_example)
    blank = names(request.blank, "--blank") if request.blank else ()
    # Programs one after the other: each stands by itself, so a file of several runs too.
    return "\n\n".join(getattr(d, request.kind)(blank=blank) for d in derivations)


def _text(request: Request, derivations: list[Derivation]) -> str:
    from losscope.derivation.printers.text import screen

    if not (request.steps or request.per_example):
        return screen(derivations)
    pages = []
    for derivation in derivations:
        if request.per_example:
            from losscope.derivation.printers.beside import beside

            pages.append(beside(derivation))
        if request.steps:
            from losscope.derivation.printers.unfold import unfold

            pages.append(unfold(derivation))
    return "\n".join(pages)
