"""The gradient of a penalty: forgotten, of the wrong size, sign or parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from losscope.auditing.causes.edit import Edit, Slot, expression, replace, slots
from losscope.auditing.causes.places import Named, Place, Scene, target
from losscope.auditing.causes.products import factors
from losscope.auditing.leaves import same

CODE = "LS009"
_Start = tuple[np.ndarray[Any, Any], bytes]
_NUMBER = ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant
_MOST_DIVISORS = 3
_SUMMED = re.compile(r"\bsum\(|norm\(| @ |dot\(")
_SQUARED = re.compile(r"\*\* ?2|square\(|abs\(|norm\(|(\b[\w.\[\]'\"]+) [*@] \1")
_HINTS = ("reg", "lam", "decay", "l2", "penalty", "alpha")


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer a penalty's gradient where it is missing, and other sizes where it stands."""
    names, starts = parameter_names(scene), _starts(scene)
    for place in scene.early():
        if place.value is None:
            continue
        for slot in place.slots():
            node = slot.get()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):  # noqa: SIM102 - two thoughts, two lines
                if is_term(scene, place, node.right, names):
                    yield replace(CODE, place.statement, slot, node.left, ast.unparse(node.right))
                    flipped: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                    new = ast.BinOp(node.left, flipped, node.right)
                    yield replace(CODE, place.statement, slot, new)
                    yield from _resized(place, Slot(node, "right"), names)
        if _stands_alone(scene, place, names):
            yield from _resized(place, place.slot, names)
        yield from _added(scene, place, starts)


def parameter_names(scene: Scene) -> set[str]:
    """List what the statements of the pass may call a parameter."""
    names = {p.name for p in scene.judgement.measured.parameters}
    known = {id(n): n for p in scene.places for n in p.names.values()}.values()
    starts = _starts(scene)
    return names | {n.text for n in known if _is_one(n, starts)}


def _starts(scene: Scene) -> list[_Start]:
    """Give the parameters as they were at the start, with their bytes: parts are sought in them."""
    starts = [p.starts[0] for p in scene.judgement.measured.parameters]
    return [(start, start.tobytes()) for start in starts]


def _is_one(named: Named, starts: list[_Start]) -> bool:
    """Tell whether a name of the pass holds a parameter as it was at the start, or a part of it."""
    if named.value.size < 2:
        return any(same(named.value, start) for start, _ in starts)
    held = named.value.tobytes()
    return any(named.value.dtype == start.dtype and held in whole for start, whole in starts)


def is_term(
    scene: Scene, place: Place, node: ast.expr, names: set[str], *, strict: bool = False
) -> bool:
    """Tell whether an expression may be a penalty's gradient: a parameter times numbers.

    Where a statement writes a parameter, a product with another array is the step itself.
    """
    text = ast.unparse(node)
    if "dot" in text or "@" in text or not _named_in(node, names):
        return False
    if not strict and not scene.writes(place):
        return True
    known = _is_array(place, node, names) or any(hint in text.lower() for hint in _HINTS)
    return known and _is_scaled(node) and _only_numbers(place, node, names)


def is_shrinking(place: Place, slot: Slot, node: ast.BinOp, names: set[str]) -> bool:
    """Tell whether 1 - rate * reg stands here, the factor by which a parameter is shrunk."""
    if not (isinstance(node.left, ast.Constant) and node.left.value == 1):
        return False
    held = slot.parent
    if isinstance(held, ast.AugAssign):
        other: ast.expr | None = held.target
    else:
        other = held if isinstance(held, ast.BinOp) else None
    if other is None or not isinstance(getattr(held, "op", None), ast.Mult):
        return False
    return _named_in(other, names) and _only_numbers(place, other, names)


def _is_scaled(node: ast.expr) -> bool:
    """Tell whether a product, a quotient or a call stands here: no bare name, no sum."""
    sums = isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mult | ast.Div)
    return isinstance(node, ast.BinOp | ast.Call) and not sums


def _named_in(node: ast.expr, names: set[str]) -> bool:
    return any(ast.unparse(n) in names for n in ast.walk(node) if isinstance(n, ast.expr))


def _is_array(place: Place, node: ast.expr, names: set[str]) -> bool:
    """Tell whether the parameter in an expression is more than one number: w * x is no penalty."""
    texts = {ast.unparse(n) for n in ast.walk(node) if isinstance(n, ast.expr)} & names
    return any(
        text in place.names and any(max(s, default=1) > 1 for s in place.names[text].shapes)
        for text in texts
    )


def _only_numbers(place: Place, node: ast.expr, names: set[str]) -> bool:
    """Tell whether nothing but parameters and numbers stands in an expression."""
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Name | ast.Attribute | ast.Subscript):
            continue
        named = place.names.get(ast.unparse(inner))
        large = named is not None and any(max(s, default=1) > 1 for s in named.shapes)
        if large and not _named_in(inner, names):
            return False
    return True


def _stands_alone(scene: Scene, place: Place, names: set[str]) -> bool:
    """Tell whether a statement holds a penalty's gradient and nothing else."""
    value = place.value
    if value is None or scene.writes(place) or not isinstance(value, ast.BinOp | ast.Call):
        return False
    if isinstance(place.statement, ast.AugAssign):  # dW += reg * W
        if not isinstance(place.statement.op, ast.Add | ast.Sub):
            return False
    elif not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Mult):
        return False
    return is_term(scene, place, value, names) and _only_numbers(place, value, names)


def _resized(place: Place, slot: Slot, names: set[str]) -> Iterator[Edit]:
    """Offer other sizes of a penalty's gradient, its size for its sign, other parameters."""
    term, made = slot.get(), target(place.statement).lower()
    for inner in (slot, *slots(term)):
        own = inner.get()
        text = ast.unparse(own)
        if text in names and not isinstance(inner.parent, ast.Attribute | ast.Subscript):
            cost = 1 if "l1" in made else 3 if "l2" in made else 2
            yield replace(CODE, place.statement, inner, _sign(own), "sign", cost)
        elif _is_sign(own):
            yield replace(CODE, place.statement, inner, own.args[0], "size")  # type: ignore[attr-defined]
        yield from _others(place, inner, names)
    for half in ("2", "0.5"):
        scaled = ast.BinOp(expression(half), ast.Mult(), term)
        yield replace(CODE, place.statement, slot, scaled, half)


def _others(place: Place, slot: Slot, names: set[str]) -> Iterator[Edit]:
    """Offer the parameters, and parts of parameters, that have the same shape."""
    own = place.names.get(ast.unparse(slot.get()))
    if own is None or not _named_in(slot.get(), names) or isinstance(slot.get(), ast.BinOp):
        return
    for other in place.choices:
        if other.text != own.text and other.shapes & own.shapes and other.value.size > 1:
            new = expression(other.text)
            if not isinstance(new, ast.BinOp) and _named_in(new, names):
                yield replace(CODE, place.statement, slot, new, other.text)


def _is_sign(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sign"


def _sign(node: ast.expr) -> ast.expr:
    return ast.Call(expression("np.sign"), [node], [])


def _added(scene: Scene, place: Place, starts: list[_Start]) -> Iterator[Edit]:
    """Offer a penalty's gradient beside a gradient, or beside what a step subtracts."""
    written = bool(scene.writes(place))
    slot = _step(place) if written else place.slot
    if slot is None or (isinstance(place.statement, ast.AugAssign) and not written):
        return
    laid, known = _sizes(scene.source.tree), scene.numbers(place)
    numbers = [n for n in known if _is_size(n, laid)] + [n for n in laid if n[0].isdigit()]
    names = _parameters_of_shape(scene, place, starts) if numbers else []
    names += [n for n in _moved_by(scene, place) if numbers and n not in names]
    over = ["", *(f" / {m}" for m in _divisors(scene, place))] if names else []
    names += [part for name in names for part in _but_the_first(place, name)]
    sizes = [f"{half}{number}{m}" for number in numbers for half in ("", "2 * ") for m in over]
    for name in names:
        for size in sizes:
            new = ast.BinOp(slot.get(), ast.Add(), expression(f"{size} * {name}"))
            yield replace(CODE, place.statement, slot, new, "added", 2 if written else 1)


def _is_size(name: str, laid: list[str]) -> bool:
    """Tell whether a number sounds like the size of a penalty, or is that of a sum of squares."""
    last = name.rpartition(".")[2]
    return last in laid or any(hint in last.lower() for hint in _HINTS)


def _sizes(tree: ast.Module) -> list[str]:
    """List the numbers that the program multiplies sums of squares, or of sizes, with."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            continue
        parts = [p for f in factors(node) for p in _over(f)]
        if any(_is_sum_of_squares(p) for p in parts):
            named = [p for p in parts if isinstance(p, ast.Name | ast.Attribute | ast.Constant)]
            found += [p.attr if isinstance(p, ast.Attribute) else ast.unparse(p) for p in named]
    return [name for name in dict.fromkeys(found) if name not in ("0.5", "2", "2.0")]


def _over(node: ast.expr) -> list[ast.expr]:
    """Give what is divided, and by what."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [*factors(node.left), node.right]
    return [node]


def _is_sum_of_squares(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return bool(_SUMMED.search(text) and _SQUARED.search(text)) and not isinstance(node, ast.Name)


def _but_the_first(place: Place, name: str) -> list[str]:
    """Write a vector of weights without its first, which no penalty is laid on: an intercept."""
    shape = max(place.shapes, key=len, default=())
    if len(shape) == 1:
        return [f"np.r_[0, {name}[1:]]"]
    return [f"np.vstack([0 * {name}[:1], {name}[1:]])"] if shape[-1:] == (1,) else []


def _step(place: Place) -> Slot | None:
    """Give G where W -= rate * G, or W = W - rate * G, is written."""
    statement = place.statement
    value = place.value
    if isinstance(statement, ast.Assign):
        kept = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub)
        value = value.right if kept and isinstance(value, ast.BinOp) else None
    elif not (isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub)):
        return None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        return Slot(value, "right")
    return None


def _divisors(scene: Scene, place: Place) -> list[str]:
    """List the numbers by which the statement's function divides, its own ones first."""
    functions = [n for n in ast.walk(scene.source.tree) if isinstance(n, ast.FunctionDef)]
    line = place.statement.lineno
    homes = [f for f in functions if f.lineno <= line <= (f.end_lineno or f.lineno)]
    home: ast.AST = max(homes, key=lambda f: f.lineno) if homes else scene.source.tree
    texts = [text for node in (place.statement, home) for text in _divided_by(place, node)]
    return list(dict.fromkeys(texts))[:_MOST_DIVISORS]


def _divided_by(place: Place, node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            product = isinstance(inner.right, ast.BinOp) and isinstance(inner.right.op, ast.Mult)
            parts = [inner.right.left, inner.right.right] if product else [inner.right]  # type: ignore[attr-defined]
            for part in parts:
                counted = isinstance(part, _NUMBER)
                if counted and ast.unparse(part) not in place.names:
                    yield ast.unparse(part)


def _moved_by(scene: Scene, place: Place) -> list[str]:
    """List what a gradient is taken from further on, as it is written there: bi[i] -= lr * dbi."""
    given = target(place.statement)
    return [
        target(other.statement)
        for other in scene.places
        if given and given != target(other.statement)
        if other.function == place.function and scene.writes(other) and other.value is not None
        if given in {ast.unparse(n) for n in ast.walk(other.value) if isinstance(n, ast.expr)}
    ]


def _parameters_of_shape(scene: Scene, place: Place, starts: list[_Start]) -> list[str]:
    """List the parameters that have the shape of what a statement gives, as it may call them."""
    known = [
        p.name
        for p in scene.judgement.measured.parameters
        if p.shape in place.shapes and p.size > 1
    ]
    known += [
        named.text
        for named in place.choices
        if named.shapes & place.shapes and named.value.size > 1 and _is_one(named, starts)
    ]
    return list(dict.fromkeys(known))
