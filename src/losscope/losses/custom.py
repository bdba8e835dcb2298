"""Losses written as a formula in text: "(y - a)**4@sigmoid", "max(0, m - y*z); m=1"."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import sympy as sp

from losscope.calculus.functions import RAW, TARGETS, is_row_scalar
from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain
from losscope.losses.base import Loss
from losscope.losses.formulas import parse
from losscope.losses.options import with_options
from losscope.losses.options.base import known as known_options
from losscope.losses.parameters import exact, number
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"\s*([^\W\d]\w*)\s*=\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*")
_TASKS = ("regression", "counts", "binary", "multiclass", "multilabel")


class Formula(Loss):
    """ℓ as a user wrote it, in the prediction a and the target y, or in the raw prediction z and y.

    Written in z it is a score loss: its output is the identity. A sum over classes, `sum(…)`, makes
    it a loss of whole rows; else it is taken output by output, and their mean is the loss of a row.
    """

    tasks = _TASKS

    def __init__(self, text: str, output: str = "identity", **parameters: float) -> None:
        self.text = " ".join(text.split())
        self.name = self.text
        self.title = f"your formula {self.text}"
        self._parameters = tuple(sorted(parameters.items()))
        expression = self._read()
        letters = {symbol.name for symbol in expression.free_symbols}
        self._check_used(parameters)
        if "z" in letters:
            self._check_raw(letters, output)
            self.score = True
        self.output = activations.get(output).name
        self.vector = is_row_scalar(expression)

    def _check_used(self, parameters: Mapping[str, float]) -> None:
        lettered = {name: sp.Symbol(name, positive=True) for name in parameters}
        free = parse(self.text, {"a": RAW, "z": RAW, "y": TARGETS["real"], **lettered}).free_symbols
        unused = [name for name, letter in lettered.items() if letter not in free]
        if unused:
            raise LosscopeError(
                f"the formula {self.text!r} does not hold {unused[0]!r}, though a value is given "
                "for it; leave it out, or write it into the formula"
            )

    def _check_raw(self, letters: set[str], output: str) -> None:
        if "a" in letters:
            raise LosscopeError(
                f"the formula {self.text!r} holds both a and z; write it in the prediction a, or "
                "in the raw prediction z"
            )
        if output != "identity":
            raise LosscopeError(
                f"the formula {self.text!r} is written in the raw prediction z, so its output is "
                f"the identity, not {output!r}; write a instead of z"
            )

    def _read(self) -> sp.Expr:
        known = {name: exact(value) for name, value in self._parameters}
        return parse(
            self.text,
            {"a": sp.Symbol("a", real=True), "z": RAW, "y": TARGETS["real"], **known},
        )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The formula, with its letters bound."""
        known: dict[str, sp.Expr] = {
            name: sp.Symbol(name, positive=True) if self.in_letters else exact(value)
            for name, value in self._parameters
        }
        return parse(self.text, {"a": a, "z": a, "y": y, **known})

    def settings(self) -> list[str]:
        """Values of its letters."""
        return [f"{name}={number(value)}" for name, value in self._parameters]

    @property
    def spelling(self) -> str:
        """The formula, its output and its letters."""
        output = "" if self.output == "identity" else f"@{self.output}"
        return "; ".join([f"{self.text}{output}", *self.settings()])

    def _key(self) -> tuple[Any, ...]:
        return (self.text, self.output, self._parameters, self.in_letters)


def custom(spelling: str, settings: Mapping[str, Any] | None = None) -> Loss:
    """Read "formula", "formula@output" or "formula; m=1; k=2".

    Parameters
    ----------
    spelling : the text; parameters stand behind semicolons (or commas between them).
    settings : other values for its parameters, and options.

    Raises
    ------
    LosscopeError : what cannot be read, and what may stand there.
    """
    body, _, rest = spelling.partition(";")
    body, at, output = body.partition("@")
    if not at:
        rest, at, output = rest.partition("@")
    values = _values(rest, spelling)
    options = {}
    for name, value in (settings or {}).items():
        if name in values:
            values[name] = float(value)
        elif plain(name) in known_options():
            options[name] = value
        else:
            raise LosscopeError(
                f"the formula {body.strip()!r} has no parameter {name!r}"
                f"{did_you_mean(name, values)}"
            )
    return with_options(Formula(body, output.strip() or "identity", **values), options)


def _values(text: str, spelling: str) -> dict[str, float]:
    values: dict[str, float] = {}
    for part in filter(str.strip, re.split(r"[;,]", text)):
        found = _PARAMETER.fullmatch(part)
        if found is None:
            raise LosscopeError(
                f"cannot read {part.strip()[:40]!r} in {spelling[:60]!r}; write parameters as "
                "name=number behind a semicolon"
            )
        name, value = found.groups()
        if name in ("a", "y", "z", "pi"):
            raise LosscopeError(f"{name!r} stands for itself in a formula; choose another letter")
        values[name] = _number(value, part)
    return values


def _number(text: str, part: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LosscopeError(f"cannot read the number in {part.strip()[:40]!r}")
    return value
