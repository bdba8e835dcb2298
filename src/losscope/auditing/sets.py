"""Sets that keep the order in which things were put into them.

A set of objects comes in the order of their addresses, which are others in each pass: sums over it
then differ in their last bits, and the second value of a line is not the second one of the next
pass. No program may count on the order of a set, so this one is as good as any.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any, Self

COMPILED = ("jit", "njit", "vectorize", "guvectorize")  # numba compiles these: hands off


class Ordered(set[Any]):
    """A set whose order is that of insertion, as a dict's is."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._places = dict.fromkeys(items)
        super().__init__(self._places)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._places)

    def __reduce__(self) -> tuple[type[Self], tuple[list[Any]]]:
        return type(self), (list(self._places),)

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self))}}}" if self else "set()"

    def add(self, item: Any) -> None:
        """Put one thing in."""
        super().add(item)
        self._places.setdefault(item)

    def discard(self, item: Any) -> None:
        """Take one thing out, if it is there."""
        super().discard(item)
        self._places.pop(item, None)

    def remove(self, item: Any) -> None:
        """Take one thing out."""
        super().remove(item)
        del self._places[item]

    def pop(self) -> Any:
        """Take out what was put in first."""
        if not self:
            return super().pop()
        item = next(iter(self._places))
        self.remove(item)
        return item

    def clear(self) -> None:
        """Take everything out."""
        super().clear()
        self._places.clear()

    def copy(self) -> Ordered:
        """Give another one of the same things."""
        return Ordered(self)

    def update(self, *others: Iterable[Any]) -> None:
        """Put in what others hold."""
        for other in others:
            for item in other:
                self.add(item)

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Take out what others hold."""
        for item in [item for other in others for item in other]:
            self.discard(item)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keep what all others hold."""
        kept = self.intersection(*others)
        self.difference_update([item for item in self if item not in kept])

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """Keep what one of the two holds."""
        kept = self.symmetric_difference(other)
        self.intersection_update(kept)
        self.update(kept)

    def __ior__(self, other: Any) -> Self:  # type: ignore[misc]
        self.update(other)
        return self

    def __isub__(self, other: Any) -> Self:  # type: ignore[misc]
        self.difference_update(other)
        return self

    def __iand__(self, other: Any) -> Self:  # type: ignore[misc]
        self.intersection_update(other)
        return self

    def __ixor__(self, other: Any) -> Self:  # type: ignore[misc]
        self.symmetric_difference_update(other)
        return self


def are_made(tree: ast.Module) -> bool:
    """Tell whether a program makes sets, where the name `set` stands for nothing of its own."""
    nodes = list(ast.walk(tree))
    return any(map(_is_set, nodes)) and not any(map(_is_other, nodes))


def keep_order(tree: ast.Module, runtime: str) -> None:
    """Let a program that makes sets make ordered ones: set(…), {a, b} and {… for …}."""
    _Sets(runtime).visit(tree)


def _is_set(node: ast.AST) -> bool:
    named = isinstance(node, ast.Name) and node.id == "set"
    return named or isinstance(node, ast.Set | ast.SetComp)


def _is_other(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "set" and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name == "set"
    return isinstance(node, ast.arg) and node.arg == "set"


class _Sets(ast.NodeTransformer):
    def __init__(self, runtime: str) -> None:
        self.runtime = runtime

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Leave alone what a compiler wants untouched."""
        compiled = (word in ast.unparse(d) for d in node.decorator_list for word in COMPILED)
        return node if any(compiled) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Call the other class."""
        if isinstance(node.func, ast.Name) and node.func.id == "set":
            node.func = ast.copy_location(self._maker(), node.func)
        return self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """Make a set of what is listed."""
        self.generic_visit(node)
        return self._made(ast.Tuple(node.elts, ast.Load()), node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """Make a set of what is worked out."""
        self.generic_visit(node)
        return self._made(ast.ListComp(node.elt, node.generators), node)

    def _made(self, items: ast.expr, node: ast.expr) -> ast.expr:
        call = ast.Call(self._maker(), [ast.copy_location(items, node)], [])
        return ast.copy_location(call, node)

    def _maker(self) -> ast.expr:
        return ast.Attribute(ast.Name(self.runtime, ast.Load()), "ordered", ast.Load())
