"""One derivation or several, spelled for a terminal, a program or a paper."""

import sys
from collections.abc import Callable, Sequence

from losscope.derivation import Derivation, derive_all
from losscope.network import Network


def spell(losses: Sequence[str], network: Network, l2: float, kind: str) -> str:
    """Derive each loss on one network and spell the result; `kind` is text, numpy or latex.

    Raises
    ------
    LosscopeError
        For an unknown name or a loss that the network's output does not fit.
    """
    derivations = derive_all(network, losses, l2=l2)
    for typed, derivation in zip(losses, derivations, strict=True):
        loss = derivation.loss
        if not typed.startswith(loss.name):
            print(f"{typed} → {loss.spelling} ({loss.title})", file=sys.stderr)
    spellings: dict[str, Callable[[list[Derivation]], str]] = {
        "text": _text,
        "numpy": _numpy,
        "latex": _latex,
    }
    return spellings[kind](derivations).rstrip("\n") + "\n"


def _text(derivations: list[Derivation]) -> str:
    from losscope.derivation.printers.text import derivations as side_by_side

    return side_by_side(derivations)


def _numpy(derivations: list[Derivation]) -> str:
    """Programs one after the other: each stands by itself, so a file of several runs too."""
    if len(derivations) == 1:
        return derivations[0].numpy()
    return "\n\n".join(f"print({d.loss.spelling!r})\n\n{d.numpy()}" for d in derivations)


def _latex(derivations: list[Derivation]) -> str:
    return "\n\n".join(derivation.latex() for derivation in derivations)
