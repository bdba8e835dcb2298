"""How a loss is written: a name, a call such as "focal(gamma=2)", an output behind an @.

Nothing is evaluated: settings are numbers, lists of numbers and words.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any

from losscope.errors import LosscopeError

LONGEST = 1000
"""Characters of a spelling; beyond that it is refused unread."""

_CALL = re.compile(r"([^\W\d][\w.\- ]*?)\s*(?:\((.*)\))?\s*(?:@\s*([\w-]+))?", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Written:
    """A spelling taken apart."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    output: str | None = None


def read(text: str) -> Written:
    """Take a named loss apart.

    Raises
    ------
    LosscopeError : when it is not a name or a call with keywords.
    """
    check_length(text)
    found = _CALL.fullmatch(text.strip())
    if found is None:
        raise _unreadable(text)
    name, inside, output = found.groups()
    return Written(name, _settings(inside, text) if inside else {}, output)


def is_formula(text: str) -> bool:
    """Whether a spelling speaks of a target and a prediction, as formulas do and names do not."""
    check_length(text)
    words = set(_WORD.findall(text.partition(";")[0]))
    return "y" in words and bool(words & {"a", "z"})


def check_length(text: str) -> None:
    """Refuse what no person writes."""
    if not isinstance(text, str):
        raise LosscopeError(f"a loss is a name, a formula or a Loss, got {type(text).__name__}")
    if len(text) > LONGEST:
        raise LosscopeError(
            f"cannot read a loss of {len(text):,} characters; the longest taken is {LONGEST:,}"
        )


def _settings(inside: str, text: str) -> dict[str, Any]:
    try:
        call = ast.parse(f"_({inside})", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _unreadable(text) from None
    if not isinstance(call, ast.Call) or call.args or not isinstance(call.func, ast.Name):
        raise _unreadable(text)
    settings: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in settings:
            raise _unreadable(text)
        settings[keyword.arg] = _setting(keyword.value, text)
    return settings


def _setting(node: ast.expr, text: str) -> Any:
    match node:
        case ast.Constant(value=bool() | None):
            raise _unreadable(text)
        case ast.Constant(value=int() | float() as value):
            return _finite(value, text)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -_finite(value, text)
        case ast.Constant(value=str() as word) | ast.Name(id=word) if word.isalpha():
            return word
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return tuple(_setting(item, text) for item in items)
    raise _unreadable(text)


def _finite(value: float, text: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _unreadable(text) from None


def _unreadable(text: str) -> LosscopeError:
    shown = text if len(text) <= 60 else f"{text[:57]}…"
    return LosscopeError(
        f"cannot read the loss {shown!r}; write a name, a name with settings such as "
        "focal(gamma=2) or ce(label_smoothing=0.1), or a formula of a (or z) and y such as "
        "(y - a)**4"
    )
