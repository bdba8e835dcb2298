"""The arrays that a statement can speak of, and the names that it may use for them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from losscope.auditing.leaves import Path, spelled


@dataclass
class Named:
    """An expression of the program that held an array (or number) during the pass."""

    text: str
    shapes: set[tuple[int, ...]]
    reached: bool
    order: int
    kind: str
    value: np.ndarray[Any, Any]


def single_numbers(known: list[Named]) -> list[Named]:
    """List the numbers among what a statement can speak of, but for results in between."""
    return [
        n
        for n in known
        if n.value.size == 1 and len(n.shapes) == 1 and (n.kind != "inner" or _is_entry(n.text))
    ]


def _is_entry(text: str) -> bool:
    return isinstance(ast.parse(text, mode="eval").body, ast.Subscript)


def words_of(tree: ast.Module) -> dict[str, set[str]]:
    """List the names that each function speaks of."""
    found: dict[str, set[str]] = {}

    def visit(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            home = inside
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                home = f"{inside}.{child.name}" if inside else child.name
            if isinstance(child, ast.Name | ast.arg):
                word = child.id if isinstance(child, ast.Name) else child.arg
                found.setdefault(home, set()).add(word)
            visit(child, home)

    visit(tree, "")
    return found


def fields_of(tree: ast.Module) -> list[list[str]]:
    """List the fields of each NamedTuple of the program."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and "NamedTuple" in {
            getattr(b, "attr", getattr(b, "id", "")) for b in node.bases
        }:
            named = [n.target for n in node.body if isinstance(n, ast.AnnAssign)]
            found.append([n.id for n in named if isinstance(n, ast.Name)])
        elif isinstance(node, ast.Call) and "namedtuple" in ast.unparse(node.func):
            given = node.args[1] if len(node.args) > 1 else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.append(given.value.replace(",", " ").split())
            elif isinstance(given, ast.List | ast.Tuple):
                found.append([str(e.value) for e in given.elts if isinstance(e, ast.Constant)])
    return found


def by_field(text: str, fields: list[list[str]]) -> list[str]:
    """Write params[2] as params.w_out, for each tuple that has so many fields."""
    head, _, tail = text.rpartition("[")
    if not head or not tail[:-1].isdigit():
        return []
    at = int(tail[:-1])
    return [f"{head}.{names[at]}" for names in fields if at < len(names)]


def aliases_of(tree: ast.Module) -> dict[str, dict[str, str]]:
    """Give, by function, the short names of what an object holds: p for self.params."""
    found: dict[str, dict[str, str]] = {}

    def visit(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            home = inside
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                home = f"{inside}.{child.name}" if inside else child.name
            if isinstance(child, ast.Assign) and len(child.targets) == 1:
                for name, given in _pairs(child.targets[0], child.value):
                    if isinstance(name, ast.Name) and isinstance(given, ast.Attribute):
                        found.setdefault(home, {})[name.id] = ast.unparse(given)
            visit(child, home)

    visit(tree, "")
    return found


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=False))
    return [(target, value)]


def by_alias(text: str, aliases: dict[str, str]) -> list[str]:
    """Write self.params['W1'] as p['W1'], where a function calls self.params so."""
    return [
        name + text[len(whole) :]
        for name, whole in aliases.items()
        if text.startswith((f"{whole}[", f"{whole}."))
    ]


def held_by(
    held: dict[Path, Any],
    function: str,
    whole: str,
    words: dict[str, set[str]],
    helpers: Iterable[str],
) -> list[Named]:
    """List what the program holds between its passes, as a function may speak of it."""
    out = []
    for path, value in held.items():
        array = np.asarray(value)
        if len(path) > 4 or array.size < 2:
            continue
        text = spelled(path)
        own = f"self.{text.partition('.')[2]}"  # a method's own name for it
        if "." in function and "." in text and own.partition("[")[0] in whole:
            text = own
        elif (path[0] == "local" or function in helpers) and str(path[1]) not in words.get(
            function, set()
        ):
            continue
        out.append(Named(text, {array.shape}, False, 0, "held", array))
    return out


def deep_in(held: dict[Path, Any], function: str, chains: dict[str, set[str]]) -> list[Named]:
    """List what a method's class reads of the objects that its own object holds.

    self.weight.data is the data of each layer's weight: they share a name, and not their shape.
    """
    out: dict[str, Named] = {}
    wanted = chains.get(function.rpartition(".")[0], set())
    for path, value in held.items() if wanted else ():
        text, array = spelled(path), np.asarray(value)
        for chain in wanted if array.size > 1 else ():
            if text.endswith(chain.removeprefix("self")):
                known = out.setdefault(chain, Named(chain, set(), False, 0, "held", array))
                known.shapes.add(array.shape)
    return list(out.values())


def chains_of(tree: ast.Module) -> dict[str, set[str]]:
    """List, by class, what its methods read of the objects within it: self.weight.data."""
    return {
        home.name: {
            text
            for n in ast.walk(home)
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)
            if (text := ast.unparse(n)).startswith("self.") and text.count(".") > 1
        }
        for home in ast.walk(tree)
        if isinstance(home, ast.ClassDef)
    }


def as_written(known: Iterable[Named], texts: Iterable[str]) -> list[Named]:
    """Name what a function reads under the names that it uses itself: c['a'] for cache['a'].

    Only what is the one thing of that key: a function may be handed several tables of one form.
    """
    held: dict[str, list[Named]] = {}
    for named in known:
        if named.kind == "held":
            held.setdefault(_last(named.text), []).append(named)
    return [
        replace(held[_last(text)][0], text=text)
        for text in texts
        if _last(text) and len(held.get(_last(text), ())) == 1
    ]


def _last(text: str) -> str:
    """Give the key by which an item is read, as in c['a']; nothing where there is none."""
    return text[text.rindex("[") :] if text.endswith("']") else ""


def tables_read(tree: ast.Module) -> dict[str, set[str]]:
    """List, by function, the names of the tables that it reads by a key: layer of layer["W"]."""
    found: dict[str, set[str]] = {}

    def visit(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            home = inside
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                home = f"{inside}.{child.name}" if inside else child.name
            if isinstance(child, ast.Subscript) and isinstance(child.slice, ast.Constant):
                held = child.value
                if isinstance(held, ast.Name) and isinstance(child.slice.value, str):
                    found.setdefault(home, set()).add(held.id)
            visit(child, home)

    visit(tree, "")
    return found


def keys_read(tree: ast.Module) -> dict[str, set[str]]:
    """List, by function, what it reads by a key of the tables that it is handed."""
    found: dict[str, set[str]] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            own = {a.arg for a in function.args.args}
            found[function.name] = {
                ast.unparse(n)
                for n in ast.walk(function)
                if isinstance(n, ast.Subscript)
                and isinstance(n.value, ast.Name)
                and n.value.id in own
            }
    return found
