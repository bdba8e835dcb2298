"""The body of a helper: the derivative of another activation, or of the other argument."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from losscope.auditing.causes import masks, slopes
from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.helpers import NUMPY, derivative_like, slopes_of_others
from losscope.auditing.causes.places import Place, Scene
from losscope.auditing.causes.products import factors
from losscope.auditing.instrument import clone

OTHER, ARGUMENT, TWICE = "LS013", "LS002", "LS012"


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer each usual derivative as the body of a helper, and masks the other way round."""
    functions = scene.live
    right = slopes_of_others(functions)
    for place in scene.early():
        if place.home not in right:
            yield from _body(scene, place, functions)
        yield from masks.suspects(place)


def others(scene: Scene) -> Iterator[Edit]:
    """Offer the same where a helper is the derivative of another one, but perhaps of the wrong."""
    functions = scene.live
    right = slopes_of_others(functions)
    for place in scene.early():
        if place.home in right:
            yield from _body(scene, place, functions)


def _answer(
    statement: ast.Return, argument: str, functions: dict[str, Callable[..., Any]]
) -> Callable[..., Any] | None:
    """Make a function of what one `return` of a helper answers; it may have others, by a flag."""
    if statement.value is None:
        return None
    code = compile(ast.Expression(clone(statement.value)), "helper", "eval")
    return lambda x: eval(code, {**NUMPY, **functions, argument: x})  # noqa: S307 - the program's own


def _plain(node: ast.expr) -> str:
    return re.sub(r"\b(\d+)\.0\b", r"\1", ast.unparse(node))


def _has_more(old: ast.expr, new: str) -> bool:
    """Tell whether what is answered has all factors of a slope, and one of them twice."""
    had, wanted = (Counter(map(_plain, factors(n))) for n in (old, expression(new)))
    return wanted < had and set(had) == set(wanted)


def _body(scene: Scene, place: Place, functions: dict[str, Callable[..., Any]]) -> Iterator[Edit]:
    """Offer each usual derivative as the body of a helper with one argument.

    Then that of each other helper, by central differences: right for any activation.
    """
    least = 0 if place.numbers else 1  # the program works with single numbers
    arguments = [n for n in place.names.values() if n.kind == "argument" and n.value.size > least]
    arguments = [n for n in arguments if n.value.size > 1] or arguments  # beside it, a setting
    if len(arguments) != 1 or not isinstance(place.statement, ast.Return):
        return
    slot, x = place.slot, arguments[0].text
    old = _answer(place.statement, x, functions)
    for form in slopes.bodies(scene.source):
        code = ARGUMENT if slopes.is_of_other_argument(old, form) else OTHER
        if place.statement.value is not None and _has_more(place.statement.value, form.format(x)):
            code = TWICE
        yield replace(code, place.statement, slot, expression(form.format(x)), form)
    offered: list[str] = []
    if derivative_like(place.home):
        others = [name for name in functions if name != place.home]
        offered += [f"({name}({x} + 1e-05) - {name}({x} - 1e-05)) / 2e-05" for name in others]
    for text in offered:
        yield replace(OTHER, place.statement, slot, expression(text), text)
