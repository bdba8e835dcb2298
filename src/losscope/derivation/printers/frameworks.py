"""The array frameworks that programs are written for: names of functions, and ours spelled out."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from losscope.calculus.spelling import NUMPY as NUMPY_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Framework:
    """How one array framework is written.

    Parameters
    ----------
    name : as its users say it.
    module : name by which its functions are called in a program, "np".
    imports : lines that a program begins with.
    functions : spelling of each function of the calculus, see `calculus.spelling`.
    source : (package, file) of the functions that the framework lacks; read, not imported.
    native : turns a NumPy array into an array of the framework.
    axis, keep : its words for `axis` and `keepdims`.
    fill : an array like {0} filled with {1}, where two bare numbers would lose their precision.
    """

    name: str
    module: str
    imports: tuple[str, ...]
    functions: Mapping[str, str]
    source: tuple[str, str]
    native: str = "{0}"
    axis: str = "axis"
    keep: str = "keepdims"
    fill: str = ""

    def sum_over(self, array: str, axis: int) -> str:
        """Sum along an axis that stays, with length 1."""
        return f"{self.module}.sum({array}, {self.axis}={axis}, {self.keep}=True)"

    def sum_all(self, array: str) -> str:
        """Sum of all elements."""
        return f"{self.module}.sum({array})"

    def definitions(self, code: str, *, rows: bool = True) -> list[str]:
        """Definitions of our functions that `code` calls, those needed first first.

        With `rows=False` classes stand on the first axis rather than on the last.
        """
        known = _sources(self.source)
        wanted: list[str] = []

        def visit(text: str) -> None:
            called = set(re.findall(r"(?<!def )(?<!\.)\b(\w+)\(", text))
            for name in known:
                if name in called and name not in wanted:
                    visit(known[name])
                    wanted.append(name)

        visit(code)
        return [known[n] if rows else on_columns(known[n]) for n in wanted]


def on_columns(definition: str) -> str:
    """Turn a function of classes on the last axis into one of classes on the first."""
    for last, first in (
        ("axis=-1", "axis=0"),
        ("dim=-1", "dim=0"),
        (", -1)", ", 0)"),
        (".shape[-1]", ".shape[0]"),
        ("shape(x)[-1]", "shape(x)[0]"),
        ("array(weights)", "array(weights)[:, None]"),
        ("dtype=torch.float64)", "dtype=torch.float64)[:, None]"),
    ):
        definition = definition.replace(last, first)
    return re.sub(r"\bx @ (\(.*\))", r"\1 @ x", definition)


@lru_cache(maxsize=8)
def _sources(place: tuple[str, str]) -> dict[str, str]:
    """Source of each function in a file, in the order of the file."""
    package, name = place
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


NUMPY = Framework(
    "NumPy",
    "np",
    ("import numpy as np",),
    NUMPY_FUNCTIONS,
    ("losscope.calculus", "numpy_functions.py"),
)
