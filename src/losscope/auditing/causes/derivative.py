"""The derivative of an activation: forgotten, applied twice, or that of another activation."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

import numpy as np

from losscope.auditing.causes import activations, counted, slopes
from losscope.auditing.causes.edit import Edit, Slot, expression, replace
from losscope.auditing.causes.helpers import NUMPY, derivative_like, slopes_of_others
from losscope.auditing.causes.places import Named, Place, Scene, target
from losscope.auditing.causes.products import factors, multiplied, product

MISSING, TWICE, OTHER, DIAGONAL = "LS003", "LS012", "LS013", "LS006"
ARGUMENT = "LS002"
_MOST = 8
Shape = tuple[int, ...]
_Slopes = Callable[[Scene, Place, set[Shape]], Iterator[tuple[str, bool]]]


def without(scene: Scene) -> Iterator[Edit]:
    """Offer to take a factor away."""
    for place in scene.early():
        yield from _without(scene, place)


def known(scene: Scene) -> Iterator[Edit]:
    """Offer the slopes of the program's own activations, where it takes them of what they bend."""
    for place in _open(scene):
        yield from _with(scene, place, _own)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to put a usual derivative in, or to put any in another's place."""
    places = _open(scene)
    for place in places:
        yield from _with(scene, place, _usual)
    plain = [place for place in places if not _calls_helper(scene, place)]
    for slopes_of in (_own, _usual):
        for place in plain:
            yield from _exchanged(scene, place, slopes_of)


def for_calls(scene: Scene) -> Iterator[Edit]:
    """Offer slopes written out where a helper is called for one, which may be at fault itself."""
    for slopes_of in (_own, _usual):
        for place in [p for p in _open(scene) if _calls_helper(scene, p)]:
            yield from _exchanged(scene, place, slopes_of)


def _calls_helper(scene: Scene, place: Place) -> bool:
    """Tell whether a factor of what a statement works out is a helper's answer."""
    parts = factors(place.value)[1:] if place.value is not None else []
    called = [getattr(p.func, "attr", getattr(p.func, "id", "")) for p in parts if _is_call(p)]
    return any(name in scene.helpers for name in called)


def _is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _open(scene: Scene) -> list[Place]:
    """List the statements but those of helpers that are the derivative of another one."""
    right = slopes_of_others(scene.live)
    return [place for place in scene.early() if place.home not in right]


def _without(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer each factor of each product away, and each square made plain."""
    for slot in place.slots():
        node = slot.get()
        pair = product(node)
        if pair is not None:
            for kept, gone in (pair, pair[::-1]):
                if _is_array(place, gone.get()):
                    yield replace(TWICE, place.statement, slot, kept.get(), ast.unparse(gone.get()))
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Pow)
            and _is_array(place, node.left)
            and ast.unparse(node.right) == "2"
        ):
            yield replace(TWICE, place.statement, slot, node.left, ast.unparse(node.left))
        elif pair is None:
            continue
        yield from _without_two(place, slot)
    del scene


def _without_two(place: Place, slot: Slot) -> Iterator[Edit]:
    """Offer away two parts that stand side by side, such as a and 1 − a."""
    parts = factors(slot.get())
    for start in range(len(parts) - 1):
        rest = parts[:start] + parts[start + 2 :]
        if not rest or not all(_is_array(place, f) for f in parts[start : start + 2]):
            continue
        new = multiplied(rest)
        code = DIAGONAL if any(_is_softmax(place, f) for f in parts[start : start + 2]) else TWICE
        yield replace(code, place.statement, slot, new, "two parts")


def _is_softmax(place: Place, node: ast.expr) -> bool:
    """Tell whether a factor holds probabilities of several classes, for several examples."""
    named = place.names.get(ast.unparse(node))
    value = None if named is None else named.value
    if value is None or value.ndim != 2 or np.any(value < 0):
        return False
    return any(
        value.shape[axis] > 1 and value.shape[1 - axis] > 1 and np.allclose(value.sum(axis=axis), 1)
        for axis in (0, 1)
    )


def _is_array(place: Place, node: ast.expr) -> bool:
    named = place.names.get(ast.unparse(node))
    if named is not None:
        single = bool(place.numbers) and named.reached
        return single or any(s and max(s) > 1 for s in named.shapes)
    # what no array was recorded of is a number of Python's own, or a result in between
    return not isinstance(node, ast.Constant | ast.Name)


def _is_moved(place: Place, node: ast.expr) -> bool:
    """Tell whether a factor may be a slope: an array that is no mask or data."""
    named = place.names.get(ast.unparse(node))
    return _is_array(place, node) and (named is None or named.reached)


def _moved_arrays(place: Place, shapes: set[Shape]) -> list[Named]:
    """List the arrays of some shapes that a slope may be taken of."""
    arrays = [
        n
        for n in (*place.choices, *place.numbers)
        if n.shapes & shapes
        and (n.reached or n.kind == "held")
        and (n.kind != "inner" or len(n.text) < 40)
    ]
    return sorted(arrays, key=lambda n: (n.kind == "inner", n.order))


def _own(scene: Scene, place: Place, shapes: set[Shape]) -> Iterator[tuple[str, bool]]:
    """Write the slopes of the program's own activations, where it takes them itself or beside.

    And say of each whether it is of what has a name: that is what is meant, where it has one.
    """
    arrays = _moved_arrays(place, shapes)
    for array in arrays:
        for text in activations.slopes_at(scene.activations, array):
            yield text, array.kind != "inner"
    for array in arrays:
        for text in counted.neighbours(array.text):
            for form in activations.forms(scene.activations):
                yield slopes.written_of(form, text), True


def _usual(scene: Scene, place: Place, shapes: set[Shape]) -> Iterator[tuple[str, bool]]:
    """Write the usual derivatives of all arrays that have one of these shapes."""
    calls = [name for name in scene.helpers if derivative_like(name)]
    prefix = {text.split("(")[0] for text in place.names if "(" in text}
    for array in place.choices:  # a mask of the forward pass, as dropout has
        if not array.reached and array.shapes & shapes and array.kind == "assign":
            yield array.text, True
    forms = [*slopes.USUAL, *slopes.of_program(scene.source), *activations.forms(scene.activations)]
    for array in _moved_arrays(place, shapes)[:_MOST]:
        called = array.kind != "inner"
        for form in forms:
            yield slopes.written_of(form, array.text), called
        if "exp(" in scene.source.text and np.all(array.value > 0):
            yield array.text, called  # exp is its own slope
        for call in calls:
            spelled = next((p for p in prefix if p.split(".")[-1] == call), call)
            yield f"{spelled}({array.text})", called


def _with(scene: Scene, place: Place, slopes_of: _Slopes) -> Iterator[Edit]:
    """Offer each derivative as a further factor of what a statement computes."""
    value = place.value
    if value is None or isinstance(place.statement, ast.AugAssign) or scene.writes(place):
        return
    given = target(place.statement)
    put_away = isinstance(value, ast.Name) and given and not given.isidentifier()
    # cache["v"] = v mostly puts away what was worked out before
    cost = 2 if put_away and not place.numbers else 1
    shapes = _shapes(place)
    if not shapes:
        return
    slot = place.slot
    for text in dict(slopes_of(scene, place, shapes)):
        new = ast.BinOp(value, ast.Mult(), expression(text))
        code = OTHER if len([f for f in factors(value) if _is_moved(place, f)]) > 1 else MISSING
        yield replace(code, place.statement, slot, new, text, cost)


def _shapes(place: Place) -> set[tuple[int, ...]]:
    """List the shapes that a factor may have: single numbers where the program has no other."""
    shapes = {s for s in place.shapes if max(s, default=0) > 1}
    return shapes or (place.shapes if place.numbers else set())


def _exchanged(scene: Scene, place: Place, slopes_of: _Slopes) -> Iterator[Edit]:
    """Offer each derivative in place of the factors after the first one, or of the first."""
    value = place.value
    if value is None:
        return
    parts = factors(value)
    if len(parts) < 2:
        return
    shapes = _shapes(place)
    slot = place.slot
    written_first = isinstance(parts[0], ast.BinOp | ast.Call | ast.Compare)
    functions = scene.live
    for text, called in dict(slopes_of(scene, place, shapes)).items():
        cost = 2 if called else 3
        for keep in {1, len(parts) - 1}:
            new = multiplied([*parts[:keep], expression(text)])
            bent = _is_of_other_argument(multiplied(parts[keep:]), text, functions)
            code = ARGUMENT if bent else OTHER
            yield replace(code, place.statement, slot, new, text, cost=cost)
        if written_first:  # the slope may stand before what it is multiplied with
            new = multiplied([expression(text), *parts[1:]])
            yield replace(OTHER, place.statement, slot, new, text, cost=cost)


def _is_of_other_argument(
    old: ast.expr, new: str, functions: dict[str, Callable[..., Any]]
) -> bool:
    """Tell whether a slope is taken of f(z), and would be right of z: s(h) * (1 - s(h)) of h."""
    named = [n for n in ast.walk(old) if isinstance(n, ast.Name | ast.Attribute | ast.Subscript)]
    for name in {ast.unparse(n) for n in named}:
        form = next((f for f in slopes.EVERY if slopes.written_of(f, name) == new), None)
        if form is not None:
            text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", "ls_x", ast.unparse(old))
            code = compile(text, "slope", "eval")
            return slopes.is_of_other_argument(
                lambda x, c=code: eval(c, {**NUMPY, **functions, "ls_x": x}),  # noqa: S307 - the program's own
                form,
            )
    return False
