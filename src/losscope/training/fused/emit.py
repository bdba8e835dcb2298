"""A graph of operations as fused loops: Python source that Numba compiles.

All that is done to one row of a matrix is done at once. Within a row, operations on columns share
loops; a reduction over the columns ends a loop, and what depends on it stands in a later one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from losscope.training.fused.graph import Node, UnsupportedError

READ = {"leaf", "number", "table", "scalar", "fill"}
LOGICAL = {
    *("greater", "greater_equal", "less", "less_equal", "equal"),
    *("logical_and", "logical_or"),
}
ROW_OPERATIONS = {"sort", "cumsum", "others"}
REDUCTIONS = {"row_sum", "row_max", "row_argmax"}
_CODE = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "negative": "-{0}",
    "absolute": "abs({0})",
    "square": "{0} * {0}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "equal": "{0} == {1}",
    "logical_and": "{0} & {1}",
    "logical_or": "{0} | {1}",
    "where": "{1} if {0} else {2}",
    "maximum": "{0} if ({0} > {1} or {0} != {0}) else {1}",  # NaN stays NaN, as in NumPy
    "minimum": "{0} if ({0} < {1} or {0} != {0}) else {1}",
    "heaviside": "ONE if {0} > ZERO else ZERO",
    "sign": "ONE if {0} > ZERO else (-ONE if {0} < ZERO else {0})",
    "ndtr": "HALF * F(math.erfc(-{0} * ROOT_HALF))",
    "put": "{2} if j == {1} else {0}",
}
_FUNCTIONS = {"exp", "log", "log1p", "expm1", "tanh", "cosh", "sinh", "sqrt"}


@dataclass(frozen=True)
class Store:
    """What becomes of a value: an array's elements, or (`total`) a sum over all rows."""

    name: str
    node: Node
    total: bool = False


def at_row(node: Node) -> str:
    """Element of a leaf in row i, column j."""
    row = "0" if node.rows == "1" else "i"
    return f"{node.detail}[{row}, {'0' if node.width == 1 else 'j'}]"


class Loops:
    """Source of one pass over rows.

    Parameters
    ----------
    stores : what is wanted, in order; all of the same rows.
    rows, columns : code of how many there are.
    numbers : constants met so far, value -> name; shared by a module.
    read : code of a leaf's element.
    """

    def __init__(
        self,
        stores: Sequence[Store],
        rows: str,
        columns: str,
        numbers: dict[object, str],
        read: Callable[[Node], str] = at_row,
    ) -> None:
        self.stores = stores
        self.rows, self.columns = rows, columns
        self.numbers = numbers
        self.read = read
        self.order = _ordered(_value(store) for store in stores)
        self.stage = _stages(self.order)
        self.names = {node: f"v{place}" for place, node in enumerate(self.order)}
        self.kept = self._kept()
        wide = any(_value(store).width > 1 for store in stores)
        self.last = max(0 if wide else -1, *self.stage.values())

    def _kept(self) -> dict[Node, str]:
        """Columns that a later loop reads again: each has a row of its own."""
        kept: dict[Node, str] = {}
        for node in self.order:
            for place, part in enumerate(node.args):
                whole = node.op in ROW_OPERATIONS or (node.op == "pick" and place == 0)
                if part.width == 1 or (part.op in READ and not (whole and part.op == "fill")):
                    continue
                later = node.width > 1 and self.stage[node] > self.stage[part]
                late = node.op in REDUCTIONS and self.stage[node] > self.stage[part]
                if whole or later or late or part.op in ROW_OPERATIONS:
                    kept.setdefault(part, f"kept{len(kept)}")
        for store in self.stores:
            if _value(store).op in ROW_OPERATIONS:
                kept.setdefault(_value(store), f"kept{len(kept)}")
        return kept

    def lines(self) -> list[str]:
        """The source, not indented."""
        head = []
        for node, name in self.kept.items():
            fill = self._use(node, -1) if node.op == "fill" else "ZERO"
            head.append(f"{name} = np.full({self.columns}, {fill})")
        for store in self.stores:
            if store.total:
                head.append(f"{store.name} = 0.0")
            elif store.node.op == "column_sum":
                head.append(f"{store.name}[:, :] = ZERO")
        body = self._scalars(-1)
        for stage in range(self.last + 1):
            body += self._loop(stage) + self._scalars(stage)
        return [*head, f"for i in range({self.rows}):", *indented(body or ["pass"])]

    def _loop(self, stage: int) -> list[str]:
        before: list[str] = []
        inside: list[str] = []
        after: list[str] = []
        for node in self.order:
            if self.stage[node] != stage or node.op in READ:
                continue
            if node.op in REDUCTIONS and node.args[0].width > 1:
                first, each = self._reduction(node)
                before += first
                after += each
            elif node.width > 1 and node.op not in ROW_OPERATIONS:
                inside.append(f"{self.names[node]} = {self._code(node)}")
                if node in self.kept:
                    inside.append(f"{self.kept[node]}[j] = {self._float(node, stage)}")
        for store in self.stores:
            value = _value(store)
            if value.width > 1 and max(self._ready(value), 0) == stage:
                after.append(self._stored(store, self._float(value, stage)))
        inside += after
        return [*before, f"for j in range({self.columns}):", *indented(inside)] if inside else []

    def _scalars(self, stage: int) -> list[str]:
        """What is done once a row, after the loop of that stage."""
        found = []
        for node in self.order:
            if self.stage[node] != stage or node.op in READ:
                continue
            if node.op in ROW_OPERATIONS:
                found.append(f"_{node.op}({self._row(node.args[0])}, {self.kept[node]})")
            elif node.op in REDUCTIONS and node.args[0].width > 1:
                continue
            elif node.width == 1:
                found.append(f"{self.names[node]} = {self._code(node)}")
        for store in self.stores:
            value = _value(store)
            if value.width == 1 and self._ready(value) == stage:
                found.append(self._stored(store, self._float(value, stage)))
        return found

    def _ready(self, node: Node) -> int:
        """The loop (or what follows it) in which a value can be stored."""
        stage = self.stage[node]
        return stage + 1 if node.op in ROW_OPERATIONS and stage < self.last else stage

    def _stored(self, store: Store, value: str) -> str:
        if store.total:
            return f"{store.name} += {value}"
        if store.node.op == "column_sum":
            return f"{store.name}[0, {'0' if store.node.width == 1 else 'j'}] += {value}"
        wide = store.node.width > 1
        element = self.read(Node("leaf", (), "m", 2 if wide else 1, store.name))
        return f"{element} = {value}"

    def _reduction(self, node: Node) -> tuple[list[str], list[str]]:
        name, stage = self.names[node], self.stage[node]
        value = self._float(node.args[0], stage)
        if node.op == "row_sum":
            return [f"{name} = ZERO"], [f"{name} += {value}"]
        better = f"{value} > {name}"
        if node.op == "row_max":
            best = f"{name} = {value} if ({better} or {value} != {value}) else {name}"
            return [f"{name} = -INFINITY"], [best]
        top = f"top_{name}"
        return (
            [f"{name} = 0", f"{top} = -INFINITY"],
            [f"if {value} > {top}:", f"    {top} = {value}", f"    {name} = j"],
        )

    def _row(self, node: Node) -> str:
        """A whole row, as an array."""
        if node.op == "leaf":
            return f"{node.detail}[{'0' if node.rows == '1' else 'i'}]"
        return self.kept[node]

    def _number(self, value: object) -> str:
        return self.numbers.setdefault(value, f"K{len(self.numbers)}")

    def _use(self, node: Node, stage: int) -> str:
        """Code that reads a value in a given loop."""
        match node.op:
            case "number":
                return self._number(node.detail)
            case "fill":
                return self._use(node.args[0], stage)
            case "table":
                return f"{self._number(node.detail)}[j]"
            case "scalar":
                return str(node.detail)
            case "leaf":
                return self.read(node)
        if node in self.kept and (self.stage[node] < stage or node.op in ROW_OPERATIONS):
            element = f"{self.kept[node]}[j]"
            return f"({element} != ZERO)" if node.op in LOGICAL else element
        return self.names[node]

    def _float(self, node: Node, stage: int) -> str:
        used = self._use(node, stage)
        return f"(ONE if {used} else ZERO)" if node.op in LOGICAL else used

    def _code(self, node: Node) -> str:
        """Right-hand side of one operation."""
        stage = self.stage[node]
        if node.op in REDUCTIONS:  # of a single column
            return "0" if node.op == "row_argmax" else self._float(node.args[0], stage)
        if node.op == "pick":
            return f"{self._row(node.args[0])}[{self._place(node.args[1], stage)}]"
        use = self._use if node.op in {"logical_and", "logical_or"} else self._float
        values = [use(part, stage) for part in node.args]
        if node.op == "where":
            values[0] = self._use(node.args[0], stage)
        if node.op == "put":
            values[1] = self._place(node.args[1], stage)
        if node.op == "power":
            return self._power(values, node.args[1])
        if node.op in _FUNCTIONS:
            return f"np.{node.op}({values[0]})"
        if node.op not in _CODE:
            raise UnsupportedError(f"no loop for {node.op}")
        return _CODE[node.op].format(*values)

    def _place(self, node: Node, stage: int) -> str:
        if node.op == "number":
            return str(int(node.detail))
        return f"int({self._use(node, stage)})"

    def _power(self, values: list[str], exponent: Node) -> str:
        whole = exponent.detail if exponent.op == "number" else None
        if whole in {1.0, 2.0, 3.0, 4.0}:
            return " * ".join([values[0]] * int(whole))
        return f"{values[0]} ** {values[1]}"


def indented(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Lines one block deeper."""
    return ["    " * depth + line for line in lines]


def _value(store: Store) -> Node:
    """What is computed in the loops: the summands, for a sum."""
    return store.node.args[0] if store.node.op == "column_sum" else store.node


def _ordered(wanted: Iterable[Node]) -> list[Node]:
    """Every node once, after those it reads."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node in found:
            return
        for part in node.args:
            visit(part)
        if node.op in {"column_sum", "product", "transpose"}:
            raise UnsupportedError(f"{node.op} within an elementwise formula")
        found[node] = None

    for node in wanted:
        visit(node)
    return list(found)


def _stages(order: list[Node]) -> dict[Node, int]:
    """The loop in which each node can be computed first; then as late as its reader allows."""
    stage: dict[Node, int] = {}
    for node in order:
        if node.op in READ:
            stage[node] = -1
            continue
        wide = node.width > 1 and node.op not in ROW_OPERATIONS
        ready = [-1]
        for part in node.args:
            known = stage[part]
            over = part.op not in READ and (part.width == 1 or part.op in ROW_OPERATIONS)
            inner = wide or (node.op in REDUCTIONS and part.width > 1)
            ready.append(known + 1 if over and inner else known)
        inner = wide or (node.op in REDUCTIONS and node.args[0].width > 1)
        stage[node] = max(*ready, 0 if inner else -1)
    readers: dict[Node, list[Node]] = {}
    for node in order:
        for part in node.args:
            readers.setdefault(part, []).append(node)
    for node in reversed(order):
        if node.op in READ or node.width == 1 or node.op in ROW_OPERATIONS:
            continue
        if node not in readers or any(stage[part] != -1 for part in node.args):
            continue
        if all(r.width > 1 and r.op not in ROW_OPERATIONS for r in readers[node]):
            stage[node] = min(stage[r] for r in readers[node])
    return stage
