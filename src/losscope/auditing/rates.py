"""The learning rate of a program, so that factors can be given on the gradient, not on the step."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np

from losscope.auditing.leaves import spelled
from losscope.auditing.parameters import Carried, Parameter
from losscope.auditing.source import Source
from losscope.auditing.step import Outcome
from losscope.auditing.view import View

_NAMES = re.compile(
    r"^(lr|l_?rate|eta|alpha|rate|learn.*|step_?size|.*_lr|lr_.*|.*learning_?rate.*|.*learn_rate)$",
    re.IGNORECASE,
)


def known_rates(carried: Carried, base: Outcome) -> dict[str, float]:
    """Map the names of what looks like a learning rate to its size: v + (−rate) · g is a step."""
    out = {}
    for event in base.trace.events.values():
        if event.value.size == 1 and event.site.kind in ("argument", "assign"):  # noqa: SIM102 - two thoughts, two lines
            if _NAMES.match(event.site.name.split(".")[-1]):
                out[event.site.name] = abs(float(event.value.ravel()[0]))
    for path, value in carried.fixed.items():
        if np.size(value) == 1:
            name = spelled(path)
            if _NAMES.match(name.split(".")[-1]):
                out[name] = abs(float(np.asarray(value).ravel()[0]))
    return out


def rate_of(
    source: Source,
    carried: Carried,
    base: Outcome,
    parameter: Parameter,
    view: View | None = None,
) -> float | None:
    """Give the learning rate of one parameter: named, or a number in its update line."""
    if view is not None and not view.stepped:
        return None  # the rule starts from the gradient itself
    if view is not None and _NAMES.match(view.schedule.split(".")[-1]):
        return 1.0  # already divided out
    rates = known_rates(carried, base)
    line = source.line(parameter.line)
    literal = _literal(line)
    named = [v for n, v in rates.items() if re.search(rf"\b{re.escape(n.split('.')[-1])}\b", line)]
    if named:
        return named[0]
    if literal is not None:
        return literal
    values = set(rates.values())
    return values.pop() if len(values) == 1 else None


def mentions_rate(source: Source, carried: Carried, base: Outcome, parameter: Parameter) -> bool:
    """Tell whether a parameter's update line names a rate."""
    line = source.line(parameter.line)
    names = {n.split(".")[-1] for n in known_rates(carried, base)}
    return any(re.search(rf"\b{re.escape(n)}\b", line) for n in names)


def scales_named(line: str) -> list[str]:
    """List the numbers and the rates that an update line writes: what scales its step by itself."""
    words = re.findall(r"(?<![\w.])\d[\w.]*(?:e-\d+)?|[A-Za-z_]\w*", line)
    return sorted(w for w in words if w[0].isdigit() or _NAMES.match(w))


def _literal(line: str) -> float | None:
    try:
        tree: Any = ast.parse(line.strip())
    except SyntaxError:
        return None
    numbers = [
        float(side.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
        for side in (node.left, node.right)
        if isinstance(side, ast.Constant) and isinstance(side.value, int | float)
    ]
    return numbers[0] if len(set(numbers)) == 1 else None
