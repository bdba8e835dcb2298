"""Finding the classes of a package by scanning its files: nothing is registered by hand."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Yield every module below `package`, in alphabetical order of its dotted name."""
    names = [
        info.name
        for info in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}.")
        if not info.name.rpartition(".")[2].startswith("_")
    ]
    for name in sorted(names):
        yield importlib.import_module(name)


def classes(package: ModuleType, base: type[T], attribute: str = "name") -> list[type[T]]:
    """Subclasses of `base` in modules below `package` whose `attribute` is not empty."""
    found: list[type[T]] = []
    for module in modules(package):
        for value in vars(module).values():
            if not isinstance(value, type) or not issubclass(value, base):
                continue
            named = getattr(value, str(attribute), "")
            if named and value.__module__ == module.__name__:
                found.append(value)
    return found


def plain(name: str) -> str:
    """A name as it is looked up: lower case, without -, _, spaces and dots."""
    return "".join(character for character in name.lower() if character not in "-_ .")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A clause naming the nearest known names, or the empty string."""
    by_plain = {plain(k): k for k in known}
    near = difflib.get_close_matches(plain(name), by_plain, n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(by_plain[n]) for n in near)}?" if near else ""
