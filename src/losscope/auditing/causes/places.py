"""Where a cause may lie: the statements that a pass runs, and the arrays in reach of each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from losscope.auditing.branches import TELLING
from losscope.auditing.causes import activations
from losscope.auditing.causes import helpers as called
from losscope.auditing.causes.activations import Activation
from losscope.auditing.causes.edit import Slot, slots
from losscope.auditing.causes.helpers import derivative_like
from losscope.auditing.causes.named import (
    Named,
    aliases_of,
    as_written,
    by_alias,
    by_field,
    chains_of,
    deep_in,
    fields_of,
    held_by,
    keys_read,
    single_numbers,
    tables_read,
    words_of,
)
from losscope.auditing.causes.parts import gives_several, parts
from losscope.auditing.judge import Judgement
from losscope.auditing.leaves import Path, arrays_in, is_list, spelled
from losscope.auditing.recorder import ALL, Event
from losscope.auditing.source import Source


@dataclass
class Place:
    """One statement that the pass runs."""

    statement: ast.stmt
    block: list[ast.stmt]
    function: str
    first: int  # order of its first recorded value in the pass
    names: dict[str, Named] = field(default_factory=dict)
    late: bool = False  # runs after the gradients are done: part of the update rule
    choices: list[Named] = field(
        default_factory=list
    )  # of several names of one array, the plainest
    counters: tuple[str, ...] = ()  # names that count through the loops around the statement
    numbers: list[Named] = field(default_factory=list)  # where parameters are single numbers
    part: Slot | None = None  # one of the several things that the statement works out

    @property
    def value(self) -> ast.expr | None:
        """The expression whose result the statement keeps or gives back."""
        if self.part is not None:
            return self.part.get()
        if gives_several(self.statement):
            return None
        if isinstance(self.statement, ast.Assign | ast.AugAssign | ast.Return | ast.AnnAssign):
            return self.statement.value
        return None

    @property
    def slot(self) -> Slot:
        """Where the value stands."""
        return self.part or Slot(self.statement, "value")

    def slots(self) -> list[Slot]:
        """List where expressions stand in the statement; of a part, the statement lists them."""
        return [] if self.part is not None else slots(self.statement)

    def inside(self) -> list[Slot]:
        """List where expressions stand in the statement, or in the part of it."""
        return slots(self.statement) if self.part is None else [self.part, *slots(self.part.get())]

    @property
    def home(self) -> str:
        """The function that the statement stands in, by its own name."""
        return self.function.rpartition(".")[2]

    @property
    def stands(self) -> bool:
        """Whether the statement is where it was: a repair that is kept may have exchanged it."""
        return any(statement is self.statement for statement in self.block)

    @property
    def shapes(self) -> set[tuple[int, ...]]:
        """Shapes of the value of the statement."""
        value = self.value
        if value is None:
            return set()
        text = ast.unparse(value)
        named = self.names.get(text)
        if named is not None:
            return named.shapes
        given = target(self.statement)
        held = self.names.get(given) if given else None
        return held.shapes if held is not None else set()


def target(statement: ast.stmt) -> str:
    """Write what a statement gives a value to; nothing where it is no assignment."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        return ast.unparse(statement.target)
    return ""


@dataclass
class Scene:
    """All that the searches for a cause look at."""

    source: Source
    judgement: Judgement
    places: list[Place]  # in the order in which the pass runs them, backward part first
    helpers: dict[str, ast.AST]  # the program's own functions of one argument
    live: dict[str, Callable[..., Any]]  # those of them that need nothing but NumPy
    examples: int
    scalars: dict[str, float]
    loop_body: list[ast.stmt] = field(default_factory=list)
    written: dict[int, list[str]] = field(default_factory=dict)  # line -> parameters it writes
    activations: list[Activation] = field(default_factory=list)  # of the forward pass

    def early(self) -> list[Place]:
        """List the statements that run before a known update rule takes over."""
        return [place for place in self.places if not place.late]

    def writes(self, place: Place) -> list[str]:
        """List the parameters whose final value a statement gives."""
        return self.written.get(place.statement.lineno, [])

    def numbers(self, place: Place) -> list[str]:
        """List the numbers that no pass changes, as a statement may speak of them."""
        method, found = "." in place.function, []
        for name in self.scalars:
            held = "." in name or "[" in name  # by an object or a table
            own = f"self.{name.partition('.')[2]}" if method and "." in name else name
            if not held or own in self.source.text:
                found.append(own)
        return list(dict.fromkeys(found))


def scene(source: Source, judgement: Judgement, after: int, held: dict[Path, Any]) -> Scene:
    """Describe the statements that run after the prediction (order `after`) in a pass."""
    base = judgement.measured.bases[0]
    single = [e for e in base.trace.events.values() if e.key[2] != ALL]
    events = sorted(single, key=lambda e: e.order)
    names = _names(events, judgement.measured.reached)
    _share_attributes(names)
    _share_entries(names, tables_read(source.tree))
    places = _places(source.tree, events, names, after)
    end = _gradients_end(judgement)
    whole = "\n".join(source.lines)
    words = words_of(source.tree)
    fields, helpers = fields_of(source.tree), called.of_one_argument(source.tree)
    tables, aliases = keys_read(source.tree), aliases_of(source.tree)
    chains = chains_of(source.tree)
    parameters = _written_as(p.name for p in judgement.measured.parameters)
    tiny = any(p.size == 1 or is_list(p.path) for p in judgement.measured.parameters)
    again = {event.key[0] for event in events if event.key[2] > 0}
    for place in places:
        for named in held_by(held, place.function, whole, words, helpers):
            later = place.names.setdefault(named.text, named).order > place.first
            if later and named.text in parameters:  # written at the end of the pass
                place.names[named.text] = named
            own = by_alias(named.text, aliases.get(place.function, {}))
            for text in (*own, *by_field(named.text, fields)):
                if text in own or text in whole:
                    place.names.setdefault(text, replace(named, text=text))
        for named in deep_in(held, place.function, chains):
            place.names.setdefault(named.text, named)
        keys = tables.get(place.function.rpartition(".")[2], set()) - place.names.keys()
        for named in as_written(list(place.names.values()), keys):
            place.names[named.text] = named
        repeated = place.statement.lineno in again
        known = [n for n in place.names.values() if repeated or _is_there(n, place)]
        place.choices = _distinct(known)
        place.numbers = single_numbers(known) if tiny else []
        place.late = place.first > end
    sizes = judgement.best.examples if judgement.best else [0]
    numbers = {
        spelled(path): float(np.asarray(value).ravel()[0])
        for path, value in judgement.carried.fixed.items()
        if np.size(value) == 1
    }
    written: dict[int, list[str]] = {}
    for parameter in judgement.measured.parameters:
        written.setdefault(parameter.line, []).append(parameter.name)
    live = called.live(helpers)
    bent = activations.find(source.tree, names, live, numbers)
    return Scene(source, judgement, places, helpers, live, sizes[0], numbers, [], written, bent)


def _written_as(names: Iterable[str]) -> set[str]:
    """Give the parameters' names, and those by which their own object's methods call them."""
    known = list(names)
    return {*known, *(f"self.{name.partition('.')[2]}" for name in known if "." in name)}


def _gradients_end(judgement: Judgement) -> float:
    """Give the order of the last gradient, where every update rule is known to start from one."""
    orders = []
    for judged in judgement.parameters:
        event = judgement.measured.event(judged.view.key) if judged.view.key else None
        if event is None:
            return float("inf")
        orders.append(event.order + 10)  # the call that made it returns a little later
    return float(max(orders, default=0)) or float("inf")


def _distinct(names: list[Named]) -> list[Named]:
    """Keep one name for each array, the plainest."""
    kinds = {"assign": 0, "argument": 0, "held": 1, "inner": 2}
    chosen: dict[tuple[tuple[int, ...], bytes], Named] = {}
    for named in sorted(names, key=lambda n: (kinds.get(n.kind, 3), len(n.text))):
        if len(named.shapes) > 1:
            chosen[(), named.text.encode()] = named
        elif named.value.size > 1:
            chosen.setdefault((named.value.shape, named.value.tobytes()), named)
    return sorted(chosen.values(), key=lambda n: n.order)


def _names(events: list[Event], reached: set[Any]) -> dict[str, dict[str, Named]]:
    """Group recorded arrays by the function in which they can be spoken of."""
    out: dict[str, dict[str, Named]] = {}
    for event in events:
        if event.site.kind in ("return", "print") or len(event.site.name) > 90:
            continue
        group = out.setdefault(event.site.function, {})
        held = group.get(event.site.name)
        if held is None:
            group[event.site.name] = Named(
                event.site.name,
                {event.value.shape},
                event.key in reached,
                event.order,
                event.site.kind,
                event.value,
            )
        else:
            held.shapes.add(event.value.shape)
            held.reached = held.reached or event.key in reached
    return out


def _share_attributes(names: dict[str, dict[str, Named]]) -> None:
    """Let each method speak of the attributes that other methods of its class have made."""
    for function in [f for f in names if "." in f]:
        home = function.rsplit(".", maxsplit=1)[0]
        for other, group in names.items():
            if other != function and other.rsplit(".", maxsplit=1)[0] == home and "." in other:
                for text, named in group.items():
                    if named.kind == "assign" and text.startswith("self."):
                        names[function].setdefault(text, named)


def _share_entries(names: dict[str, dict[str, Named]], tables: dict[str, set[str]]) -> None:
    """Let each function speak of what another one puts into a table of the same name.

    Of layer["x"], which the forward pass puts away, where the backward pass reads layer["W"].
    """
    made = [n for group in names.values() for n in group.values() if n.kind == "assign"]
    for function, bases in tables.items():
        for named in made if function in names else ():
            if named.text.endswith("']") and named.text.partition("[")[0] in bases:
                names[function].setdefault(named.text, named)


def _is_there(named: Named, place: Place) -> bool:
    """Tell whether a name holds something already when a statement runs that runs once a pass."""
    return named.kind == "held" or named.order <= place.first


def _places(
    tree: ast.Module, events: list[Event], names: dict[str, dict[str, Named]], after: int
) -> list[Place]:
    late = [e for e in events if e.order >= after]
    first: dict[int, Event] = {}
    last: dict[int, int] = {}  # when a line has done what it does
    for event in late:
        first.setdefault(event.key[0], event)
        if event.key[2] == 0:
            last[event.key[0]] = event.order
    found: list[Place] = []

    def visit(block: list[ast.stmt], function: str, counters: tuple[str, ...]) -> None:
        order = 0
        for statement in block:
            inner = function
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                inner = f"{function}.{statement.name}" if function else statement.name
            simple = isinstance(
                statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr | ast.AnnAssign
            )
            end = (statement.end_lineno or statement.lineno) if simple else statement.lineno
            lines = range(statement.lineno, end + 1)  # a dict of gradients has several
            event = next((first[n] for n in lines if n in first), None)
            order = event.order if event is not None else order
            # x[x < 0] = 0 records nothing, nor does layer.backward(other.dinputs)
            unseen = isinstance(statement, ast.Assign | ast.AugAssign) or _hands_on(statement)
            unseen = unseen or gives_several(statement)
            if simple and (event is not None or (order > 0 and unseen)):
                known = names.get(function, {})
                place = Place(statement, block, function, order, dict(known), counters=counters)
                found.append(place)
                found.extend(replace(place, names=dict(known), part=p) for p in parts(statement))
            order = max([order, *(last[n] for n in lines if n in last)])
            own = counters if inner == function else ()
            if isinstance(statement, ast.For):
                names_of = (n.id for n in ast.walk(statement.target) if isinstance(n, ast.Name))
                own = (*counters, *names_of)
            for part in ("body", "orelse", "finalbody"):
                nested = getattr(statement, part, None)
                if isinstance(nested, list):
                    visit(nested, inner, own)

    visit(tree.body, "", ())
    return sorted(found, key=lambda p: p.first)


def _hands_on(statement: ast.stmt) -> bool:
    """Tell whether a statement only hands what an object holds to a method."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    return call.func.attr not in TELLING and any(isinstance(a, ast.Attribute) for a in call.args)


__all__ = ["Named", "Place", "Scene", "arrays_in", "derivative_like", "scene", "target"]
