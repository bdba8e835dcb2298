"""Another array of the same shape was meant: activation, pre-activation, input, gradient."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from losscope.auditing.causes import naming, penalty
from losscope.auditing.causes.edit import Edit, Slot, expression, replace, replace_all, slots
from losscope.auditing.causes.naming import ARGUMENT, ARRAY, GRADIENT, MISSING
from losscope.auditing.causes.places import Named, Place, Scene, derivative_like

PENALTY, LOSS = penalty.CODE, "LS019"
_MOST = 14


def gradients(scene: Scene) -> Iterator[Edit]:
    """Offer, where a parameter is written, each array of its own shape, and the other keys."""
    keys = _keys(scene.source.tree)
    for place in scene.places:
        written = scene.writes(place)
        shapes = {p.shape for p in scene.judgement.measured.parameters if p.name in written}
        for slot in read(place) if written else ():
            text = ast.unparse(slot.get())
            named = place.names.get(text)
            if written_here(place, text):
                continue
            if named is not None and named.reached and not named.shapes & shapes:
                fit = [n for n in place.choices if n.shapes & shapes and n.kind != "inner"]
                for other in [n for n in fit if not written_here(place, n.text)][-_MOST:]:
                    yield replace(GRADIENT, place.statement, slot, expression(other.text))
            node = slot.get()
            if isinstance(node, ast.Subscript) and _key(node) is not None:
                for key in sorted(keys - {_key(node) or ""})[:_MOST]:
                    new = ast.Subscript(node.value, ast.Constant(key), ast.Load())
                    yield replace(GRADIENT, place.statement, slot, new, key)
    for place in scene.early():
        yield from _counted(place)
        yield from _in_other_order(place)


def _in_other_order(place: Place) -> Iterator[Edit]:
    """Offer any two of the arrays that a list, a tuple or a dict shows in each other's place."""
    shown = (ast.Tuple, ast.List, ast.Dict)
    for outer in [n for n in ast.walk(place.statement) if isinstance(n, shown)]:
        own = [s for s in slots(outer) if s.parent is outer and s.name in ("elts", "values")]
        known = [(s, place.names.get(ast.unparse(s.get()))) for s in own]
        arrays = [(s, n) for s, n in known if n is not None and isinstance(_context(s), ast.Load)]
        for at, (one, a) in enumerate(arrays):
            for other, b in arrays[at + 1 :]:
                if a.shapes & b.shapes and a.text != b.text and a.value.size > 1:
                    news = [other.get(), one.get()]
                    yield replace_all(GRADIENT, place.statement, [one, other], news, b.text)


def _counted(place: Place) -> Iterator[Edit]:
    """Offer, where a loop writes out one key, the name by which it goes through all of them."""
    names = {
        node.slice.id
        for statement in place.block
        for node in ast.walk(statement)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name)
    }
    for slot in read(place) if names else ():
        node = slot.get()
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            for name in sorted(names):
                new = ast.Subscript(node.value, ast.Name(name, ast.Load()), ast.Load())
                yield replace(GRADIENT, place.statement, slot, new, name)


def read(place: Place) -> list[Slot]:
    """List what a statement reads: names, attributes and items."""
    return [s for s in place.slots() if isinstance(_context(s), ast.Load)]


def _context(slot: Slot) -> ast.expr_context | None:
    return getattr(slot.get(), "ctx", None)


def _key(node: ast.Subscript) -> str | None:
    found = node.slice
    if isinstance(found, ast.Constant) and isinstance(found.value, str):
        return found.value
    return None


def _keys(tree: ast.Module) -> set[str]:
    """List the keys that the program writes out anywhere."""
    found = {_key(n) for n in ast.walk(tree) if isinstance(n, ast.Subscript)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            found |= {k.value for k in node.keys if isinstance(k, ast.Constant)}  # type: ignore[misc]
    return {key for key in found if isinstance(key, str)}


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer every array of the same shape in place of each array that a statement reads."""
    for place in scene.early():
        texts: dict[str, list[Slot]] = {}
        for slot in place.slots():
            node = slot.get()
            if isinstance(getattr(node, "ctx", None), ast.Load):
                texts.setdefault(ast.unparse(node), []).append(slot)
        for slot in place.slots():  # what an activation's derivative is taken of
            if _is_worked_out_argument(scene, place, slot):
                texts.setdefault(ast.unparse(slot.get()), []).append(slot)
        for text, where in texts.items():
            named = place.names.get(text)
            if named is None or max((_size(s) for s in named.shapes), default=0) < 2:
                continue
            for other in _others(place, named):
                yield from _swaps(scene, place, where, other)
            yield from _wider(scene, place, where, named)
            yield from _turned(scene, place, where, named)


def _turned(scene: Scene, place: Place, where: list[Slot], named: Named) -> Iterator[Edit]:
    """Offer a matrix transposed in a product, where it has the shape only so: W2.T for W1."""
    shape = named.value.shape[::-1]
    if named.value.ndim != 2 or shape in named.shapes:
        return
    others = [n for n in place.choices if n.kind != "inner" and shape in n.shapes][:_MOST]
    for slot in where:
        parent = slot.parent
        attribute = isinstance(parent, ast.Attribute) and parent.attr in ("dot", "T")
        product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
        for other in others if attribute or product or isinstance(parent, ast.Call) else ():
            if not written_here(place, other.text):
                new = ast.Attribute(expression(other.text), "T", ast.Load())
                yield replace(
                    naming.code(scene, place, slot), place.statement, slot, new, other.text
                )


def _wider(scene: Scene, place: Place, where: list[Slot], named: Named) -> Iterator[Edit]:
    """Offer arrays of the shape of the other side, where a smaller one is spread along it.

    As it is, or by what a helper makes of it: d * sigmoid_prime(a2) where a1 was meant.
    """
    for slot in where:
        outer = _holder(place, slot)
        held = outer.parent
        if not isinstance(held, ast.BinOp) or not isinstance(held.op, ast.Mult | ast.Div):
            continue
        side = place.names.get(ast.unparse(held.left if outer.name == "right" else held.right))
        if side is None or not _is_spread(named.value.shape, side.value.shape):
            continue
        for other in _others(place, side):
            if other.reached and other.kind != "inner":
                new = expression(other.text)
                yield replace(
                    naming.code(scene, place, slot), place.statement, slot, new, other.text
                )


def _holder(place: Place, slot: Slot) -> Slot:
    """Give the slot of the call whose only argument stands in a slot; or else the slot itself."""
    call = slot.parent
    if not isinstance(call, ast.Call) or len(call.args) != 1 or slot.name != "args":
        return slot
    return next((s for s in place.slots() if s.get() is call), slot)


def _is_spread(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Tell whether an array of one shape is spread along one of another."""
    if len(small) < len(large):
        return bool(small)
    pairs = list(zip(small, large, strict=False))
    return len(small) == len(large) and all(s in (1, n) for s, n in pairs) and small != large


def _is_worked_out_argument(scene: Scene, place: Place, slot: Slot) -> bool:
    """Tell whether something worked out on the spot is what a derivative is taken of."""
    call = slot.parent
    if not isinstance(call, ast.Call) or slot.name != "args" or slot.index != 0:
        return False
    if isinstance(slot.get(), ast.Name | ast.Attribute | ast.Subscript):
        return False
    return naming.code(scene, place, slot) == ARGUMENT


def whole(scene: Scene) -> Iterator[Edit]:
    """Offer whole arrays where a statement reads only parts of them, and the arrays themselves
    where it reads something made of their shape or sign only, or where they are positive.
    """
    parameters = penalty.parameter_names(scene)
    for place in scene.early():
        parts = [s for s in place.slots() if _is_part(s)]
        if parts:
            news = [_inner(s.get()) for s in parts]
            yield replace_all(ARRAY, place.statement, parts, news, "whole")
        for slot in place.slots():
            node = slot.get()
            if _is_mask(node):
                yield replace(LOSS, place.statement, slot, node.left, "size", cost=2)
            if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
                name = getattr(node.func, "attr", "")
                if name in ("ones_like", "zeros_like", "sign", "abs", "random"):
                    shrunk = name == "sign" and ast.unparse(node.args[0]) in parameters
                    bent = name in ("sign", "abs") and _is_difference(node.args[0])
                    code = PENALTY if shrunk else LOSS if bent else ARRAY
                    yield replace(code, place.statement, slot, node.args[0], name)


def _is_mask(node: ast.expr) -> TypeGuard[ast.Compare]:
    """Tell whether x > 0 stands here: the slope of a hinge, where x is that of its square."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Gt | ast.GtE):
        return False
    bound = node.comparators[0]
    return isinstance(bound, ast.Constant) and bound.value == 0


def _is_difference(node: ast.expr) -> bool:
    """Tell whether a difference stands here, whose sign is the slope of the absolute error."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)


def unwrapped(scene: Scene) -> Iterator[Edit]:
    """Offer z for f(z) where it is handed on to another function of the program."""
    own = {n.name for n in ast.walk(scene.source.tree) if isinstance(n, ast.FunctionDef)}
    for place in scene.early():
        for slot in place.slots():
            node, parent = slot.get(), slot.parent
            if slot.name != "args" or not isinstance(node, ast.Call):
                continue
            if not isinstance(parent, ast.Call) or not {_called(node), _called(parent)} <= own:
                continue
            slope = derivative_like(_called(parent))
            for inner in node.args:
                named = place.names.get(ast.unparse(inner))
                if named is None or max((_size(s) for s in named.shapes), default=0) > 1:
                    code = ARGUMENT if slope else ARRAY
                    yield replace(code, place.statement, slot, inner, ast.unparse(inner))


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _is_part(slot: Slot) -> bool:
    node = slot.get()
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return False
    pieces = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return all(isinstance(piece, ast.Slice) for piece in pieces)


def _inner(node: ast.expr) -> ast.expr:
    assert isinstance(node, ast.Subscript)
    return node.value


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size


def _others(place: Place, named: Named) -> list[Named]:
    found = [
        other
        for other in place.choices
        if other.text != named.text
        and other.shapes & named.shapes
        and not written_here(place, other.text)
    ]
    kinds = {"assign": 0, "argument": 0, "held": 1, "inner": 2}
    found = [o for o in found if o.kind != "inner" or _is_plain(o.text)]
    return sorted(found, key=lambda o: (kinds.get(o.kind, 3), o.order))[:_MOST]


def _is_plain(text: str) -> bool:
    """Take an unnamed result only when it reads as a pre-activation: a product plus a bias."""
    node = expression(text)
    return isinstance(node, ast.Subscript | ast.Attribute) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    )


def written_here(place: Place, text: str) -> bool:
    """Tell whether a statement gives its value to what a text names."""
    statement = place.statement
    target = (
        getattr(statement, "target", None) or (getattr(statement, "targets", None) or [None])[0]
    )
    return target is not None and ast.unparse(target) == text


def _is_stored_into(slot: Slot) -> bool:
    parent = slot.parent
    return isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)


def _swaps(scene: Scene, place: Place, where: list[Slot], other: Named) -> Iterator[Edit]:
    if other.kind == "argument":  # nobody means to write into what a function is handed
        where = [slot for slot in where if not _is_stored_into(slot)]
    for slot in where:
        code = naming.code(scene, place, slot)
        if code == ARGUMENT and not other.reached and other.kind != "held":
            code = ARRAY  # data is no argument of a slope
        if code in (ARRAY, ARGUMENT) and naming.lacks_factor(scene, place, slot, other):
            code = MISSING
        yield replace(code, place.statement, slot, expression(other.text), other.text)
    if len(where) > 1:
        code = naming.code(scene, place, where[0])
        news = [expression(other.text) for _ in where]
        yield replace_all(code, place.statement, where, news, other.text)
