"""NumPy lines -> the same operations over buffers that are allocated once.

A line such as `dZ2 = (A2 - Y) / m` is parsed, and each of its operations becomes one NumPy call
with `out=`. Operations and their order are those of the line, so the bits are too. Our own
functions (σ, softmax, …) are opened up from the source that is printed into programs.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.calculus import numpy_functions
from losscope.calculus.spelling import OWN_FUNCTIONS, numpy_definition

Shape = tuple[int, ...]
Call = tuple[Any, tuple[Any, ...], dict[str, Any]]
"""A function, its arguments by place and by name."""

_BINARY = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.BitAnd: np.logical_and,
    ast.BitOr: np.logical_or,
}
_COMPARE = {
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Eq: np.equal,
}
_LOGICAL = {*_COMPARE.values(), np.logical_and, np.logical_or}
SEQUENTIAL = 8
"""NumPy adds fewer numbers than this along the last axis one after another."""
FEW_COLUMNS = 16
"""The largest of fewer numbers than this is found faster column by column."""
_REDUCE = {"sum": np.add, "max": np.maximum}


class Compiler:
    """Collects straight-line operations; `arrays` are the buffers that lines name.

    Parameters
    ----------
    arrays : named arrays (views are welcome); Python numbers name scalars.
    dtype : of the scratch buffers.
    """

    def __init__(self, arrays: dict[str, Any], dtype: np.dtype[Any]) -> None:
        self.arrays = arrays
        self.dtype = dtype
        self.calls: list[Call] = []
        self._free: dict[tuple[Shape, Any], list[NDArray[Any]]] = {}
        self._numbers: dict[float, NDArray[Any]] = {}

    def assign(self, target: NDArray[Any], source: str) -> None:
        """Compile `target[...] = source`."""
        _Line(self, _tree(source)).into(target)

    def value(self, source: str) -> NDArray[Any]:
        """Compile an operation; return the buffer that will hold its value, never used again."""
        tree = _tree(source)
        line = _Line(self, tree)
        line.left[line.key(tree)] += 1
        found: NDArray[Any] = line.visit(tree)
        return found

    def number(self, value: float) -> NDArray[Any]:
        """A number as an array without axes: half the time of a call, which need not convert it."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = np.array(value, self.dtype)
        return found

    def scratch(self, shape: Shape, dtype: Any) -> NDArray[Any]:
        """A buffer of that shape, one that has become free or a new one."""
        free = self._free.setdefault((shape, dtype), [])
        return free.pop() if free else np.empty(shape, dtype)

    def release(self, buffer: NDArray[Any]) -> None:
        """Let later operations use a scratch buffer again."""
        self._free.setdefault((buffer.shape, buffer.dtype), []).append(buffer)

    def emit(self, function: Any, *arguments: Any, **named: Any) -> None:
        """Add one operation."""
        self.calls.append((function, arguments, named))


class _Line:
    """One line being compiled: equal parts are computed once."""

    def __init__(self, compiler: Compiler, tree: ast.expr) -> None:
        self.compiler = compiler
        self.tree = tree
        self.key = _Keys()
        self.left = Counter(self.key(node) for node in self._visited())
        self.done: dict[int, Any] = {}

    def _visited(self) -> list[ast.expr]:
        """Nodes as they will be visited: below a repeated part only once."""
        seen: set[int] = set()
        found: list[ast.expr] = []

        def walk(node: ast.expr) -> None:
            found.append(node)
            key = self.key(node)
            if key in seen:
                return
            seen.add(key)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    walk(child)

        walk(self.tree)
        return found

    def into(self, target: NDArray[Any]) -> None:
        value = self.visit(self.tree, target)
        if value is not target:
            self.compiler.emit(np.copyto, target, value)

    def visit(self, node: ast.expr, target: NDArray[Any] | None = None) -> Any:
        """Emit what computes `node`; return the array (or number) that holds it."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.compiler.arrays[name]
            case ast.Attribute(value=of, attr="mT"):
                return self.visit(of).swapaxes(-1, -2)
            case ast.Attribute(attr="pi"):
                return np.pi
        key = self.key(node)
        if key in self.done:
            return self.done[key]
        value = self.operation(node, target)
        if isinstance(value, np.ndarray) and self.left[key] > 1 and value is not target:
            self.done[key] = value
        return value

    def operation(self, node: ast.expr, target: NDArray[Any] | None) -> Any:
        """Emit one operation on the values of its operands."""
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return self.call(np.matmul, [left, right], target)
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=2)):
                return self.call(np.square, [base], target)
            case ast.BinOp(left=left, op=op, right=right):
                return self.call(_BINARY[type(op)], [left, right], target)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.call(np.negative, [operand], target)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.call(_COMPARE[type(op)], [left, right], target)
            case ast.Call(func=ast.Attribute(attr=name), args=arguments, keywords=keywords):
                return self.numpy_call(name, arguments, keywords, target)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.own_call(name, arguments, target)
        raise TypeError(f"no operation for {ast.unparse(node)}")

    def numpy_call(
        self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], target: Any
    ) -> Any:
        """A function of NumPy: a ufunc, a reduction along an axis, or `where`."""
        if name in _REDUCE:
            return self.reduction(_REDUCE[name], arguments[0], keywords, target)
        if name == "where":
            return self.where(arguments, target)
        if name == "heaviside":  # 1 where x > 0: the same bits from a faster operation
            return self.call(np.greater, [arguments[0], ast.Constant(0)], target, number=True)
        return self.call(getattr(np, name), arguments, target)

    @property
    def float(self) -> np.dtype[Any]:
        """The dtype of the arithmetic."""
        return self.compiler.dtype

    def call(
        self,
        ufunc: Any,
        operands: list[ast.expr],
        target: NDArray[Any] | None,
        *,
        number: bool = False,
    ) -> Any:
        """Emit a ufunc; numbers alone are folded at once. A condition can be wanted as 0 and 1."""
        values = [self.visit(operand) for operand in operands]
        if not any(isinstance(value, np.ndarray) for value in values):
            return float(ufunc(*values))
        values = [
            v if isinstance(v, np.ndarray) else self.compiler.number(float(v)) for v in values
        ]
        if ufunc is np.matmul and values[0].shape[-1] == 1:
            return self.outer(operands, values, target)
        shape = _result_shape(ufunc, values)
        if number and ufunc in _LOGICAL:
            return self.as_number(ufunc, operands, values, target)
        dtype = np.dtype(bool) if ufunc in _LOGICAL else self.float
        out = self.spent(ufunc, operands, values, target)
        if out is None or out.shape != shape or out.dtype != dtype:
            out = self.room(shape, dtype, target)
        self.emit(ufunc, *values, out=out)
        self.finish(operands, values, out)
        return out

    def outer(self, operands: list[ast.expr], values: list[Any], target: Any) -> NDArray[Any]:
        """A column times a row: each times each, in half the time of a matrix product."""
        out = self.room(_result_shape(np.matmul, values), self.float, target)
        self.emit(np.multiply, *values, out=out)
        self.emit(np.add, out, self.compiler.number(0.0), out=out)  # a sum of one is never −0
        self.finish(operands, values, out)
        return out

    def emit(self, ufunc: Any, *values: Any, out: NDArray[Any]) -> None:
        """Add a call; `out` by its place, which takes less time, where that is allowed."""
        if ufunc in {np.maximum, np.minimum}:
            self.compiler.emit(ufunc, *values, out=out)
        else:
            self.compiler.emit(ufunc, *values, out)

    def spent(
        self, ufunc: Any, operands: list[ast.expr], values: list[Any], target: Any
    ) -> NDArray[Any] | None:
        """The largest operand, if nothing reads it later: it is in the cache and can be reused."""
        if ufunc is np.matmul:
            return None
        operand, value = max(zip(operands, values, strict=True), key=lambda pair: pair[1].size)
        if isinstance(operand, ast.Name | ast.Constant | ast.Attribute):
            return None
        if target is not None and target.shape == value.shape:
            return None
        key = self.key(operand)
        once = self.left[key] <= 1 and key not in self.done
        return value if once else None

    def as_number(
        self, ufunc: Any, operands: list[ast.expr], values: list[Any], target: Any
    ) -> NDArray[Any]:
        """A condition as 0 and 1: compared, then converted, which one call would do more slowly."""
        shape = _result_shape(ufunc, values)
        bits = self.compiler.scratch(shape, np.dtype(bool))
        self.emit(ufunc, *values, out=bits)
        out = self.room(shape, self.float, target)
        self.compiler.emit(np.copyto, out, bits)
        self.compiler.release(bits)
        self.finish(operands, values, out)
        return out

    def reduction(
        self, ufunc: Any, operand: ast.expr, keywords: list[ast.keyword], target: Any
    ) -> Any:
        value = self.visit(operand)
        axis = next(ast.literal_eval(k.value) for k in keywords if k.arg == "axis")
        shape = list(value.shape)
        shape[axis] = 1
        few = FEW_COLUMNS if ufunc is np.maximum else SEQUENTIAL
        if axis == -1 and 1 < value.shape[-1] < few:
            return self.column_by_column(ufunc, operand, value, tuple(shape))
        out = self.room(tuple(shape), self.compiler.dtype, target)
        self.compiler.emit(ufunc.reduce, value, axis, None, out, True)
        self.finish([operand], [value], out)
        return out

    def column_by_column(self, ufunc: Any, operand: ast.expr, value: Any, shape: Shape) -> Any:
        """Reduce few columns: an operation a column is faster, and of the same bits."""
        columns = [value[..., k : k + 1] for k in range(value.shape[-1])]
        out = self.compiler.scratch(shape, self.float)
        self.emit(ufunc, columns[0], columns[1], out=out)
        for column in columns[2:]:
            self.emit(ufunc, out, column, out=out)
        self.finish([operand], [value], out)
        return out

    def where(self, arguments: list[ast.expr], target: NDArray[Any] | None) -> Any:
        values = [self.visit(argument) for argument in arguments]
        condition, then, otherwise = values
        out = self.room(np.broadcast_shapes(*map(np.shape, values)), self.compiler.dtype, target)
        if any(out is value for value in values):
            out = self.compiler.scratch(out.shape, out.dtype)
        self.compiler.emit(np.copyto, out, otherwise)
        self.compiler.emit(np.copyto, out, then, where=condition)
        self.finish(arguments, values, out)
        return out

    def own_call(self, name: str, arguments: list[ast.expr], target: Any) -> Any:
        """One of our functions that could not be opened up: called, and its result copied."""
        if name == "Others":
            return self.others(arguments, target)
        values = [self.visit(argument) for argument in arguments]
        function = getattr(numpy_functions, name)
        probe = function(*[np.zeros_like(v) if isinstance(v, np.ndarray) else v for v in values])
        out = self.room(np.shape(probe), self.compiler.dtype, target)
        self.compiler.emit(_copy_result, out, function, *values)
        self.finish(arguments, values, out)
        return out

    def others(self, arguments: list[ast.expr], target: Any) -> Any:
        """The sum of the other classes: a product with a constant matrix."""
        (value,) = [self.visit(argument) for argument in arguments]
        count = value.shape[-1]
        out = self.room(value.shape, self.float, None if value is target else target)
        self.compiler.emit(np.matmul, value, 1 - np.eye(count, dtype=self.float), out)
        self.finish(arguments, [value], out)
        return out

    def room(self, shape: Shape, dtype: Any, target: NDArray[Any] | None) -> NDArray[Any]:
        """The target itself where it fits, else scratch."""
        if target is not None and target.shape == shape and target.dtype == dtype:
            return target
        return self.compiler.scratch(shape, dtype)

    def finish(self, operands: list[ast.expr], values: list[Any], out: Any) -> None:
        """Release scratch operands that nothing will read again."""
        for operand, value in zip(operands, values, strict=True):
            if isinstance(operand, ast.Name | ast.Constant | ast.Attribute):
                continue
            key = self.key(operand)
            self.left[key] -= 1
            if isinstance(value, np.ndarray) and self.left[key] <= 0 and value is not out:
                self.compiler.release(value)


class _Keys:
    """A number for each distinct expression, equal for equal source."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.known: dict[int, int] = {}

    def __call__(self, node: ast.AST) -> int:
        """The number of `node`."""
        found = self.known.get(id(node))
        if found is None:
            parts = [type(node), *(self._part(getattr(node, name)) for name in node._fields)]
            found = self.numbers.setdefault(tuple(parts), len(self.numbers))
            self.known[id(node)] = found
        return found

    def _part(self, value: Any) -> Any:
        if isinstance(value, ast.expr_context):
            return None
        if isinstance(value, ast.AST):
            return self(value)
        if isinstance(value, list):
            return tuple(self._part(item) for item in value)
        return (type(value), value)


def _result_shape(ufunc: Any, values: list[Any]) -> Shape:
    shapes = [np.shape(value) for value in values]
    if ufunc is not np.matmul:
        return np.broadcast_shapes(*shapes)
    left, right = shapes
    return (*np.broadcast_shapes(left[:-2], right[:-2]), left[-2], right[-1])


def _copy_result(out: NDArray[Any], function: Any, *values: Any) -> None:
    np.copyto(out, function(*values))


@lru_cache(maxsize=1024)
def _tree(source: str) -> ast.expr:
    """A line with our own functions opened up; nobody changes it."""
    return inline(ast.parse(source, mode="eval").body)


def inline(tree: ast.expr) -> ast.expr:
    """Open up calls of our own functions whose source is assignments and a return."""

    class Opener(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.expr:
            self.generic_visit(node)
            if isinstance(node.func, ast.Name):
                opened = _opened(node.func.id)
                if opened is not None:
                    names, body = opened
                    return _substitute(body, dict(zip(names, node.args, strict=True)))
            return node

    return Opener().visit(tree)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _opened(name: str) -> tuple[list[str], ast.expr] | None:
    """Arguments and body of one of our functions as one expression, if it is one."""
    if name not in OWN_FUNCTIONS or name == "Others":
        return None
    (function,) = ast.parse(numpy_definition(name)).body
    if not isinstance(function, ast.FunctionDef):
        return None
    statements = function.body
    if len(statements) == 1 and isinstance(statements[0], ast.With):
        statements = statements[0].body
    known: dict[str, ast.expr] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=local)], value=value):
                known[local] = _substitute(value, known)
            case ast.Return(value=ast.expr() as value):
                body = _substitute(value, known)
                return ([a.arg for a in function.args.args], body) if _simple(body) else None
            case _:
                return None
    return None


def _simple(body: ast.expr) -> bool:
    """Whether every call in it is one that `_Line` compiles."""
    for node in ast.walk(body):
        if isinstance(node, ast.Subscript):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            known = name in _REDUCE or name == "where" or isinstance(getattr(np, name), np.ufunc)
            if not known:
                return False
    return True


def _substitute(tree: ast.expr, known: dict[str, ast.expr]) -> ast.expr:
    class Substitution(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return known.get(node.id, node)

    return Substitution().visit(ast.parse(ast.unparse(tree), mode="eval").body)  # type: ignore[no-any-return]
