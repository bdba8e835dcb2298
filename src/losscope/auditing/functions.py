"""Which loss does a function compute?  Made-up arrays go in, the values are compared."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from losscope.auditing import source as sources
from losscope.auditing.identify import FIRST, total_of
from losscope.auditing.trouble import CannotAudit

Array = np.ndarray[Any, Any]
_SHAPES = ((5, 7), (5, 11), (3, 7))
_TARGET = re.compile(
    r"^(y|y_?true|t|target.*|label.*|truth|y_?train|actual|expected|gt|correct|real)$",
    re.IGNORECASE,
)
_DRAWS = 4


@dataclass
class Reading:
    """What a function was found to compute."""

    loss: str
    title: str
    prediction: str
    target: str
    factors: dict[tuple[int, int], float]
    result: str  # "number", or what shape came out
    turned: bool  # classes lie along the first axis


def identify_function(path: Path, name: str, setup: Path | None = None) -> dict[str, Any]:
    """Identify one function of a file.

    Raises
    ------
    CannotAudit
        When there is no such function, or it cannot be called with predictions and targets.
    """
    source = sources.read(path, setup)
    return describe(_load(source, name), name)


def _load(source: sources.Source, name: str) -> Callable[..., Any]:
    """Run the file's imports, definitions and constants, but none of its work."""
    kept = [node for node in source.tree.body if _defines(node)]
    space: dict[str, Any] = {"__name__": "losscope_identified"}
    for node in kept:
        try:
            exec(compile(ast.Module([node], []), str(source.path), "exec"), space)  # noqa: S102
        except Exception:  # noqa: BLE001, S112 - a constant that needs the data; not our function
            continue
    found: Any = space
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
    if not callable(found):
        names = [n.name for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef)]
        listed = ", ".join(names) if names else "no functions"
        raise CannotAudit(f"{source.path.name} has no function {name!r}; it has {listed}.")
    return found  # type: ignore[no-any-return]


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
        return True
    return isinstance(node, ast.Assign) and not any(
        isinstance(n, ast.Call) and not isinstance(node.value, ast.Lambda)
        for n in ast.walk(node.value)
    )


def describe(function: Callable[..., Any], name: str) -> dict[str, Any]:
    """Say which loss a function computes, with factor, axis and reduction."""
    arguments = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if len(arguments) != 2:
        raise CannotAudit(
            f"{name} takes {len(arguments)} arguments without defaults ({', '.join(arguments) or 'none'}); "  # noqa: E501 - a sentence or a table row
            "to be identified it must take two: predictions and targets."
        )
    failures: list[str] = []
    found = _search(function, arguments, failures)
    if found is None:
        why = (
            f" (called with arrays it said: {failures[0]})"
            if failures and len(failures) > 40
            else ""
        )
        return {"function": name, "text": f"{name}: no loss of the catalogue{why}.", "loss": None}
    return {
        "function": name,
        "loss": found.loss,
        "text": _words(name, found),
        "result": found.result,
        "factors": {f"{r}x{c}": v for (r, c), v in found.factors.items()},
    }


def _search(
    function: Callable[..., Any], arguments: list[str], failures: list[str]
) -> Reading | None:
    from losscope import losses

    target_first = bool(_TARGET.match(arguments[0])) and not _TARGET.match(arguments[1])
    orders = [target_first, not target_first]
    names = [*FIRST, *(n for n in losses.names() if n not in FIRST)]
    for kind in ("binary", "classes", "turned classes", "real", "signs", "counts"):
        for swapped in orders:
            values = _values(function, kind, _SHAPES[0], failures, swapped=swapped)
            if values is None:
                continue
            numbers, result, drawn = values
            for name in names:
                factor = _factor(name, numbers, drawn)
                if factor is None:
                    continue
                factors = {_SHAPES[0]: factor}
                for shape in _SHAPES[1:]:
                    more = _values(function, kind, shape, failures, swapped=swapped)
                    again = None if more is None else _factor(name, more[0], more[2])
                    if again is not None:
                        factors[shape] = again
                a, y = (arguments[1], arguments[0]) if swapped else arguments
                return Reading(
                    name, losses.get(name).title, a, y, factors, result, kind == "turned classes"
                )
    return None


def _values(
    function: Callable[..., Any],
    kind: str,
    shape: tuple[int, int],
    failures: list[str],
    *,
    swapped: bool,
) -> tuple[Array, str, list[tuple[Array, Array]]] | None:
    numbers, drawn, result = [], [], "number"
    for a, y in _draws(kind, shape):
        try:
            with np.errstate(all="ignore"):
                out = function(y, a) if swapped else function(a, y)
            value = np.asarray(out, dtype=np.float64)
        except Exception as error:  # noqa: BLE001 - anything may be wrong with made-up arrays
            failures.append(f"{type(error).__name__}: {error}")
            return None
        if not np.all(np.isfinite(value)):
            return None
        square = value.ndim == 2 and value.shape in ((shape[0],) * 2, (shape[1],) * 2)
        if value.size > 1:
            rows, columns = shape
            result = {
                (rows,): "one value a row",
                (columns,): "one value a column",
                (rows, columns): "one value an entry",
            }.get(value.shape, f"a {value.shape} array")
        if square and value.shape != shape:
            result = f"a {value.shape} array whose diagonal is the loss"
        numbers.append(
            float(np.trace(value)) if square and value.shape != shape else float(value.sum())
        )
        drawn.append((a, y))
    return np.array(numbers), result, drawn


def _draws(kind: str, shape: tuple[int, int]) -> Iterator[tuple[Array, Array]]:
    random = np.random.default_rng(1)
    for _ in range(_DRAWS):
        if kind == "binary":
            yield random.uniform(0.05, 0.95, shape), (random.random(shape) < 0.5).astype(float)
        elif kind == "classes":
            yield _distribution(random, shape)
        elif kind == "turned classes":
            a, y = _distribution(random, shape[::-1])
            yield a.T.copy(), y.T.copy()
        elif kind == "real":
            yield random.normal(size=shape), random.normal(size=shape)
        elif kind == "signs":
            yield random.normal(size=shape), np.sign(random.normal(size=shape))
        else:
            yield random.uniform(0.5, 3, shape), random.poisson(2.0, shape).astype(float)


def _distribution(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Array, Array]:
    a = np.exp(random.normal(size=shape))
    return a / a.sum(axis=1, keepdims=True), np.eye(shape[1])[
        random.integers(shape[1], size=shape[0])
    ]


def _factor(name: str, values: Array, drawn: list[tuple[Array, Array]]) -> float | None:
    from losscope import losses

    loss = losses.get(name)
    totals = [total_of(loss, a, y) for a, y in drawn]
    if any(t is None or t == 0 for t in totals):
        return None
    ratios = values / np.array(totals, dtype=np.float64)
    if np.ptp(ratios) > 1e-8 * np.max(np.abs(ratios)) or ratios[0] == 0:
        return None
    return float(ratios[0])


def _words(name: str, found: Reading) -> str:
    text = f"{name}({found.prediction}, {found.target}) is {found.title}"
    text += f", {_reduction(found)}"
    if found.result != "number":
        text += f". It gives {found.result}, not a number"
    return text + "."


def _over_nothing(_rows: int, _columns: int) -> float:
    return 1.0


def _over_rows(rows: int, _columns: int) -> float:
    return float(rows)


def _over_columns(_rows: int, columns: int) -> float:
    return float(columns)


def _over_all(rows: int, columns: int) -> float:
    return float(rows * columns)


_DIVISORS: tuple[tuple[Callable[[int, int], float], str], ...] = (
    (_over_nothing, "the sum over all entries"),
    (_over_rows, "the sum divided by the number of rows (the mean, if rows are examples)"),
    (_over_columns, "the sum divided by the number of columns (the mean, if columns are examples)"),
    (_over_all, "the mean over all entries"),
)
_TIMES = ((1.0, ""), (0.5, "half "), (2.0, "twice "), (-1.0, "minus "), (-0.5, "minus half "))


def _reduction(found: Reading) -> str:
    for times, word in _TIMES:
        for divisor, said in _DIVISORS:
            if all(abs(f * divisor(*s) / times - 1) < 1e-7 for s, f in found.factors.items()):
                return word + said
    factor = next(iter(found.factors.values()))
    return f"{factor:.6g} times its sum over all entries"
