"""A loss that passes the prediction through one more activation: a mistake that is often made.

Cross-entropy "with logits" applies a softmax of its own. A network that ends in a softmax already
is then trained on the softmax of a softmax. Written `ce@softmax∘softmax`, or without the sign,
`ce@softmax(softmax)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from losscope.losses.domains import REAL, Domain
from losscope.losses.options import Option
from losscope.network import activations

if TYPE_CHECKING:
    import sympy as sp


class Through(Option):
    """ℓ of g(a), where a is the network's prediction.

    Parameters
    ----------
    loss : the loss inside.
    setting : name of the activation g that it applies to the prediction.
    """

    keyword = "through"

    def check(self, setting: Any) -> str:
        """The name of an activation."""
        return activations.get(str(setting)).name

    def adapt(self) -> None:
        """Nothing that was known of ℓ in z still holds."""
        self.vector = self.vector or activations.get(self.setting).vector
        self.proper = self.convex = self.bounded = self.robust = self.elicits = None
        self.score = False

    def said(self) -> str:
        """What is done."""
        return f"after one more {self.setting}"

    @property
    def prediction(self) -> Domain:
        """Any number: g makes of it what ℓ needs."""
        return REAL

    @property
    def spelling(self) -> str:
        """Written as `ce@softmax∘softmax`."""
        return f"{self.loss.spelling}@{self.setting}∘{self.output}"

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """ℓ(y, g(a))."""
        return self.loss.formula(activations.get(self.setting).formula(a), y)


def split(output: str) -> tuple[str, str | None]:
    """Output of the network, and what the loss applies after it: "softmax∘softmax"."""
    text = output.strip().replace(" ", "")
    if text.endswith(")") and "(" in text:
        after, _, first = text[:-1].partition("(")
        return first, after
    after, sign, first = text.partition("∘")
    return (first, after) if sign else (text, None)
