"""How another framework spells a loss: data, with the exact relation between theirs and ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """One spelling of a loss in one framework.

    Parameters
    ----------
    framework : "torch", "keras", "optax", "sklearn", "lightgbm" or "xgboost".
    code : the constructor call, with `{gamma}` where a parameter of the loss is written.
    takes : what the call is given: "raw_prediction" or "prediction".
    outputs : output activations for which it is this loss; empty means any.
    factor : their value is `factor` times ours (an expression of the parameters, such as "1/delta").
    target : how they want the target: "same", "index" (class number), "signs" (−1, +1).
    note : what a user must know, in half a sentence.
    """

    framework: str
    code: str
    takes: str = "prediction"
    outputs: tuple[str, ...] = ()
    factor: str = "1"
    target: str = "same"
    note: str = ""

    def fits(self, output: str) -> bool:
        """Whether the spelling is this loss for that output activation."""
        return not self.outputs or output in self.outputs

    def spell(self, parameters: Mapping[str, float]) -> str:
        """The call with the parameters' values written in."""
        return self.code.format(**{name: f"{value:g}" for name, value in parameters.items()})
