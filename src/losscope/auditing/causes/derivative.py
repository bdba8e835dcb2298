"""The derivative of an activation: forgotten, applied twice, or that of another activation."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from losscope.auditing.causes import slopes
from losscope.auditing.causes.edit import Edit, Slot, exchange, expression, replace, slots
from losscope.auditing.causes.places import Place, Scene, derivative_like, target
from losscope.auditing.instrument import clone

MISSING, TWICE, OTHER, DIAGONAL = "LS003", "LS012", "LS013", "LS006"
ARGUMENT = "LS002"
_MOST = 8
_NUMPY: dict[str, Any] = {"np": np, "numpy": np, "math": np, "exp": np.exp, "tanh": np.tanh}


def bodies(scene: Scene) -> Iterator[Edit]:
    """Offer each usual derivative as the body of a helper, and masks the other way round."""
    functions = _live(scene)
    right = _right(functions)
    for place in scene.early():
        if place.function not in right:
            yield from _body(scene, place, functions)
        yield from _turned(place)


def other_bodies(scene: Scene) -> Iterator[Edit]:
    """Offer the same where a helper is the derivative of another one, but perhaps of the wrong."""
    functions = _live(scene)
    right = _right(functions)
    for place in scene.early():
        if place.function in right:
            yield from _body(scene, place, functions)


def _right(functions: dict[str, Callable[..., Any]]) -> set[str]:
    """List the helpers that are the derivative of another one, of its argument or of its value.

    Where such a one is at fault, it is called with the wrong argument.
    """
    x = np.array([-1.3, -0.4, 0.3, 1.7])
    right = set()
    for other in functions.values():
        result, ahead, behind = (_called(other, v) for v in (x, x + 1e-5, x - 1e-5))
        if result is None or ahead is None or behind is None:
            continue
        slope = (ahead - behind) / 2e-5
        for name, function in functions.items():
            answers = (_called(function, x), _called(function, result))
            if function is not other and any(_alike(v, slope) for v in answers):
                right.add(name)
    return right


def _live(scene: Scene) -> dict[str, Callable[..., Any]]:
    """Make functions of the helpers that need nothing but NumPy and each other."""
    space: dict[str, Any] = dict(_NUMPY)
    made = {}
    for name, node in scene.helpers.items():
        if isinstance(node, ast.FunctionDef):
            try:
                exec(compile(ast.Module([node], []), "helper", "exec"), space)  # noqa: S102
            except Exception:  # noqa: BLE001, S112 - it needs more than NumPy
                continue
            made[name] = space[name]
    return made


def _answer(
    statement: ast.Return, argument: str, functions: dict[str, Callable[..., Any]]
) -> Callable[..., Any] | None:
    """Make a function of what one `return` of a helper answers; it may have others, by a flag."""
    if statement.value is None:
        return None
    code = compile(ast.Expression(clone(statement.value)), "helper", "eval")
    return lambda x: eval(code, {**_NUMPY, **functions, argument: x})  # noqa: S307 - the program's own


def _called(function: Callable[..., Any], x: Any) -> Any:
    """Give a helper's answer to an array; None where it takes something else."""
    try:
        with np.errstate(all="ignore"):
            answer = np.asarray(function(x), dtype=np.float64)
    except Exception:  # noqa: BLE001 - it is the program's own
        return None
    return answer if answer.shape == np.shape(x) else None


def _alike(value: Any, slope: Any) -> bool:
    return value is not None and np.ptp(slope) > 0 and np.allclose(value, slope, rtol=1e-6)


def without(scene: Scene) -> Iterator[Edit]:
    """Offer to take a factor away."""
    for place in scene.early():
        yield from _without(scene, place)


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer to put a derivative in, or to put another in its place."""
    right = _right(_live(scene))
    places = [place for place in scene.early() if place.function not in right]
    for place in places:
        yield from _with(scene, place)
    for place in places:
        yield from _exchanged(scene, place)


def _turned(place: Place) -> Iterator[Edit]:
    """Offer each comparison the other way round."""
    yield from _slopes(place)
    opposite: dict[type[ast.cmpop], ast.cmpop] = {
        ast.Gt: ast.LtE(),
        ast.GtE: ast.Lt(),
        ast.Lt: ast.GtE(),
        ast.LtE: ast.Gt(),
    }
    for slot in slots(place.statement):
        node = slot.get()
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in opposite:
            new = ast.Compare(node.left, [opposite[type(node.ops[0])]], node.comparators)
            yield replace(OTHER, place.statement, slot, new, "turned")


def _slopes(place: Place) -> Iterator[Edit]:
    """Offer a slope of 0, and of 1, where a mask or a choice lets something else through."""
    statement = place.statement
    masked = _masked(statement)
    if masked is not None:
        index = next(i for i, s in enumerate(place.block) if s is statement)
        zero = ast.copy_location(ast.Assign([masked], ast.Constant(0)), statement)
        ast.fix_missing_locations(zero)
        yield exchange(OTHER, place.block, index, zero)
    for slot in slots(statement):
        node = slot.get()
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "where":
            for index in (1, 2) if len(node.args) == 3 else ():
                inner = Slot(node, "args", index)
                for text in ("0.0", "1.0"):
                    if ast.unparse(inner.get()) not in (text, text[0]):
                        yield replace(OTHER, statement, inner, expression(text), text)


def _masked(statement: ast.stmt) -> ast.expr | None:
    """Give the part of an array that a statement scales, or sets to a number other than 0."""
    target: ast.expr | None = None
    if isinstance(statement, ast.AugAssign):
        target = statement.target
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
        target = statement.targets[0] if statement.value.value != 0 else None
    return target if isinstance(target, ast.Subscript) else None


def _product(node: ast.expr) -> tuple[Slot, Slot] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return Slot(node, "left"), Slot(node, "right")
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "multiply"
        and len(node.args) == 2
    ):
        return Slot(node, "args", 0), Slot(node, "args", 1)
    return None


def _without(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer each factor of each product away, and each square made plain."""
    for slot in slots(place.statement):
        node = slot.get()
        pair = _product(node)
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
    """Offer away two factors that stand side by side, such as a and 1 − a."""
    factors = _flat(slot.get())
    for start in range(len(factors) - 1):
        rest = factors[:start] + factors[start + 2 :]
        if not rest or not all(_is_array(place, f) for f in factors[start : start + 2]):
            continue
        new = _multiplied(rest)
        code = DIAGONAL if any(_is_softmax(place, f) for f in factors[start : start + 2]) else TWICE
        yield replace(code, place.statement, slot, new, "two factors")


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


def _factors(scene: Scene, place: Place, shapes: set[tuple[int, ...]]) -> Iterator[str]:
    """Write the derivatives of all activations that have one of these shapes."""
    arrays = [
        n
        for n in (*place.choices, *place.numbers)
        if n.shapes & shapes
        and (n.reached or n.kind == "held")
        and (n.kind != "inner" or len(n.text) < 40)
    ]
    arrays = sorted(arrays, key=lambda n: (n.kind == "inner", n.order))
    calls = [name for name in scene.helpers if derivative_like(name)]
    known = {text for n in place.names for text in (n,) if "(" in text}
    prefix = {text.split("(")[0] for text in known}
    for array in place.choices:  # a mask of the forward pass, as dropout has
        if not array.reached and array.shapes & shapes and array.kind == "assign":
            yield array.text
    forms = [*slopes.USUAL, *slopes.of_program(scene.source)]
    for array in arrays[:_MOST]:
        for form in forms:
            yield slopes.written_of(form, array.text)
        if "exp(" in scene.source.text and np.all(array.value > 0):
            yield array.text  # exp is its own slope
        for call in calls:
            spelled = next((p for p in prefix if p.split(".")[-1] == call), call)
            yield f"{spelled}({array.text})"


def _with(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer each derivative as a further factor of what a statement computes."""
    value = place.value
    if value is None or isinstance(place.statement, ast.AugAssign) or scene.writes(place):
        return
    given = target(place.statement)
    put_away = isinstance(value, ast.Name) and given and not given.isidentifier()
    if put_away and not place.numbers:
        return  # cache["v"] = v puts away what was worked out before
    shapes = _shapes(place)
    if not shapes:
        return
    slot = Slot(place.statement, "value")
    for text in dict.fromkeys(_factors(scene, place, shapes)):
        new = ast.BinOp(value, ast.Mult(), expression(text))
        code = OTHER if len([f for f in _flat(value) if _is_moved(place, f)]) > 1 else MISSING
        yield replace(code, place.statement, slot, new, text)


def _shapes(place: Place) -> set[tuple[int, ...]]:
    """List the shapes that a factor may have: single numbers where the program has no other."""
    shapes = {s for s in place.shapes if max(s, default=0) > 1}
    return shapes or (place.shapes if place.numbers else set())


def _exchanged(scene: Scene, place: Place) -> Iterator[Edit]:
    """Offer each derivative in place of the factors after the first one, or of the first."""
    value = place.value
    if value is None:
        return
    factors = _flat(value)
    if len(factors) < 2:
        return
    shapes = _shapes(place)
    slot = Slot(place.statement, "value")
    written_first = isinstance(factors[0], ast.BinOp | ast.Call | ast.Compare)
    functions = _live(scene)
    for text in dict.fromkeys(_factors(scene, place, shapes)):
        for keep in {1, len(factors) - 1}:
            new = _multiplied([*factors[:keep], expression(text)])
            bent = _is_of_other_argument(_multiplied(factors[keep:]), text, functions)
            code = ARGUMENT if bent else OTHER
            yield replace(code, place.statement, slot, new, text, cost=2)
        if written_first:  # the slope may stand before what it is multiplied with
            new = _multiplied([expression(text), *factors[1:]])
            yield replace(OTHER, place.statement, slot, new, text, cost=2)


def _is_of_other_argument(
    old: ast.expr, new: str, functions: dict[str, Callable[..., Any]]
) -> bool:
    """Tell whether a slope is taken of f(z), and would be right of z: s(h) * (1 - s(h)) of h."""
    for name in {ast.unparse(n) for n in ast.walk(old) if isinstance(n, ast.Name | ast.Attribute)}:
        form = next((f for f in slopes.USUAL if slopes.written_of(f, name) == new), None)
        if form is not None:
            text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", "ls_x", ast.unparse(old))
            code = compile(text, "slope", "eval")
            return slopes.is_of_other_argument(
                lambda x, c=code: eval(c, {**_NUMPY, **functions, "ls_x": x}),  # noqa: S307 - the program's own
                form,
            )
    return False


def _multiplied(factors: list[ast.expr]) -> ast.expr:
    product = factors[0]
    for factor in factors[1:]:
        product = ast.BinOp(product, ast.Mult(), factor)
    return product


def _flat(node: ast.expr) -> list[ast.expr]:
    pair = _product(node)
    if pair is None:
        return [node]
    return [*_flat(pair[0].get()), *_flat(pair[1].get())]


def _body(scene: Scene, place: Place, functions: dict[str, Callable[..., Any]]) -> Iterator[Edit]:
    """Offer each usual derivative as the body of a helper with one argument.

    Then that of each other helper, by central differences: right for any activation.
    """
    least = 0 if place.numbers else 1  # the program works with single numbers
    arguments = [n for n in place.names.values() if n.kind == "argument" and n.value.size > least]
    if len(arguments) != 1 or not isinstance(place.statement, ast.Return):
        return
    slot, x = Slot(place.statement, "value"), arguments[0].text
    old = _answer(place.statement, x, functions)
    for form in slopes.bodies(scene.source):
        code = ARGUMENT if slopes.is_of_other_argument(old, form) else OTHER
        yield replace(code, place.statement, slot, expression(form.format(x)), form)
    offered: list[str] = []
    if derivative_like(place.function):
        others = [name for name in functions if name != place.function]
        offered += [f"({name}({x} + 1e-05) - {name}({x} - 1e-05)) / 2e-05" for name in others]
    for text in offered:
        yield replace(OTHER, place.statement, slot, expression(text), text)
