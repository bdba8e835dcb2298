"""Run an expression on arrays: its NumPy spelling, compiled once.

`compiled` computes in the precision of the arrays; `exactly` in two doubles, rounded once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from losscope.calculus import numpy_functions
from losscope.calculus.functions import K
from losscope.calculus.spelling import NUMPY, OWN_FUNCTIONS, Spelling, numpy_source
from losscope.calculus.twofold import OneDoubleOnlyError, Twofold, constant, per_class

_BLOCK = 8192
"""Entries computed at a time in two doubles, so that what lies between stays in the cache."""


@lru_cache(maxsize=1024)
def compiled(expr: sp.Expr, arguments: tuple[sp.Symbol, ...]) -> Callable[..., Any]:
    """Return a function of arrays, in the order of `arguments`, that computes `expr`.

    `K` is the length of the first argument's last axis. The result has the shape of the
    expression: elementwise like its arguments, or (…, 1) for one number a row.
    """
    names = _names(arguments)
    return _function(numpy_source(expr, names), [names[symbol] for symbol in arguments], {})


@lru_cache(maxsize=1024)
def exactly(expr: sp.Expr, arguments: tuple[sp.Symbol, ...]) -> Callable[..., Any]:
    """Return a function of matrices like that of `compiled`, its result rounded once.

    It computes in two doubles a number; for a function that these do not know (Φ), in one. The
    result is float64 and wants to be rounded to the precision of what was given.
    """
    plain = compiled(expr, arguments)
    names = _names(arguments)
    spelling = _InTwoDoubles(names)
    source = spelling.doprint(expr)
    meanings = {"per_class": per_class, **spelling.constants}
    twofold = _function(source, [names[symbol] for symbol in arguments], meanings)

    def run(*arrays: Any) -> Any:
        arrays = tuple(array.astype(np.float64) for array in arrays)
        rows = max(1, _BLOCK // arrays[0].shape[-1])
        parts = range(0, len(arrays[0]), rows)
        try:
            blocks = [
                twofold(*[Twofold(array[start : start + rows]) for array in arrays])
                for start in parts
            ]
        except OneDoubleOnlyError:
            return plain(*arrays)
        if not blocks or not np.shape(blocks[0]):
            return plain(*arrays)
        return np.concatenate([np.asarray(block) for block in blocks])

    return run


class _InTwoDoubles(Spelling):
    """NumPy source in which numbers that no double holds have names: `constants`."""

    def __init__(self, names: dict[Any, str]) -> None:
        super().__init__(NUMPY, names)
        self.constants: dict[str, Any] = {}

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if getattr(expr, "is_number", False) and not expr.is_Integer:
            value = sp.N(expr, 40)
            if value.is_Float:
                name = f"c{len(self.constants)}"
                with mpmath.workdps(40):
                    self.constants[name] = constant(mpmath.mpmathify(value))
                return name
        return super()._print(expr, **kwargs)


def _names(arguments: tuple[sp.Symbol, ...]) -> dict[Any, str]:
    names: dict[Any, str] = {symbol: f"x{i}" for i, symbol in enumerate(arguments)}
    names[K] = "x0.shape[-1]"
    return names


def _function(source: str, parameters: list[str], constants: dict[str, Any]) -> Callable[..., Any]:
    namespace: dict[str, Any] = {name: getattr(numpy_functions, name) for name in OWN_FUNCTIONS}
    namespace |= {"np": np, **constants}
    code = f"def run({', '.join(parameters)}):\n    return {source}"
    exec(code, namespace)  # noqa: S102  (our own source)
    run: Callable[..., Any] = namespace["run"]
    return run


__all__ = ["compiled", "exactly"]
