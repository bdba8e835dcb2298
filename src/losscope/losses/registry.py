"""Losses by name: found by scanning, spelled as users know them, resolved by task."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from losscope.errors import LosscopeError
from losscope.found import classes, did_you_mean, plain
from losscope.losses.base import Loss


@cache
def _known() -> dict[str, type[Loss]]:
    return {cls.name: cls for cls in classes(importlib.import_module("losscope.losses"), Loss)}


def names(task: str | None = None) -> list[str]:
    """Names of all losses, or of those that may train a network for `task`; sorted."""
    return sorted(n for n, cls in _known().items() if task is None or task in cls.tasks)


def get(spelling: str | Loss, task: str | None = None, **parameters: float) -> Loss:
    """Return the loss of that name, alias or spelling.

    Parameters
    ----------
    spelling : "focal", "focal(gamma=2)", "BCEWithLogitsLoss", …; a Loss is returned as it is.
    task : resolves a name that several losses share: "ce" is `bce` in a binary task.
    **parameters : values of the loss's parameters.

    Raises
    ------
    LosscopeError : unknown name ("did you mean …"), unknown parameter, value out of bounds.
    """
    if isinstance(spelling, Loss):
        return spelling
    name, written = parse(spelling)
    cls = find(name, task)
    return cls(**{**written, **parameters})


def find(name: str, task: str | None = None) -> type[Loss]:
    """Return the class that `name` means in `task`; its own name wins over an alias."""
    wanted = plain(name)
    own = [cls for cls in _known().values() if plain(cls.name) == wanted]
    meant = own + [
        cls
        for cls in _known().values()
        if cls not in own and wanted in {plain(alias) for alias in cls.aliases}
    ]
    fitting = [cls for cls in meant if task in cls.tasks] if task else meant
    if fitting:
        # An exact fit first: "ce" in a multi-class task is ce, though bce can be trained there too;
        # then the loss that names the task earlier among its own: CrossEntropyLoss there is ce.
        home = {cls: cls.tasks.index(task) if task else 0 for cls in fitting}
        return min(fitting, key=lambda cls: (cls not in own, home[cls]))
    if meant:
        raise LosscopeError(
            f"loss {name!r} is for {' or '.join(meant[0].tasks)} targets, this task is {task}; "
            f"losses for it: {', '.join(names(task))}"
        )
    spelled = [s for cls in _known().values() for s in (cls.name, *cls.aliases)]
    raise LosscopeError(
        f"unknown loss {name!r}{did_you_mean(name, spelled)} (known: {', '.join(names(task))})"
    )


def parse(spelling: str) -> tuple[str, Mapping[str, Any]]:
    """Split "focal(gamma=2)" into its name and its parameters, without evaluating anything."""
    text = spelling.strip()
    if "(" not in text:
        return text, {}
    try:
        tree = ast.parse(text[:1000], mode="eval").body
        if not isinstance(tree, ast.Call) or tree.args or not isinstance(tree.func, ast.Name):
            raise ValueError(text)  # noqa: TRY301
        return tree.func.id, {str(k.arg): ast.literal_eval(k.value) for k in tree.keywords}
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LosscopeError(
            f"cannot read the loss {text[:60]!r}; write a name, or name(parameter=number) such as "
            "focal(gamma=2)"
        ) from None
