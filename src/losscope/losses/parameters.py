"""The numbers that a loss takes, and how numbers are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from losscope.errors import LosscopeError
from losscope.found import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from losscope.losses.base import Loss
    from losscope.losses.domains import Domain


class Parameter:
    """A number that a loss takes, with its default, its bounds and its meaning.

    Inside `formula`, `self.gamma` is the exact number as SymPy sees it; on cards it is the letter.
    """

    def __init__(self, default: float, bounds: Domain, meaning: str, symbol: str = "") -> None:
        self.default = float(default)
        self.bounds = bounds
        self.meaning = meaning
        self.symbol = symbol
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.symbol = self.symbol or name

    def __get__(self, loss: Loss | None, owner: type) -> Any:
        if loss is None:
            return self
        if loss.in_letters:
            return sp.Symbol(self.symbol, positive=True)
        return exact(loss.parameters[self.name])

    def check(self, value: Any, loss: str) -> float:
        """Return `value` as a float, or say which bounds it breaks."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not bool(np.all(self.bounds.contains(np.array(number)))):
            raise LosscopeError(
                f"loss {loss!r}: {self.name} must be {self.bounds.describe()}, got {value!r}; "
                f"the default is {self.default:g}"
            )
        return number


def settled(
    declared: Mapping[str, Parameter], given: Mapping[str, Any], loss: str
) -> tuple[tuple[str, float], ...]:
    """Every declared parameter with its value, given or default, in the order of declaration.

    Raises
    ------
    LosscopeError : for a parameter that is not declared, or a value out of its bounds.
    """
    for name in given:
        if name not in declared:
            takes = f"it takes {', '.join(declared)}" if declared else "it takes none"
            raise LosscopeError(
                f"loss {loss!r} has no parameter {name!r}{did_you_mean(name, declared)}; {takes}"
            )
    return tuple((n, p.check(given.get(n, p.default), loss)) for n, p in declared.items())


def exact(number: float) -> sp.Expr:
    """The decimal that a person wrote, as an exact rational."""
    return sp.Rational(repr(float(number)))


def number(value: float) -> str:
    """A number as a person writes it, without losing a digit: 0.5, 1, 1e-07."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))
