"""The activations that a program writes, and their slopes as its own forward pass has them.

An activation is any expression of one array that works entry by entry, written out or by a helper:
`a = np.tanh(z)`, `A[l] = relu(W @ x + b)`.  Its slope is measured by differences, and then written
as people do where a usual form agrees with it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing.causes import slopes
from losscope.auditing.causes.edit import expression, slots
from losscope.auditing.causes.helpers import NUMPY
from losscope.auditing.causes.named import Named
from losscope.auditing.instrument import clone
from losscope.auditing.leaves import same

Array = np.ndarray[Any, Any]
_X = "ls_x"
_STEP = 1e-5
_AGREES = 1e-6  # relative; of a slope that is measured by differences
_MOST = 4096  # entries that are looked at


@dataclass(frozen=True)
class Activation:
    """What the forward pass makes of one array, and how the slope may be written."""

    before: Array
    after: Array
    of_before: tuple[str, ...]  # forms of the pre-activation
    of_after: tuple[str, ...]  # forms of the activation


def find(
    tree: ast.Module,
    names: Mapping[str, Mapping[str, Named]],
    live: Mapping[str, Callable[..., Any]],
    numbers: Mapping[str, float],
) -> list[Activation]:
    """List the activations of a program, from all that its statements work out."""
    found: list[Activation] = []
    seen: set[tuple[str, str]] = set()
    for function, statement in _statements(tree, ""):
        known = names.get(function, {})
        inputs: set[str] = set()  # of the outermost expressions: what stands inside is a part
        for slot in slots(statement) if known else ():
            node, text = slot.get(), ast.unparse(slot.get())
            if (function, text) in seen or not _may_bend(node):
                continue
            seen.add((function, text))
            for name in dict.fromkeys(ast.unparse(s.get()) for s in slots(node)):
                named = known.get(name)
                if name in inputs or named is None or len(named.shapes) > 1:
                    continue
                made = _activation(node, named, _function(node, name, known, live, numbers))
                if made is not None:
                    inputs.add(name)
                    found.append(made)
    return found


def _statements(node: ast.AST, function: str) -> Iterator[tuple[str, ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        inside = function
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{function}.{child.name}" if function else child.name
        if isinstance(child, ast.Assign | ast.Return | ast.AnnAssign | ast.Expr):
            yield function, child
        yield from _statements(child, inside)


def _may_bend(node: ast.expr) -> bool:
    """Tell whether an expression may be more than a name, a product or a sum of arrays."""
    return isinstance(node, ast.Call | ast.BinOp) and any(
        isinstance(n, ast.Call) for n in ast.walk(node)
    )


def _activation(
    node: ast.expr, named: Named, function: Callable[[Array], Any] | None
) -> Activation | None:
    """Describe what an expression makes of one array; None where it is no activation."""
    z = named.value
    made = _entry_by_entry(function, z) if function is not None and z.size > 1 else None
    slope = _slope(made, z) if made is not None else np.zeros(1)
    if made is None or np.ptp(slope) == 0:
        return None  # a multiple, or the array itself
    before = tuple(f for f in slopes.EVERY if _agrees(f, z, z, slope))
    after = tuple(f for f in slopes.EVERY if _agrees(f, made(z), z, slope))
    if not before and isinstance(expression(named.text), ast.Name | ast.Attribute | ast.Subscript):
        before = _differences(node, named.text)
    return Activation(z, made(z), before, after) if before or after else None


def _function(
    node: ast.expr,
    text: str,
    known: Mapping[str, Named],
    live: Mapping[str, Callable[..., Any]],
    numbers: Mapping[str, float],
) -> Callable[[Array], Any] | None:
    """Make a function of one array of an expression that speaks of no other."""
    reader = _Reader(text, known, live, numbers)
    tree = ast.Expression(reader.visit(clone(node)))
    if reader.fails:
        return None
    try:
        code = compile(ast.fix_missing_locations(tree), "activation", "eval")
    except (SyntaxError, ValueError, TypeError):
        return None
    return lambda x: eval(code, {**NUMPY, **live, _X: x})  # noqa: S307 - the program's own


class _Reader(ast.NodeTransformer):
    """Puts x for one array, numbers for the names of numbers, and plain names for methods."""

    def __init__(
        self,
        text: str,
        known: Mapping[str, Named],
        live: Mapping[str, Callable[..., Any]],
        numbers: Mapping[str, float],
    ) -> None:
        self.text, self.known, self.live, self.numbers = text, known, live, numbers
        self.fails = False

    def visit(self, node: ast.AST) -> Any:
        """Exchange what can be spoken of."""
        if not isinstance(node, ast.expr):
            return super().visit(node)
        text = ast.unparse(node)
        if text == self.text:
            return ast.Name(_X, ast.Load())
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in self.live:
                node.func = ast.Name(name, ast.Load())
            elif not ast.unparse(node.func).startswith(("np.", "numpy.", "math.")):
                self.fails = True
            node.args = [self.visit(a) for a in node.args]
            return node
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return self._number(node, text)
        return super().generic_visit(node)

    def _number(self, node: ast.expr, text: str) -> ast.expr:
        own = [
            v for k, v in self.numbers.items() if k.rpartition(".")[2] == text.rpartition(".")[2]
        ]
        named = self.known.get(text)
        if named is not None and named.value.size == 1:
            return ast.Constant(float(named.value.ravel()[0]))
        if named is None and own:
            return ast.Constant(own[0])
        if text not in NUMPY:
            self.fails = True
        return node


def _entry_by_entry(function: Callable[[Array], Any], z: Array) -> Callable[[Array], Array] | None:
    """Give a function of arrays, where each entry of its answer is made of one entry of z."""

    def made(x: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(function(np.array(x)), dtype=np.float64)

    try:
        whole, moved = made(z), z.copy()
        moved.flat[0] += 0.5
        other = made(moved)
        part = made(z.ravel()[-1:])
    except Exception:  # noqa: BLE001 - it is the program's own
        return None
    if whole.shape != z.shape or other.shape != z.shape or not np.all(np.isfinite(whole)):
        return None
    alone = same(whole.ravel()[1:], other.ravel()[1:]) and part.shape == (1,)
    return made if alone and np.allclose(part, whole.ravel()[-1:], rtol=1e-12) else None


def _slope(function: Callable[[Array], Array], z: Array) -> Array:
    return (function(z + _STEP) - function(z - _STEP)) / (2 * _STEP)


def _agrees(form: str, x: Array, z: Array, slope: Array) -> bool:
    """Tell whether a form, taken of x, is the slope; but for kinks that lie too near."""
    try:
        with np.errstate(all="ignore"):
            value = eval(form.format("x"), {"np": np, "x": x.ravel()[:_MOST]})  # noqa: S307 - ours
    except (FloatingPointError, ValueError):
        return False
    far = np.abs(z.ravel()[:_MOST]) > 2 * _STEP
    close = np.abs(value - slope.ravel()[:_MOST]) <= _AGREES * (1e-3 + np.abs(value))
    return bool(np.any(far) and np.all(close[far]))


def _differences(node: ast.expr, text: str) -> tuple[str, ...]:
    """Write the slope of an expression by differences, where it has no usual form."""
    whole = ast.unparse(node).replace("{", "{{").replace("}", "}}")
    if whole.count(text) != 1 or len(whole) > 60:
        return ()
    ahead, behind = (whole.replace(text, f"({{0}} {s} {_STEP})") for s in "+-")
    return (f"(({ahead}) - ({behind})) / {2 * _STEP}",)


def slopes_at(found: list[Activation], named: Named) -> list[str]:
    """Write the slopes of the activation whose input or result an array is."""
    out = []
    for one in found:
        if same(named.value, one.before):
            out += [slopes.written_of(form, named.text) for form in one.of_before]
        elif same(named.value, one.after):
            out += [slopes.written_of(form, named.text) for form in one.of_after]
    return out


def forms(found: list[Activation]) -> list[str]:
    """List the slopes of all activations, of whatever they are taken."""
    return list(dict.fromkeys(f for one in found for f in (*one.of_before, *one.of_after)))
