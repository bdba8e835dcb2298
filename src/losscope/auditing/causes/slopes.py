"""How the derivatives of activations are written, of the pre-activation or of the activation."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from losscope.auditing.source import Source

USUAL = ("{0} * (1 - {0})", "(1 - {0} ** 2)", "({0} > 0)", "(1 - np.tanh({0}) ** 2)")
_PAIRS = (  # the slope of one activation: of the pre-activation, and of the activation itself
    ("1 / (1 + np.exp(-{0})) * (1 - 1 / (1 + np.exp(-{0})))", "{0} * (1 - {0})"),
    ("(1 - np.tanh({0}) ** 2)", "(1 - {0} ** 2)"),
    ("1 / (1 + np.exp(-{0}))", "1 - np.exp(-{0})"),  # softplus
    ("np.where({0} > 0, 1.0, np.exp({0}))", "np.where({0} > 0, 1.0, {0} + 1)"),  # ELU
    ("1 / (1 + np.abs({0})) ** 2", "(1 - np.abs({0})) ** 2"),  # softsign
    ("1 / (1 + {0} ** 2)", "np.cos({0}) ** 2"),  # arc tangent
)
_SWISH = "(1 + {0} / (1 + np.exp({0}))) / (1 + np.exp(-{0}))"
_OF_NUMPY = {  # slopes that are offered where a program calls the function itself
    "arctan": "1 / (1 + {0} ** 2)",
    "sin": "np.cos({0})",
    "cos": "-np.sin({0})",
    "log1p": "1 / (1 + np.exp(-{0}))",
    "logaddexp": "1 / (1 + np.exp(-{0}))",
    "exp": "np.exp({0})",
}
EVERY = tuple(
    dict.fromkeys([*USUAL, *(f for pair in _PAIRS for f in pair), _SWISH, *_OF_NUMPY.values()])
)


def bodies(source: Source) -> list[str]:
    """List all slopes that a helper may have as its body."""
    pairs = [form for pair in _PAIRS for form in pair]
    return list(dict.fromkeys([*USUAL, *pairs, _SWISH, *_leaky(source.tree)]))


def of_program(source: Source) -> list[str]:
    """List the slopes of the functions that a program calls, beside the usual ones."""
    called = [form for name, form in _OF_NUMPY.items() if re.search(rf"\b{name}\(", source.text)]
    return list(dict.fromkeys([*called, *_leaky(source.tree)]))


def _leaky(tree: ast.Module) -> list[str]:
    """List the slopes of leaky ReLUs: where(x > 0, x, c * x), maximum(c * x, x)."""
    found = []
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or name not in ("where", "maximum"):
            continue
        for part in node.args:
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult):
                others = {ast.unparse(other) for other in node.args if other is not part}
                pair = [ast.unparse(n) for n in (part.left, part.right)]
                small = [n for n in pair if n not in others and any(o in others for o in pair)]
                found += [f"np.where({{0}} > 0, 1.0, {n})" for n in small]
    return list(dict.fromkeys(found))


def written_of(form: str, text: str) -> str:
    """Write a slope of an array or of an expression."""
    plain = isinstance(ast.parse(text, mode="eval").body, ast.Name | ast.Attribute | ast.Subscript)
    return form.format(text if plain else f"({text})")


def is_of_other_argument(old: Callable[..., Any] | None, new: str) -> bool:
    """Tell whether two slopes are those of one activation, one of its value and one not.

    `old` is a helper as it is, `new` the form that would mend it: it was right for what it is not
    called with.
    """
    x = np.array([-0.7, -0.2, 0.3, 0.8])
    other = next((p[1 - p.index(new)] for p in _PAIRS if new in p), None)
    if other is None or old is None:
        return False
    try:
        with np.errstate(all="ignore"):
            given = np.asarray(old(x), dtype=np.float64)
    except Exception:  # noqa: BLE001 - it is the program's own
        return False
    meant = eval(other.format("x"), {"np": np, "x": x})  # noqa: S307 - one of the forms above
    return given.shape == x.shape and bool(np.allclose(given, meant, rtol=1e-9))
