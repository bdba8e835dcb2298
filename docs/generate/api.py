"""A page for each public name, from its docstring."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType
from typing import Any

import losscope

_INDEX = """# Python

```python
import losscope
```

| name | |
|---|---|
"""

# What a user meets besides: what these take and give.
_MET = {
    "audit": ("losscope.auditing.objects.ObjectAudit",),
    "compare": (
        "losscope.data.load",
        "losscope.data.from_arrays",
        "losscope.data.Dataset",
        "losscope.data.Fold",
    ),
    "derive": ("losscope.derivation.derive_all", "losscope.derivation.differing"),
    "Derivation": (
        "losscope.derivation.Equation",
        "losscope.derivation.Reading",
        "losscope.derivation.Named",
    ),
    "losses": ("losscope.losses.domains.Domain",),
}


def names() -> list[str]:
    """Public names, but for the version."""
    return [name for name in losscope.__all__ if not name.startswith("_")]


def pages() -> dict[str, str]:
    """One page a name, and the list of them."""
    found = {f"api/{name}.md": page(name) for name in names()}
    rows = [f"| [`losscope.{name}`]({name}.md) | {_first(value(name))} |" for name in names()]
    toc = ["```{toctree}", ":hidden:", "", *names(), "```"]
    found["api/index.md"] = _INDEX + "\n".join([*rows, "", *toc]) + "\n"
    return found


def page(name: str) -> str:
    """One name: a function, a class with its members, or a module with its names."""
    thing = value(name)
    parts = [f"# `losscope.{name}`", ""]
    if isinstance(thing, ModuleType):
        parts += [_first(thing), ""]
        for inner in sorted(thing.__all__, key=lambda n: (isinstance(getattr(thing, n), type), n)):
            parts += [
                f"## `{inner}`",
                "",
                *_documented(f"losscope.{name}.{inner}", getattr(thing, inner)),
            ]
    else:
        parts += _documented(f"losscope.{name}", thing)
    for path in _MET.get(name, ()):
        parts += [f"## `{path}`", "", *_documented(path, _at(path))]
    return "\n".join(parts)


def value(name: str) -> Any:
    """The object of that public name."""
    return getattr(losscope, name)


def expected() -> dict[str, list[str]]:
    """Page of each public name, and what must stand on it."""
    found = {}
    for name in names():
        thing = value(name)
        inner = thing.__all__ if isinstance(thing, ModuleType) else []
        met = _MET.get(name, ())
        for each in [thing, *(getattr(thing, n) for n in inner), *map(_at, met)]:
            if not inspect.getdoc(each):
                raise ValueError(f"losscope.{name}: {each!r} has no docstring")
        found[f"api/{name}"] = [f"losscope.{name}", *inner, *met]
    return found


def _at(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _documented(path: str, thing: Any) -> list[str]:
    if inspect.isclass(thing):
        lines = [f".. autoclass:: {path}", "   :members:"]
        if issubclass(thing, Exception):
            lines = [f".. autoexception:: {path}"]
    else:
        lines = [f".. autofunction:: {path}"]
    return ["```{eval-rst}", *lines, "```", ""]


def _first(thing: Any) -> str:
    text = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")
