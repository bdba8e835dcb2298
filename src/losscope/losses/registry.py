"""Losses by name: found by scanning, spelled as users know them, resolved by task.

Besides the catalogue itself, files in the folders of the environment variable `LOSSCOPE_LOSSES`
(separated as in PATH) are scanned, and `add` takes a class from a running program.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.found import classes, did_you_mean, plain
from losscope.losses.base import Loss
from losscope.losses.custom import custom
from losscope.losses.options import with_options
from losscope.losses.options.base import known as known_options
from losscope.losses.spelling import check_length, is_formula, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

FOLDERS = "LOSSCOPE_LOSSES"
_added: dict[str, type[Loss]] = {}


def catalogue() -> dict[str, type[Loss]]:
    """Every loss by its name: the catalogue's, those in extra folders, those added."""
    return {**_scanned(os.environ.get(FOLDERS, "")), **_added}


def names(task: str | None = None) -> list[str]:
    """Names of all losses, or of those that may train a network for `task`; sorted."""
    return sorted(n for n, cls in catalogue().items() if task is None or task in cls.tasks)


def add(cls: type[Loss]) -> type[Loss]:
    """Make a loss of yours known by its name in this program; usable as a decorator.

    Raises
    ------
    LosscopeError : when it has no name, or another loss has it.
    """
    taken = catalogue().get(cls.name)
    if not cls.name or taken not in (None, cls):
        whose = f"{cls.name!r} is the name of {taken.title}" if taken else "it has none"
        raise LosscopeError(f"a loss of yours needs a name of its own: {whose}")
    _added[cls.name] = cls
    return cls


def get(spelling: str | Loss, task: str | None = None, **settings: Any) -> Loss:
    """Return the loss of that name, alias, spelling or formula.

    Parameters
    ----------
    spelling : "focal", "focal(gamma=2)", "ce(label_smoothing=0.1)", "BCEWithLogitsLoss",
        "mse@sigmoid", a formula such as "(y - a)**4" or "max(0, m - y*z); m=1"; a Loss is
        returned as it is, with settings as another one.
    task : resolves a name that several losses share: "ce" is `bce` in a binary task.
    **settings : values of the loss's parameters, and options (`label_smoothing`, `pos_weight`, …).

    Raises
    ------
    LosscopeError : unknown name ("did you mean …"), unknown setting, value out of bounds, text that
        is no formula.
    """
    if isinstance(spelling, Loss):
        return with_options(spelling, settings) if settings else spelling
    check_length(spelling)
    if not meanings(spelling) and is_formula(spelling):
        return custom(spelling, settings)
    written = read(spelling)
    cls = find(written.name, task, spelling)
    given = {**written.settings, **settings}
    declared = cls.declared_parameters()
    options = {k: v for k, v in given.items() if k not in declared and plain(k) in known_options()}
    loss: Loss = cls(**{k: v for k, v in given.items() if k not in options})
    loss = with_options(loss, options)
    return loss.at(written.output) if written.output else loss


def meanings(name: str, task: str | None = None) -> list[type[Loss]]:
    """Losses that are called so (in `task`), the one that is meant first.

    Its own name wins over an alias; then the loss that names the task earlier among its own:
    CrossEntropyLoss is `ce` in a multi-class task though `bce` can be trained there too.
    """
    wanted = plain(name)
    known = catalogue().values()
    own = [cls for cls in known if plain(cls.name) == wanted]
    other = [cls for cls in known if cls not in own and wanted in map(plain, cls.aliases)]
    if task is None:
        return own or other
    fitting = [cls for cls in own + other if task in cls.tasks]
    return sorted(fitting, key=lambda cls: (cls not in own, cls.tasks.index(task)))


def find(name: str, task: str | None = None, spelling: str = "") -> type[Loss]:
    """Return the class that `name` means in `task`; `spelling` is all that was written.

    Raises
    ------
    LosscopeError : when nothing is called so, nothing in this task, or several things and no task
        is given.
    """
    meant = meanings(name, task)
    if len(meant) == 1 or (meant and task):
        return meant[0]
    if meant:
        told = ", ".join(f"{cls.name} ({', '.join(cls.tasks)})" for cls in meant)
        raise LosscopeError(
            f"{name!r} means several losses: {told}; write one of these names, or say the task"
        )
    elsewhere = meanings(name)
    if elsewhere:
        raise LosscopeError(
            f"loss {name!r} is for {' or '.join(elsewhere[0].tasks)} targets, this task is {task}; "
            f"losses for it: {', '.join(names(task))}"
        )
    spelled = [s for cls in catalogue().values() for s in (cls.name, *cls.aliases)]
    told = _elsewhere(spelling or name) or confused(name)
    hint = told or f"{did_you_mean(name, spelled)} (known: {', '.join(names(task))})"
    raise LosscopeError(f"unknown loss {name!r}{hint}")


def confused(name: str) -> str:
    """What is said of a name that a loss is not to be confused with."""
    for cls in catalogue().values():
        for other, why in cls.not_to_be_confused_with.items():
            if plain(other) == plain(name.rpartition(".")[2]):
                return f": it is not {cls.name!r}, but {why}"
    return ""


def _elsewhere(spelling: str) -> str:
    """What a framework's spelling is called here."""
    from losscope.losses.matching import readings  # which knows losses, and so this module
    from losscope.losses.reading import read as read_call

    try:
        found = readings(read_call(spelling))
    except LosscopeError:
        return ""
    told = {}
    for reading in found:
        if reading.dialect is not None:
            letters = {n: p.symbol for n, p in reading.loss.declared_parameters().items()}
            relation = reading.dialect.relation(letters)
            factor = "" if relation == "ours" else f" ({relation})"
            told[f"{reading.loss.spelling!r} here{factor}"] = reading.dialect.at.title
    said = "; ".join(f"{title}'s is {loss}" for loss, title in told.items())
    return f": {said}" if said else ""


@cache
def _scanned(folders: str) -> dict[str, type[Loss]]:
    own = importlib.import_module("losscope.losses")
    found = {cls.name: cls for cls in classes(own, Loss)}
    for module in _extra(folders):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Loss) and value.name:
                if value.__module__ != module.__name__:
                    continue
                if value.name in found:
                    raise LosscopeError(
                        f"{module.__file__}: the name {value.name!r} is taken by "
                        f"{found[value.name].title}; give your loss another"
                    )
                found[value.name] = value
    return found


def _extra(folders: str) -> Iterator[ModuleType]:
    """Import the files of extra folders, each as a module of its own."""
    for folder in filter(None, folders.split(os.pathsep)):
        if not Path(folder).is_dir():
            raise LosscopeError(f"{FOLDERS} names {folder!r}, which is no folder")
        for file in sorted(Path(folder).glob("[!_]*.py")):
            name = f"losscope_extra_{file.stem}"
            spec = importlib.util.spec_from_file_location(name, file)
            if spec is None or spec.loader is None:
                continue
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module  # so that its losses can be pickled in this program
            spec.loader.exec_module(module)
            yield module


__all__ = ["add", "catalogue", "find", "get", "meanings", "names"]
