"""From a network and a loss to the equations of backpropagation."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from losscope.derivation.chain import Setting, equations
from losscope.derivation.equations import Derivation
from losscope.derivation.through import Through, split
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.losses import get as get_loss
from losscope.network import Network, activations

if TYPE_CHECKING:
    from collections.abc import Sequence


def derive(
    network: Network | Sequence[int],
    loss: str | Loss,
    *,
    l2: float = 0.0,
    l1: float = 0.0,
    sample_weight: bool = False,
    reduction: str = "mean",
    convention: str = "rows",
) -> Derivation:
    """Derive dZ, dW and db of every layer, with shapes, the 1/m and the sum over the batch.

    Parameters
    ----------
    network : a Network, or its widths such as (30, 16, 1). Where its output activation is None, the
        loss's matched one is taken.
    loss : a Loss, or its name; "mse@identity" names the output activation as well.
    l2, l1 : penalties ½ λ Σ W² and λ Σ |W|, added to the cost; biases are not penalised.
    sample_weight : whether each example has a weight w.
    reduction : "mean" (1/m) or "sum".
    convention : "rows" (examples are rows, dZ = ∂J/∂Z) or "course" (examples are columns, the 1/m
        in dW and db).

    Returns
    -------
    Derivation : equations in the order in which they run.

    Raises
    ------
    LosscopeError : for an unknown name, or a loss that the network's output does not fit.
    """
    structure = network if isinstance(network, Network) else Network(tuple(network))
    found, output = resolve(loss, structure)
    structure = replace(structure, output=output)
    _check(structure, found)
    for name, value, allowed in (
        ("reduction", reduction, ("mean", "sum")),
        ("convention", convention, ("rows", "course")),
    ):
        if value not in allowed:
            raise LosscopeError(f"{name} must be {' or '.join(allowed)}, got {value!r}")
    for name, penalty in (("l2", l2), ("l1", l1)):
        if not 0 <= penalty < float("inf"):
            raise LosscopeError(f"{name} must be a finite number of at least 0, got {penalty!r}")
    setting = Setting(convention == "rows", l2, l1, sample_weight, reduction == "mean")
    return Derivation(
        structure,
        found,
        equations(structure, found, setting),
        convention,
        l2,
        l1,
        sample_weight,
        reduction,
        label=loss.strip() if isinstance(loss, str) else "",
    )


@lru_cache(maxsize=256)
def derived(
    network: Network, loss: Loss, l2: float = 0.0, sample_weight: bool = False
) -> Derivation:
    """What `derive` gives, kept: a comparison asks for the same few again and again."""
    return derive(network, loss, l2=l2, sample_weight=sample_weight)


def derive_all(
    network: Network | Sequence[int], losses: Sequence[str | Loss], **options: object
) -> list[Derivation]:
    """Derive several losses on one network, so that nothing but the loss differs.

    The output activation is the network's own, or the first loss's matched one; a loss that is not
    defined there (a margin loss on a sigmoid), or that names its own ("mse@identity"), keeps its
    own.
    """
    structure = network if isinstance(network, Network) else Network(tuple(network))
    found: list[Derivation] = []
    for loss in losses:
        own, output = resolve(loss, structure)
        named = isinstance(loss, str) and "@" in loss
        shared = found[0].network.output if found else output
        takes = output if named or not fits(own, str(shared)) else shared
        derived = derive(replace(structure, output=takes), own, **options)  # type: ignore[arg-type]
        label = loss.strip() if isinstance(loss, str) else ""
        found.append(replace(derived, label=label))
    return found


def resolve(loss: str | Loss, network: Network) -> tuple[Loss, str]:
    """Return the loss that is meant on this network and its output activation."""
    if isinstance(loss, Loss):
        return loss, network.output or loss.output
    name, at, output = loss.partition("@")
    task = "binary" if network.layers[-1] == 1 else "multiclass"
    try:
        found = get_loss(name, task=task)
    except LosscopeError:
        found = get_loss(name)
    if not at:
        return found, network.output or found.output
    first, after = split(output)
    first = activations.get(first).name
    return (Through(found, after) if after else found), first


def fits(loss: Loss, output: str) -> bool:
    """Whether a loss means anything on that output activation."""
    return not loss.score and loss.defined_on(output)


def _check(network: Network, loss: Loss) -> None:
    if network.layers[-1] % loss.heads:
        raise LosscopeError(
            f"loss {loss.name!r} takes {loss.heads} outputs for each target; the network "
            f"{network.spelling} has {network.layers[-1]}: give it a multiple of {loss.heads}"
        )
    if loss.vector and network.layers[-1] < 2:
        raise LosscopeError(
            f"loss {loss.name!r} is for exclusive classes, one output each; the network "
            f"{network.spelling} has 1 output: give it one per class, or use 'bce'"
        )
