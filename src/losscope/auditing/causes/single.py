"""Another number was meant, where parameters are single numbers or entries are read by number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from losscope.auditing.causes import naming
from losscope.auditing.causes.edit import Edit, expression, replace
from losscope.auditing.causes.names import read, written_here
from losscope.auditing.causes.naming import ARRAY
from losscope.auditing.causes.places import Place, Scene

_MOST = 14


def suspects(scene: Scene) -> Iterator[Edit]:
    """Offer one number for another, where parameters are single numbers."""
    own = {p.name for p in scene.judgement.measured.parameters if p.size == 1}
    for place in scene.early():
        yield from _entries(place) if place.numbers else ()
        reached = {n.text for n in place.numbers if n.reached} | _own_names(place, own)
        data = {n.text for n in place.numbers if not n.reached} | set(place.counters)
        for slot in read(place) if reached else ():
            text = ast.unparse(slot.get())
            others = reached if text in reached else data if text in data else set()
            for other in sorted(others, key=lambda o: _unlike(text, o))[:_MOST]:
                if other != text and not written_here(place, other):
                    code = naming.code(scene, place, slot)
                    yield replace(code, place.statement, slot, expression(other), other)


def _entries(place: Place) -> Iterator[Edit]:
    """Offer, for an entry that is read by a number, as x[0], the others that the block reads."""
    entries: dict[str, set[int]] = {}
    for statement in place.block:
        for node in ast.walk(statement):
            if isinstance(node, ast.Subscript) and (at := _entry(node)) is not None:
                entries.setdefault(ast.unparse(node.value), set()).add(at)
    for slot in read(place):
        node = slot.get()
        if isinstance(node, ast.Subscript) and (at := _entry(node)) is not None:
            for other in sorted(entries[ast.unparse(node.value)] - {at}):
                new = ast.Subscript(node.value, ast.Constant(other), ast.Load())
                yield replace(ARRAY, place.statement, slot, new, str(other))


def _entry(node: ast.Subscript) -> int | None:
    found = node.slice
    return found.value if isinstance(found, ast.Constant) and type(found.value) is int else None


def _unlike(text: str, other: str) -> tuple[bool, bool, str]:
    """Order what may have been meant: w1 for w2, then sum_h1 for h1, then the rest."""
    numbered = re.sub(r"\d+", "", text) != re.sub(r"\d+", "", other)
    return numbered, text not in other and other not in text, other


def _own_names(place: Place, names: set[str]) -> set[str]:
    """Write parameters as a statement of a method does, or as they are."""
    if "." not in place.function:
        return {name for name in names if "." not in name}
    return {f"self.{name.partition('.')[2]}" for name in names if "." in name}
