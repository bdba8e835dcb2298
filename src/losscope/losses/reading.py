"""Reading a loss as another framework's users write it: call, name, objective or settings.

Text is read as syntax; nothing in it is run.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.losses.arithmetic import evaluate
from losscope.losses.frameworks import BOOSTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 1000
_NAME = re.compile(r"[A-Za-z_][\w.]*(:\w+)?")
_CHOICES = ("loss", "objective")
_ARRAYS = ("torch.tensor", "torch.FloatTensor", "torch.Tensor", "np.array", "jnp.array")
REDUCING = ("mean", "sum")


@dataclass(frozen=True)
class Opaque:
    """A value that is not a number or a word, kept as it was written."""

    text: str


@dataclass(frozen=True)
class Call:
    """A spelling taken apart.

    Parameters
    ----------
    text : as it was given.
    path : "torch.nn" of torch.nn.MSELoss, or "".
    name : "MSELoss"; "" where only settings were given (`loss="log_loss"`).
    settings : keyword -> number, numbers, word, True, False, None or `Opaque`.
    positional : numbers and words without a keyword, in order.
    reduction : "mean" or "sum" when `.mean()` or `.sum()` follows, else "".
    """

    text: str
    path: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    positional: tuple[Any, ...] = ()
    reduction: str = ""

    @property
    def choice(self) -> str | None:
        """The word behind `loss=` or `objective=`, or None."""
        words = [self.settings[k] for k in _CHOICES if isinstance(self.settings.get(k), str)]
        return words[0] if words else None


def read(text: str) -> Call:
    """Take a spelling apart.

    Raises
    ------
    LosscopeError : when it is no name, call, `loss="…"` or dictionary of settings.
    """
    call = _taken_apart(text)
    return _by_objective(call) if call.name in BOOSTERS else call


def _by_objective(call: Call) -> Call:
    """A booster's estimator as its objective, which decides its loss."""
    framework, unwritten = BOOSTERS[call.name]
    settings = {"objective": unwritten, **call.settings}
    if not settings["objective"]:
        raise LosscopeError(
            f"{call.name} chooses its loss by the classes that it meets; write objective=, "
            f"as in {call.name}(objective="
            f'"{"binary" if framework == "lightgbm" else "binary:logistic"}")'
        )
    return replace(call, path=framework, name="", settings=settings)


def _taken_apart(text: str) -> Call:
    written = text.strip().strip("\"'")
    if not written or len(text) > LONGEST:
        raise _unreadable(text)
    if _NAME.fullmatch(written):
        path, _, name = written.rpartition(".")
        return Call(text, path, name)
    try:
        return _read_node(text, ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        pass
    try:
        node = ast.parse(f"dict({text.strip()})", mode="eval").body
        return _read_node(text, node)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _unreadable(text) from None


def _read_node(text: str, node: ast.expr) -> Call:
    match node:
        case ast.Dict(keys=keys, values=values):
            names = [k.value for k in keys if isinstance(k, ast.Constant)]
            if len(names) != len(keys) or not all(isinstance(name, str) for name in names):
                raise ValueError(text)
            pairs = zip(map(str, names), values, strict=True)
            return Call(text, "", "", {name: _value(value) for name, value in pairs})
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr=attr), args=[]) if (
            attr in REDUCING
        ):
            found = _read_node(text, inner)
            return Call(text, found.path, found.name, found.settings, found.positional, attr)
        case ast.Call(func=ast.Call() as inner):  # nn.MSELoss()(input, target)
            return _read_node(text, inner)
        case ast.Call(func=function, args=arguments, keywords=keywords):
            return _read_call(text, function, arguments, keywords)
    raise ValueError(text)


def _read_call(
    text: str, function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Call:
    dotted = ast.unparse(function)
    if not _NAME.fullmatch(dotted) or any(keyword.arg is None for keyword in keywords):
        raise ValueError(text)
    path, _, name = dotted.rpartition(".")
    settings = {str(keyword.arg): _value(keyword.value) for keyword in keywords}
    values = [_value(argument) for argument in arguments]
    positional = tuple(value for value in values if not isinstance(value, Opaque))
    if dotted == "dict":
        if arguments:
            raise ValueError(text)
        name = ""
    return Call(text, path, name, settings, positional)


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bool | None):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        items = [_value(item) for item in node.elts]
        numbers = all(isinstance(item, float) for item in items)
        return tuple(items) if numbers and items else Opaque(ast.unparse(node))
    match node:
        case ast.Call(func=function, args=[inside]) if ast.unparse(function) in _ARRAYS:
            held = _value(inside)
            held = held[0] if isinstance(held, tuple) and len(held) == 1 else held
            return held if isinstance(held, float | tuple) else Opaque(ast.unparse(node))
    try:
        number = evaluate(ast.unparse(node), {})
    except (KeyError, ValueError, ZeroDivisionError, OverflowError, TypeError, SyntaxError):
        return Opaque(ast.unparse(node))
    return float(number)


def _unreadable(text: str) -> LosscopeError:
    shown = text if len(text) <= 60 else f"{text[:57]}…"
    return LosscopeError(
        f"cannot read {shown!r} as a loss; write it as in code, such as "
        'torch.nn.HuberLoss(delta=0.5), categorical_crossentropy, loss="log_loss" or '
        "reg:squarederror"
    )


__all__ = ["Call", "Opaque", "read"]
