"""Which equations the losses share and which they do not, for the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from losscope.comparison import weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.job import Job
    from losscope.derivation import Derivation, Equation


def of(job: Job, labels: Sequence[str]) -> tuple[dict[str, Any], tuple[str, ...], int]:
    """Give the "equations" of the result, the names that differ, and how many there are.

    What a loss reads off training rows ("balanced") stands in them as the first seed has it.

    The cost J is left out: it is computed from the loss's value, which no other equation reads.
    """
    from losscope.derivation import differing
    from losscope.derivation.derive import derived
    from losscope.network import Network

    plan = job.plan
    first = job.dataset.fold(plan.seeds[0])
    derivations = [
        derived(
            Network(plan.layers, plan.activation, output, plan.initializer),
            loss,
            plan.l2,
            job.dataset.weighted,
        )
        for loss, output in zip(
            weighting.fitted(job.losses, first.Y_train), job.outputs, strict=True
        )
    ]
    apart = [name for name in differing(derivations) if name != "J"]
    everything = [e for e in derivations[0].equations if e.name != "J"]
    return (
        {
            "shared": [_plain(e) for e in everything if e.name not in apart],
            "differing": {
                label: [_plain(e) for e in _named(derivation, apart)]
                for label, derivation in zip(labels, derivations, strict=True)
            },
        },
        tuple(apart),
        len(everything),
    )


def _named(derivation: Derivation, names: Sequence[str]) -> list[Equation]:
    return [equation for equation in derivation.equations if equation.name in names]


def _plain(equation: Equation) -> dict[str, Any]:
    return {
        "name": equation.name,
        "shape": [str(size) for size in equation.shape],
        "latex": equation.latex(),
        "text": equation.text(),
        "mathml": equation.mathml(),
    }
