"""Run an expression on arrays: its NumPy spelling, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from losscope.calculus import numpy_functions
from losscope.calculus.functions import K
from losscope.calculus.spelling import OWN_FUNCTIONS, numpy_source


@lru_cache(maxsize=1024)
def compiled(expr: sp.Expr, arguments: tuple[sp.Symbol, ...]) -> Callable[..., Any]:
    """Return a function of arrays, in the order of `arguments`, that computes `expr`.

    `K` is the length of the first argument's last axis. The result has the shape of the
    expression: elementwise like its arguments, or (…, 1) for one number a row.
    """
    names = {symbol: f"x{i}" for i, symbol in enumerate(arguments)}
    names[K] = "x0.shape[-1]"
    source = numpy_source(expr, names)
    parameters = ", ".join(names[symbol] for symbol in arguments)
    namespace: dict[str, Any] = {name: getattr(numpy_functions, name) for name in OWN_FUNCTIONS}
    namespace["np"] = np
    exec(f"def run({parameters}):\n    return {source}", namespace)  # noqa: S102  (our own source)
    run: Callable[..., Any] = namespace["run"]
    return run


__all__ = ["compiled"]
