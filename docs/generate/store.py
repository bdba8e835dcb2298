"""The store's file, read off one that a small comparison has just written."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import losscope
from losscope.comparison.store import SCHEMA
from losscope.data import load

_ABOUT = """# The store

One SQLite file, `losscope/store.sqlite` in the user's data directory, or what `--store` or the
environment variable `LOSSCOPE_STORE` names. Schema {schema} (SQLite's `user_version`). It is a
plain file: copy it, send it, open it with any tool that reads SQLite.

## Tables

```text
{tables}
```

## Records

{records}

## A result

What the table `result` keeps, what `losscope compare --json` prints, and what
`losscope export NAME FILE.json` writes. `LOSS` and `METRIC` stand for their names, `[]` for
each of a list.

{result}
"""


def pages() -> dict[str, str]:
    """The one page."""
    tables, records, result = _written()
    parts = []
    for kind, payload in records.items():
        parts += [f"### `{kind}`", "", _outline(payload, depth=2), ""]
    return {
        "store.md": _ABOUT.format(
            schema=SCHEMA,
            tables="\n".join(tables),
            records="\n".join(parts),
            result=_outline(result, depth=3),
        )
    }


def expected() -> dict[str, list[str]]:
    """The page, and what must stand on it."""
    tables, records, result = _written()
    return {"store": [*" ".join(tables).split(), *records, *result]}


@cache
def _written() -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    """SQL of the tables, one payload of each kind of record, and the result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        made = losscope.compare(
            dataset=load("iris"),
            losses=["ce", "mse"],
            hidden=4,
            epochs=2,
            seeds=2,
            learning_rates=0.1,
            n_jobs=1,
            store=path,
        )
        with sqlite3.connect(path) as db:
            tables = [row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE sql != ''")]
            records = dict(db.execute("SELECT kind, payload FROM record"))
        db.close()
    return tables, {k: json.loads(v) for k, v in sorted(records.items())}, made.to_dict()


def _outline(value: dict[str, Any], depth: int) -> str:
    """Keys, nested, with the kind of their values."""
    rows = ["| key | holds |", "|---|---|"]
    rows += [f"| `{key}` | {kind} |" for key, kind in _keys(value, "", depth)]
    return "\n".join(rows)


def _keys(value: Any, above: str, depth: int) -> list[tuple[str, str]]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _keys(value[0], above + "[]", depth)
    if not isinstance(value, dict) or not depth:
        return []
    found: list[tuple[str, str]] = []
    for key, inner in _general(value).items():
        place = f"{above}.{key}" if above else key
        found.append((place, _kind(inner)))
        found += _keys(inner, place, depth - 1)
    return found


def _general(value: dict[str, Any]) -> dict[str, Any]:
    """One entry for all where keys are names of losses or metrics."""
    names = [key.split("@")[0] for key in value]
    if names and set(names) <= {"ce", "mse"}:
        return {"LOSS": next(iter(value.values()))}
    if "log_loss" in names:
        return {"METRIC": next(iter(value.values()))}
    return value


_KINDS = {bool: "true or false", int: "whole number", float: "number", str: "text", dict: "object"}


def _kind(value: Any) -> str:
    if value is None:
        return "null, or what was asked for"
    if not isinstance(value, list):
        return _KINDS[type(value)]
    depth, inner = 1, value
    while inner and isinstance(inner[0], list):
        depth, inner = depth + 1, inner[0]
    of = f" of {_KINDS[type(inner[0])]}s" if inner and inner[0] is not None else ""
    return "list" + " of lists" * (depth - 1) + of
