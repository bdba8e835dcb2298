"""A factor that a line lacks, or has in another's place: a sister beside it shows which.

`b += rate * e * y * (1 - y)` stands beside `w += rate * e * y * x`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Edit, Slot, replace, slots
from losscope.auditing.causes.places import Place, Scene
from losscope.auditing.causes.products import factors, multiplied, product
from losscope.auditing.instrument import clone

MISSING, OTHER, ARRAY, FACTOR = "LS003", "LS013", "LS014", "LS004"
_SHARED = 2  # factors that make two products sisters
_MOST = 2  # factors that one has and the other lacks


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer what the products of the same function have beside their common factors."""
    for place in scene.early():
        own = list(_products(place.slots()))
        sisters = _beside(scene.source.tree, place.statement) if own else []
        for slot, parts in own:
            for sister in sisters:
                yield from _offers(place, slot, parts, sister)


def _beside(tree: ast.Module, statement: ast.stmt) -> list[list[ast.expr]]:
    """List the factors of the products in other statements of the same function."""
    line = statement.lineno
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    homes = [f for f in functions if f.lineno <= line <= (f.end_lineno or f.lineno)]
    home: ast.AST = max(homes, key=lambda f: f.lineno) if homes else tree
    others = [n for n in ast.walk(home) if isinstance(n, ast.Assign | ast.AugAssign | ast.Return)]
    return [parts for n in others if n is not statement for _, parts in _products(slots(n))]


def _offers(
    place: Place, slot: Slot, parts: list[ast.expr], sister: list[ast.expr]
) -> Iterator[Edit]:
    """Offer a sister's other factors beside those of a product, and for each that it has not."""
    texts, held = ([ast.unparse(p) for p in one] for one in (parts, sister))
    more = [p for p, text in zip(sister, held, strict=True) if text not in texts]
    if len(set(texts) & set(held)) < _SHARED or not 1 <= len(more) <= _MOST:
        return
    note = ", ".join(ast.unparse(p) for p in more)
    new = multiplied([*parts, *map(clone, more)])
    yield replace(_lacking(place, parts, more), place.statement, slot, new, note)
    for at, text in enumerate(texts):
        if text not in held:
            new = multiplied([*parts[:at], *map(clone, more), *parts[at + 1 :]])
            worked_out = isinstance(parts[at], ast.BinOp | ast.Call | ast.Compare)
            yield replace(OTHER if worked_out else ARRAY, place.statement, slot, new, note, cost=2)


def _products(where: list[Slot]) -> Iterator[tuple[Slot, list[ast.expr]]]:
    """Give the products of a statement, each as a whole, with their factors."""
    inner: set[int] = set()
    for slot in where:
        pair = product(slot.get())
        if pair is None:
            continue
        inner |= {id(pair[0].get()), id(pair[1].get())}
        parts = factors(slot.get())
        if id(slot.get()) not in inner and len(parts) > _SHARED:
            yield slot, parts


def _lacking(place: Place, parts: list[ast.expr], more: list[ast.expr]) -> str:
    """Name the fault: an array's slope is not there or by half, or a number is not."""
    if not any(_is_moved(place, p) for p in more):
        return FACTOR
    return OTHER if sum(_is_moved(place, p) for p in parts) > 1 else MISSING


def _is_moved(place: Place, node: ast.expr) -> bool:
    """Tell whether the parameters move what stands here."""
    named = [place.names.get(ast.unparse(n)) for n in ast.walk(node) if isinstance(n, ast.expr)]
    return any(n is not None and n.reached for n in named)
