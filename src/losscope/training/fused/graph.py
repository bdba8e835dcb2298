"""NumPy lines as a graph of operations: what `emit` turns into loops.

A line is evaluated with stand-ins for arrays and for `np`, and so is the source of our own
functions: what is computed is what is printed, and no formula is written twice. A node belongs to
the rows of a matrix: it has one value a row (width 1) or one for each column.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Self

import numpy as np

from losscope.calculus.spelling import OWN_FUNCTIONS, numpy_definition


class UnsupportedError(TypeError):
    """An operation that fused loops do not know; another engine computes it."""


@dataclass(frozen=True)
class Node:
    """One operation.

    Parameters
    ----------
    op : its name; "leaf", "number" and "table" are read, not computed.
    args : nodes it reads.
    rows : whose rows these are: "m" for examples, "1" for one row shared by all.
    width : columns; 1 for one value a row.
    detail : name of a leaf, value of a number, entries of a table.
    """

    op: str
    args: tuple[Node, ...] = ()
    rows: str = "1"
    width: int = 1
    detail: Any = None
    _hash: int = field(default=0, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = (self.op, self.args, self.rows, self.width, self.detail)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:  # computed once: graphs are deep
        return self._hash


def number(value: float) -> Node:
    """A number known beforehand."""
    return Node("number", detail=float(value))


class Traced:
    """An array in the place of which operations are recorded."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def T(self) -> Traced:  # noqa: N802 - as in NumPy
        """Its transpose: only in a product."""
        return Traced(Node("transpose", (self.node,), self.node.rows, self.node.width))

    @property
    def shape(self) -> tuple[str, int]:
        """Rows by name, columns by number."""
        return (self.node.rows, self.node.width)

    dtype = None

    def __matmul__(self, other: Traced) -> Traced:
        left, right = _node(self), _node(other)
        rows = str(left.args[0].width) if left.op == "transpose" else left.rows
        return Traced(Node("product", (left, right), rows, _columns(right)))

    def __add__(self, other: Any) -> Any:
        return apply("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return apply("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return apply("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return apply("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return apply("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return apply("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return apply("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        return apply("power", self, other)

    def __neg__(self) -> Any:
        return apply("negative", self)

    def __gt__(self, other: Any) -> Any:
        return apply("greater", self, other)

    def __ge__(self, other: Any) -> Any:
        return apply("greater_equal", self, other)

    def __lt__(self, other: Any) -> Any:
        return apply("less", self, other)

    def __le__(self, other: Any) -> Any:
        return apply("less_equal", self, other)

    def __eq__(self, other: object) -> Any:
        return apply("equal", self, other)

    def __and__(self, other: Any) -> Any:
        return apply("logical_and", self, other)

    def __or__(self, other: Any) -> Any:
        return apply("logical_or", self, other)

    def __iadd__(self, other: Any) -> Self:
        self.node = apply("add", self, other).node
        return self

    def __isub__(self, other: Any) -> Self:
        self.node = apply("subtract", self, other).node
        return self


class Part(Traced):
    """One column of an array, as a view: what is written into it is written into the array."""

    def __init__(self, whole: Traced, place: int) -> None:
        self.whole, self.place = whole, number(place)

    @property
    def node(self) -> Node:
        """The column as it stands."""
        return _pick(self.whole.node, self.place)

    @node.setter
    def node(self, value: Node) -> None:
        self.whole.node = _put(self.whole.node, self.place, value)

    def __getitem__(self, _: Any) -> Traced:
        return Traced(self.node)

    def __setitem__(self, _: Any, value: Any) -> None:
        self.node = _node(value)


def _node(value: Any) -> Node:
    return value.node if isinstance(value, Traced) else number(value)


def _columns(node: Node) -> int:
    return int(node.args[0].rows) if node.op == "transpose" else node.width


def join(nodes: tuple[Node, ...]) -> tuple[str, int]:
    """Rows and width of an elementwise operation."""
    rows = {node.rows for node in nodes} - {"1"}
    widths = {node.width for node in nodes} - {1}
    if len(rows) > 1 or len(widths) > 1:
        raise UnsupportedError(f"arrays of different shapes: {rows} {widths}")
    return (rows.pop() if rows else "1", widths.pop() if widths else 1)


def apply(op: str, *values: Any) -> Any:
    """Record an elementwise operation; of numbers alone it is computed."""
    if not any(isinstance(value, Traced) for value in values):
        return getattr(np, op)(*values)
    nodes = tuple(_node(value) for value in values)
    return Traced(Node(op, nodes, *join(nodes)))


def _reduce(op: str, value: Traced, axis: int) -> Traced:
    node = _node(value)
    if axis == 0:
        return Traced(Node(f"column_{op}", (node,), "1", node.width))
    if axis != -1:
        raise UnsupportedError(f"{op} along axis {axis}")
    return Traced(Node(f"row_{op}", (node,), node.rows, 1))


def _pick(node: Node, place: Node) -> Node:
    return Node("pick", (node, place), node.rows, 1) if node.width > 1 else node


def _put(node: Node, place: Node, value: Node) -> Node:
    if value.width > 1:
        raise UnsupportedError("several columns are written at once")
    return Node("put", (node, place, value), *join((node, place, value)))


def _put_along(array: Traced, places: Any, values: Any, axis: int) -> None:
    array.node = _put(array.node, _node(places), _node(values)) if axis == -1 else array.node


def _split(array: Traced, parts: int, axis: int) -> list[Traced]:
    if axis != -1 or array.node.width != parts:
        raise UnsupportedError("parts of several columns")
    if parts == 1:
        return [array]
    return [Part(array, k) for k in range(parts)]


def _filled(like: Any, value: float) -> Traced:
    node = _node(like)
    return Traced(Node("fill", (number(value),), node.rows, node.width))


def _array(value: Any) -> Traced:
    if isinstance(value, Traced):
        return Traced(value.node)
    entries = tuple(float(v) for v in value)
    return Traced(Node("table", (), "1", len(entries), entries))


def _row_operation(op: str) -> Callable[..., Traced]:
    def record(value: Traced, axis: int = -1) -> Traced:
        if axis != -1:
            raise UnsupportedError(f"{op} along axis {axis}")
        node = _node(value)
        return Traced(node if node.width == 1 else Node(op, (node,), node.rows, node.width))

    return record


def _others(value: Traced) -> Traced:
    node = _node(value)
    if node.width == 1:
        return _filled(value, 0.0)
    return Traced(Node("others", (node,), node.rows, node.width))


def _errstate(**_: Any) -> AbstractContextManager[None]:
    return nullcontext()


_ELEMENTWISE = (
    *("exp", "log", "log1p", "expm1", "tanh", "cosh", "sinh", "sqrt", "sign", "square"),
    *("maximum", "minimum", "where", "heaviside"),
)
_NAMES: dict[str, Any] = {
    **{op: lambda *values, op=op: apply(op, *values) for op in _ELEMENTWISE},
    "abs": lambda x: apply("absolute", x),
    "sum": lambda x, axis, keepdims=True: _reduce("sum", x, axis),  # noqa: ARG005
    "max": lambda x, axis, keepdims=True: _reduce("max", x, axis),  # noqa: ARG005
    "argmax": lambda x, axis: _reduce("argmax", x, axis),
    "expand_dims": lambda x, _: x,
    "take_along_axis": lambda x, k, axis: Traced(_pick(_node(x), _node(k))),  # noqa: ARG005
    "put_along_axis": _put_along,
    "take": lambda x, places, axis: Traced(_pick(_node(x), number(places[0]))),  # noqa: ARG005
    "split": _split,
    "array": _array,
    "asarray": _array,
    "zeros_like": lambda x: _filled(x, 0.0),
    "ones_like": lambda x: _filled(x, 1.0),
    "shape": lambda x: x.shape,
    "sort": _row_operation("sort"),
    "cumsum": _row_operation("cumsum"),
    "errstate": _errstate,
    "pi": math.pi,
    "inf": math.inf,
}
STAND_IN = SimpleNamespace(**_NAMES)
"""What a line finds under the name `np`."""


@lru_cache(maxsize=1)
def _functions() -> dict[str, Any]:
    """Our own functions, their `np` being the stand-in."""
    space: dict[str, Any] = {"np": STAND_IN}
    for name in OWN_FUNCTIONS:
        exec(numpy_definition(name), space)  # noqa: S102 - the source of numpy_functions itself
    space["Others"] = _others
    space["ndtr"] = lambda z: apply("ndtr", z)
    return space


def trace(source: str, leaves: dict[str, Any]) -> Node:
    """The graph of one line.

    Parameters
    ----------
    source : right-hand side, in NumPy.
    leaves : what its names stand for: nodes or numbers.

    Raises
    ------
    UnsupportedError : where it does what fused loops cannot.
    """
    values = {k: Traced(v) if isinstance(v, Node) else v for k, v in leaves.items()}
    try:
        found = eval(source, {**_functions(), **values})  # noqa: S307 - a line of a derivation
    except (AttributeError, TypeError) as error:
        raise UnsupportedError(f"{source}: {error}") from error
    return _node(found)


def leaf(name: str, rows: str, width: int) -> Node:
    """A named array; `rows` is "m", "1" or the number of its rows."""
    return Node("leaf", (), rows, width, name)
