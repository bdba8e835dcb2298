"""How another framework spells a loss: data, with the exact relation between theirs and ours.

The relation is a formula, `theirs = factor × ours + offset`, for one value of theirs and the same
parameters; every dialect that is marked as executed is run in its framework by the oracle tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from losscope.losses.arithmetic import evaluate, names_in, pretty
from losscope.losses.frameworks import FRAMEWORKS, Framework

_BRACES = re.compile(r"\{([^{}]*)\}")
_OURS = "__ours__"


@dataclass(frozen=True)
class Template:
    """A spelling taken apart.

    Parameters
    ----------
    callee : "torch.nn.HuberLoss", or "" where it is a dictionary of settings for a booster.
    data : arguments that are arrays, as they are named ("logits", "labels").
    settings : keyword -> a constant, or the formula of our parameters that stands there (`Ours`).
    """

    callee: str
    data: tuple[str, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Ours:
    """A formula of our parameters, such as "delta"."""

    formula: str


@dataclass(frozen=True)
class Dialect:
    """One spelling of a loss in one framework.

    Parameters
    ----------
    framework : "torch", "keras", "optax", "sklearn", "lightgbm" or "xgboost".
    code : the call, with `{gamma}` (or a formula, `{1/gamma}`) where a parameter of the loss is
        written; a function also shows its arrays, in the order in which it takes them.
    takes : what the call is given: "raw_prediction", "prediction" or "log_prediction".
    outputs : output activations for which it is this loss; empty means any.
    factor : their value is `factor` times ours, plus `offset`: a formula of our parameters
        ("1/delta"), of their own settings ("alpha") and of K, the number of outputs.
    target : how they want the target: "same", "index" (class number), "signs" (−1, +1),
        "zero_one" (0, 1 where ours are signs).
    note : what a user must know, in half a sentence.
    offset : what they add, a formula of the target y (constants that they keep and we drop).
    names : other ways to write exactly this call, without arguments: "F.huber_loss", "huber".
    requires : values of our parameters without which it is not this loss.
    defaults : their defaults, keyword -> value, where they are not ours.
    options : their keywords for what losscope composes: keyword -> "label_smoothing",
        "class_weights", "pos_weight", "alpha", "sample_weight" or "ignore".
    switches : keyword -> the keyword that must be True beside it for it to count.
    rewrites : option -> what stands in place of the target where the call has no keyword for it:
        {"label_smoothing": "optax.smooth_labels({0}, {1})"}.
    guard : what they put in place of "a" or "y": {"a": "clip(a, 1e-7, 1 - 1e-7)"}.
    unit : what one of their values covers: "elements", "row" (mean over outputs) or "sum"; by
        framework when empty, and "row" for a loss of whole rows.
    weights, divisor, reduction : as in `Framework`, where this call differs from it.
    role : "loss", "metric" (a value, no gradient) or "objective" (a gradient, no value).
    slope : factor of their gradient, where it is not that of their value.
    hard : whether the relation holds for labels only, not for degrees between two classes.
    executed : whether the oracle tests run it; else it was read in source or documentation.
    """

    framework: str
    code: str
    takes: str = "prediction"
    outputs: tuple[str, ...] = ()
    factor: str = "1"
    target: str = "same"
    note: str = ""
    offset: str = "0"
    names: tuple[str, ...] = ()
    requires: Mapping[str, float] = field(default_factory=dict, hash=False)
    defaults: Mapping[str, Any] = field(default_factory=dict, hash=False)
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    switches: Mapping[str, str] = field(default_factory=dict, hash=False)
    rewrites: Mapping[str, str] = field(default_factory=dict, hash=False)
    guard: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""
    weights: str = ""
    divisor: str = ""
    reduction: str = ""
    role: str = "loss"
    slope: str = ""
    hard: bool = False
    executed: bool = True

    @property
    def at(self) -> Framework:
        """The conventions of its framework."""
        return FRAMEWORKS[self.framework]

    @cached_property
    def template(self) -> Template:
        """The spelling taken apart."""
        text = _BRACES.sub(lambda found: f"{_OURS}({found[1]})", self.code)
        call = ast.parse(text, mode="eval").body
        if not isinstance(call, ast.Call):
            raise TypeError(f"a dialect is spelled as a call, not {self.code!r}")
        callee = ast.unparse(call.func)
        data = [ast.unparse(argument) for argument in call.args]
        settings: dict[str, Any] = {}
        for keyword in call.keywords:
            if isinstance(keyword.value, ast.Name):
                data.append(f"{keyword.arg}={keyword.value.id}")
            else:
                settings[str(keyword.arg)] = _setting(keyword.value)
        return Template("" if callee == "dict" else callee, tuple(data), settings)

    @property
    def version(self) -> str:
        """Version of the framework in which the spelling was checked."""
        return self.at.version

    def fits(self, output: str, parameters: Mapping[str, float] | None = None) -> bool:
        """Whether the spelling is this loss for that output activation (and parameters)."""
        if self.outputs and output not in self.outputs:
            return False
        return parameters is None or all(parameters[k] == v for k, v in self.requires.items())

    def spell(self, parameters: Mapping[str, float]) -> str:
        """The call with the parameters' values written in."""
        return _BRACES.sub(lambda found: number(evaluate(found[1], parameters)), self.code)

    def names_spelled(self, parameters: Mapping[str, float]) -> list[str]:
        """Its other names that are whole calls, with the parameters' values written in."""
        return [replace(self, code=n).spell(parameters) for n in self.names if "(" in n]

    def settings(self, parameters: Mapping[str, float]) -> dict[str, Any]:
        """Their settings in that spelling, by keyword."""
        return {
            keyword: evaluate(value.formula, parameters) if isinstance(value, Ours) else value
            for keyword, value in self.template.settings.items()
        }

    def scale(
        self, parameters: Mapping[str, float], outputs: int = 1, *, slope: bool = False
    ) -> float:
        """The factor as a number (`slope`: that of the gradient)."""
        formula = (self.slope or self.factor) if slope else self.factor
        return float(evaluate(formula, self._names(parameters) | {"K": outputs}))

    def shift(self, parameters: Mapping[str, float], target: Any, outputs: int = 1) -> Any:
        """The offset at the target y, elementwise."""
        return evaluate(self.offset, self._names(parameters) | {"y": target, "K": outputs})

    def _names(self, parameters: Mapping[str, float]) -> dict[str, Any]:
        return {**self.settings(parameters), **parameters}

    def relation(self, letters: Mapping[str, str] | None = None, ours: str = "ours") -> str:
        """The relation for the reader: "ours/δ", "2 × ours + y log y − y"."""
        factor, offset = pretty(self.factor, letters), pretty(self.offset, letters)
        if factor == "1":
            scaled = ours
        elif factor.startswith("1/"):
            scaled = f"{ours}{factor[1:]}"
        else:
            scaled = f"{factor} × {ours}"
        if self.offset == "0":
            return scaled
        return f"{scaled} − {offset[1:]}" if offset.startswith("−") else f"{scaled} + {offset}"

    def free(self) -> set[str]:
        """Their own settings that enter the relation though no parameter of ours does."""
        used = names_in(self.factor) | names_in(self.offset)
        return {k for k, v in self.template.settings.items() if not isinstance(v, Ours)} & used


def _setting(node: ast.expr) -> Any:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == _OURS:
        return Ours(ast.unparse(node.args[0]))
    return ast.literal_eval(node)


def number(value: float) -> str:
    """A parameter's value as a person writes it: 0.5, 1, 1e-07."""
    short = f"{float(value):g}"
    return short if float(short) == float(value) else repr(float(value))


__all__ = ["Dialect", "Ours", "Template", "number"]
