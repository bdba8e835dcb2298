"""What it is called to read another array than was meant, by where it stands."""

from __future__ import annotations

import ast
import math

from losscope.auditing.causes.edit import Slot
from losscope.auditing.causes.places import Named, Place, Scene, derivative_like, target

ARGUMENT, MISSING, ARRAY, GRADIENT = "LS002", "LS003", "LS014", "LS016"
_CURVED = ("power", "square", "cosh", "sinh", "cos", "sin", "heaviside", "exp", "tanh", "where")
_NO_SLOPE = ("dot", "matmul", "sum", "mean", "backward")


def code(scene: Scene, place: Place, slot: Slot) -> str:
    """Name the fault where what stands in a slot is the wrong array."""
    named = place.names.get(ast.unparse(slot.get()))
    if named is not None and named.shapes & _written_shapes(scene, place):
        return GRADIENT if named.value.size > 1 or _is_alone(place, named) else ARRAY
    if _is_given_twice(place, slot):
        return GRADIENT
    if _is_asked_for_slope(slot) or _is_bent(slot) or _in_slope(scene, place, slot):
        return ARGUMENT
    parent = slot.parent
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult):
        text, whole = ast.unparse(slot.get()), ast.unparse(place.statement)
        if f"1 - {text}" in whole:
            return ARGUMENT
    return ARRAY


def _is_given_twice(place: Place, slot: Slot) -> bool:
    """Tell whether a function gives one array back under two names: one of them is another's."""
    if not isinstance(place.statement, ast.Return) or not isinstance(slot.get(), ast.Name):
        return False
    given = [ast.unparse(n) for n in ast.walk(place.statement) if isinstance(n, ast.Name)]
    several = isinstance(slot.parent, ast.Dict | ast.Tuple | ast.List)
    return several and given.count(ast.unparse(slot.get())) > 1


def _is_alone(place: Place, named: Named) -> bool:
    """Tell whether a step is made of one gradient that is a number, and of no other such number."""
    texts = {ast.unparse(n) for n in ast.walk(place.statement) if isinstance(n, ast.expr)}
    others = [n for n in place.numbers if n.text in texts and n.reached and n.text != named.text]
    given = target(place.statement)
    return named.reached and all(n.text == given for n in others)


def _is_asked_for_slope(slot: Slot) -> bool:
    """Tell whether a function that sounds like a slope, or one of a table, is called with it."""
    parent = slot.parent
    if not isinstance(parent, ast.Call) or slot.name != "args":
        return False
    name = getattr(parent.func, "attr", getattr(parent.func, "id", ""))
    own = derivative_like(name) and name not in _NO_SLOPE
    named = any(derivative_like(k.arg or "") for k in parent.keywords)  # f(x, deriv=True)
    return own or named or isinstance(parent.func, ast.Subscript)


def _is_bent(slot: Slot) -> bool:
    """Tell whether x stands in a comparison, a power, or in 1 - x."""
    parent = slot.parent
    if not isinstance(parent, ast.BinOp):
        return isinstance(parent, ast.Compare)
    if isinstance(parent.op, ast.Sub) and slot.name == "right":
        return isinstance(parent.left, ast.Constant) and parent.left.value == 1
    return isinstance(parent.op, ast.Pow)


def lacks_factor(scene: Scene, place: Place, slot: Slot, other: Named) -> bool:
    """Tell whether a line passes on dh where dz = dh * slope was worked out to be passed on."""
    if _is_passed_by(scene, slot, other):
        return True
    if place.shapes & {p.shape for p in scene.judgement.measured.parameters}:
        return False  # the gradient of a parameter: it is formed with the wrong array
    own = ast.unparse(slot.get())
    if isinstance(place.statement, ast.Expr):
        return _is_left_out(place, own, other)
    if not place.shapes:
        return False
    made = [p.value for p in scene.places if target(p.statement) == other.text]
    return any(
        isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Mult)
        and own in (ast.unparse(value.left), ast.unparse(value.right))
        for value in made
    )


def _is_passed_by(scene: Scene, slot: Slot, other: Named) -> bool:
    """Tell whether da = relu_backward(dh, z) was worked out, and dh is handed on for da."""
    own = ast.unparse(slot.get())
    made = [p.value for p in scene.places if target(p.statement) == other.text]
    return isinstance(slot.parent, ast.Call) and any(
        isinstance(value, ast.Call)
        and derivative_like(ast.unparse(value.func))
        and own in [ast.unparse(a) for a in value.args]
        for value in made
    )


def _is_left_out(place: Place, own: str, other: Named) -> bool:
    """Tell whether relu.backward(dh) stands beside, and dh is handed on for relu.dinputs."""
    owner = other.text.rpartition(".")[0]
    calls = [s.value for s in place.block if isinstance(s, ast.Expr)]
    return bool(owner) and any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) == owner
        and own in [ast.unparse(a) for a in call.args]
        for call in calls
    )


def _written_shapes(scene: Scene, place: Place) -> set[tuple[int, ...]]:
    """List the shapes of the parameters that a statement writes, or of the rows of them.

    A row's gradient stands in the step by itself: x in W[i] -= rate * x * d is none.
    """
    names = scene.writes(place)
    shapes = {p.shape for p in scene.judgement.measured.parameters if p.name in names}
    given = place.statement.target if isinstance(place.statement, ast.AugAssign) else None
    if isinstance(given, ast.Subscript) and place.value is not None:
        arrays = [n for n in _arrays(place, place.value) if ast.unparse(n) != ast.unparse(given)]
        if len(arrays) == 1:
            shapes |= {shape[1:] for shape in shapes if len(shape) > 1}
    return shapes


def _in_slope(scene: Scene, place: Place, slot: Slot) -> bool:
    """Tell whether a statement multiplies by a function of what stands here, entry by entry.

    That is how a slope is written out: dh * np.cos(z), dh / (1 + np.exp(-z)).
    """
    way = _way(place.value, slot) if place.value is not None else []
    for at, node in enumerate(way):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            inside = way[at + 1] if at + 1 < len(way) else slot.get()
            other = node.left if inside is node.right else node.right
            if _arrays(place, other) and any(_is_curved(scene, n) for n in way[at + 1 :]):
                return True
    return False


def _way(node: ast.expr, slot: Slot) -> list[ast.expr]:
    """List what an expression in a slot stands in, from the outside to the inside."""
    if node is slot.parent:
        return [node]
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and (found := _way(child, slot)):
            return [node, *found]
    return []


def _is_curved(scene: Scene, node: ast.expr) -> bool:
    """Tell whether an expression bends what stands in it, entry by entry."""
    name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return name in _CURVED or name in scene.helpers or isinstance(node, ast.Compare)


def _arrays(place: Place, node: ast.expr) -> list[ast.expr]:
    """List the outermost names, attributes and items of an expression that hold arrays."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        named = place.names.get(ast.unparse(node))
        if named is not None:
            return [node] if max((math.prod(s) for s in named.shapes), default=0) > 1 else []
    inside = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
    return [found for n in inside for found in _arrays(place, n)]
