"""What every option is: a loss around a loss.

`ce(label_smoothing=0.1)` is `LabelSmoothing(ce, 0.1)`: itself a loss, with a formula, and so with a
derived gradient, equations and code. Options nest; from a spelling they are applied in the order of
their `rank`, whatever the order in which they were written.
"""

from __future__ import annotations

import copy
import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from losscope.errors import LosscopeError
from losscope.found import classes, plain
from losscope.losses.base import Loss
from losscope.losses.parameters import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sympy as sp

    from losscope.losses.base import Array
    from losscope.losses.domains import Domain

_CARRIED = (
    "name", "title", "tasks", "output", "score", "vector", "heads", "letters", "signs", "target",
    "proper", "convex", "bounded", "robust", "elicits", "kinks", "not_to_be_confused_with",
    "sources", "accuracy", "conservative",
)  # fmt: skip


class Option(Loss):
    """A loss that wraps another; a subclass says what it does to the formula and to the facts.

    Parameters
    ----------
    loss : what is wrapped, possibly an option itself.
    setting : its value: a number, a tuple of numbers, or a word such as "balanced".
    """

    keyword: ClassVar[str] = ""
    """How it is written in a call, `ce(label_smoothing=0.1)`."""
    also: ClassVar[tuple[str, ...]] = ()
    """Other words for it."""
    rank: ClassVar[int] = 0
    """Where it stands among several: the lowest is applied first, next to the loss."""

    def __init__(self, loss: Loss, setting: Any) -> None:
        self.loss = loss
        self._parameters = loss._parameters  # noqa: SLF001  (an option is a loss)
        for field in _CARRIED:
            setattr(self, field, getattr(loss, field))
        self.setting = self.check(setting)
        self.title = f"{loss.title}, {self.said()}"
        self.adapt()

    # -- what a subclass writes ------------------------------------------------------------------

    def check(self, setting: Any) -> Any:
        """Return the setting in one form, or raise LosscopeError naming what is allowed."""
        raise NotImplementedError

    def adapt(self) -> None:
        """Correct the facts that do not carry over."""

    def said(self) -> str:
        """What is done, in a few words."""
        return f"{self.keyword.replace('_', ' ')} {written(self.setting)}"

    # -- what is carried over --------------------------------------------------------------------

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The formula of the loss inside."""
        return self.loss.formula(a, y)

    def entering(self, z: sp.Expr) -> sp.Expr:
        """What becomes of a raw prediction before the output activation."""
        return self.loss.entering(z)

    def probability(self, a: sp.Expr) -> sp.Expr | None:
        """As the loss inside says."""
        return self.loss.probability(a)

    @property
    def prediction(self) -> Domain:
        """As the loss inside declares."""
        return self.loss.prediction

    @property
    def lipschitz(self) -> float | None:
        """None, unless the option knows better."""
        return None

    def fitted(self, target: Array) -> Loss:
        """Resolve what is read off training targets ("balanced"), inside and here."""
        return type(self)(self.loss.fitted(target), self.setting)

    def example_weights(self, target: Array) -> Array:
        """The weights that the loss inside puts on examples."""
        return self.loss.example_weights(target)

    def settings(self) -> list[str]:
        """Parameters and options as they are written."""
        return [*self.loss.settings(), f"{self.keyword}={written(self.setting)}"]

    @property
    def options(self) -> dict[str, Any]:
        """Options by keyword, the innermost first."""
        return {**self.loss.options, self.keyword: self.setting}

    def lettered(self) -> Self:
        """The same with letters for the parameters of the loss inside."""
        twin = copy.copy(self)
        twin.loss = self.loss.lettered()
        return twin

    def _key(self) -> tuple[Any, ...]:
        return (self.loss, self.setting)

    def refuse(self, reason: str) -> LosscopeError:
        """The error that says why this option does not fit this loss."""
        return LosscopeError(f"{self.keyword} does not fit the loss {self.loss.name!r}: {reason}")


def written(setting: Any) -> str:
    """A setting as a person writes it."""
    if isinstance(setting, tuple):
        return f"[{', '.join(number(v) for v in setting)}]"
    return setting if isinstance(setting, str) else number(setting)


@cache
def known() -> dict[str, type[Option]]:
    """Options by keyword, plain (see `found.plain`), other words included."""
    package = importlib.import_module("losscope.losses.options")
    found = [c for c in _options(package) if c.keyword]
    return {plain(word): c for c in found for word in (c.keyword, *c.also)}


def _options(package: Any) -> list[type[Option]]:
    return classes(package, Option, attribute="keyword")


def with_options(loss: Loss, settings: Mapping[str, Any]) -> Loss:
    """Put options around a loss, in the order of their rank."""
    pairs = [(known()[plain(keyword)], setting) for keyword, setting in settings.items()]
    for option, setting in sorted(pairs, key=lambda pair: pair[0].rank):
        loss = option(loss, setting)
    return loss
