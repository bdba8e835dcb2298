"""New values that go nowhere, however they are written: recognised by what they are made of.

`new = getattr(self, name) - step`, `p = p - rate * g` in a loop over all parameters, a helper's own
name: no word of such a line names the array that stays as it is. But what stands first in the sum
holds its very numbers, and the sum follows it wherever it is moved.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, is_list, same, spelled
from losscope.auditing.parameters import scale_of
from losscope.auditing.program import Capture
from losscope.auditing.recorder import ALL, Event, Key, Trace
from losscope.auditing.source import Source, terms_of
from losscope.auditing.step import Outcome

Array = np.ndarray[Any, Any]
_FOLLOWS = 0.9  # the least cosine of a new value's change and that of the array it is made from
_MOST = 0.7  # of an array's size: a step is shorter
_SUMS = ("add", "subtract")


@dataclass
class Renewed:
    """Finds, among what a pass computes, the new value of an array that stays as it is."""

    source: Source
    captured: Capture
    judgement: Judgement
    answering: set[Key]  # what the parameters reach
    _firsts: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def value_of(self, path: Path, held: Array) -> Event | None:
        """Give the value that is made of an array and a small step, and follows it."""
        if is_list(path) or not any(fit.exact for fit in self.judgement.fits):
            return None
        base = self.captured.bases[0]
        kept = [
            v for p in self.judgement.measured.parameters if (v := base.after[p.path]) is not None
        ]
        made = [
            event
            for event in base.trace.events.values()
            if event.value.shape == held.shape
            and event.key[2] != ALL
            and event.key in self.answering
            and event.order > self._predicted()
            and _is_step(held, event.value)
            and self._starts_with(event, path, held)
            and not any(same(event.value, value) for value in kept)
        ]
        if not made:
            return None
        random = np.random.default_rng(3)
        move = np.asarray(1e-4 * scale_of(held) * random.normal(size=held.shape))
        try:
            moved = self.captured.subject.run(0, {path: move})
        except Exception:  # noqa: BLE001 - then it cannot be told
            return None
        return next((event for event in made if follows(event, moved, move)), None)

    def _predicted(self) -> float:
        """Give when the pass begins to predict: what is made before belongs to the prediction."""
        best = self.judgement.best
        if best is None or best.key is None:
            return 0.0
        events = self.captured.bases[0].trace.events.values()
        return min(e.order for e in events if e.key[:2] == best.key[:2])

    def _starts_with(self, event: Event, path: Path, held: Array) -> bool:
        place = event.key[:2]
        if place not in self._firsts:
            self._firsts[place] = first_terms(self.source, event)
        texts = self._firsts[place]
        own = spelled(path).rpartition(".")[2]
        if any(text.rpartition(".")[2] == own for text in texts):
            return True
        if is_item_of(collections(self.source, event), path):
            return True
        return all(hold(texts, held, event, base.trace) for base in self.captured.bases)


def hold(texts: list[str], held: Array, event: Event, trace: Trace) -> bool:
    """Tell whether one of several names held an array's numbers before a value was made.

    It may do so by chance: what is left of y is y itself where nothing is predicted yet.
    """
    made = trace.events.get(event.key, event)
    return any(
        same(other.value, held)
        for other in trace.events.values()
        if other.site.name in texts and other.order < made.order
    )


def first_terms(source: Source, event: Event) -> list[str]:
    """Write what stands first in a sum: p, in p - rate * g; nothing where a value is none."""
    if event.site.kind == "assign":
        nodes: list[ast.AST] = list(source.updates.get(event.key[0], ()))
    else:
        try:
            nodes = [ast.parse(event.site.name, mode="eval").body]
        except SyntaxError:
            return []
    return [ast.unparse(term) for node in nodes for term in _first(node)]


def _first(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AugAssign):
        return [node.target]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and node.value is not None:
        return _first(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return [term for term in terms_of(node.left) if not isinstance(term, ast.BinOp)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return node.args[:1] if node.func.attr in _SUMS else []
    return []


def collections(source: Source, event: Event) -> list[str]:
    """Name what a comprehension takes p from, in [p - rate * g for p, g in zip(params, grads)]."""
    try:
        made = ast.parse(event.site.name, mode="eval").body
    except SyntaxError:
        return []
    if not isinstance(made, ast.BinOp) or not _is_product(made.right):
        return []
    firsts = {ast.unparse(term) for term in _first(made)}
    return [
        ast.unparse(whole)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp)
        and node.lineno <= event.key[0] <= (node.end_lineno or node.lineno)
        for loop in node.generators
        for item, whole in _items(loop)
        if ast.unparse(item) in firsts
    ]


def _is_product(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)


def _items(loop: ast.comprehension) -> list[tuple[ast.expr, ast.expr]]:
    """Bring the names that a comprehension binds together with what each is an item of."""
    target, whole = loop.target, loop.iter
    inside = list(target.elts) if isinstance(target, ast.Tuple) else []
    if not isinstance(whole, ast.Call):
        return [(target, whole)]
    called = getattr(whole.func, "attr", getattr(whole.func, "id", ""))
    if called == "zip":
        return list(zip(inside, whole.args, strict=False))
    if called == "enumerate" and inside and whole.args:
        return _items(ast.comprehension(inside[-1], whole.args[0], [], 0))
    if called in ("items", "values") and isinstance(whole.func, ast.Attribute):
        return [(inside[-1] if inside else target, whole.func.value)]
    return []


def is_item_of(wholes: list[str], path: Path) -> bool:
    """Tell whether an array is an item of one of several lists or dicts, by their names."""
    if len(path) < 3 or path[-1][0] not in ("item", "key"):
        return False
    own = spelled(path[:-1]).rpartition(".")[2]
    return any(whole.rpartition(".")[2] == own for whole in wholes)


def _is_step(held: Array, new: Array) -> bool:
    """Tell whether a value is an array and a step, shorter than that."""
    length = float(np.linalg.norm(new - held))
    return length > 0 and (length <= _MOST * float(np.linalg.norm(held)) or not np.any(held))


def follows(event: Event, moved: Outcome, move: Array) -> bool:
    """Tell whether a value went along with an array that was moved, entry for entry."""
    twin = moved.trace.value(event.key)
    if twin is None or twin.shape != move.shape:
        return False
    answer = (twin - event.value).ravel()
    length, own = float(np.linalg.norm(answer)), float(np.linalg.norm(move))
    along = float(answer @ move.ravel())
    return 0.5 * own < length < 1.5 * own and along > _FOLLOWS * length * own
