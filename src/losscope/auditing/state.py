"""Everything that a pass of a training loop can read or change, copied so that it can be rerun."""

from __future__ import annotations

import copy
import gc
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CellType, FrameType, FunctionType, ModuleType
from typing import Any, Self

import numpy as np

from losscope.auditing import lists
from losscope.auditing.leaves import Path, Values, arrays_in, is_data, lookup, replace
from losscope.auditing.overwritten import is_built, left_behind


@dataclass(frozen=True)
class Frame:
    """Where a pass runs: the live names, and the program's own functions and classes."""

    scope: dict[str, Any] | None  # a function's names; None at module level
    world: dict[str, Any]  # the module's names
    functions: tuple[FunctionType, ...]
    classes: tuple[type | ModuleType, ...]  # and other modules of the program
    overwritten: frozenset[str] = frozenset()  # names that the pass does not read as they are

    @classmethod
    def of(
        cls, frame: FrameType, filenames: tuple[str, ...], overwritten: frozenset[str] = frozenset()
    ) -> Frame:
        """Describe a live frame."""
        inside = frame.f_code.co_name != "<module>"
        scope = dict(frame.f_locals) if inside else None
        names = scope or frame.f_globals
        old = [k for k, v in names.items() if k in overwritten and is_built(v)]
        if old:
            gc.collect()  # a function that calls itself is left over, with all it spoke of
        functions, classes = belongings(filenames)
        functions = _without_old(functions, names, old) if old else functions
        homes = sorted({str(item.__module__) for item in functions} & set(sys.modules))
        others = [sys.modules[name] for name in homes]
        owners: tuple[type | ModuleType, ...] = (
            *classes,
            *(m for m in others if vars(m) is not frame.f_globals),
        )
        return cls(scope, frame.f_globals, functions, owners, overwritten)

    def speaks_of(self, name: str, value: Any) -> bool:
        """Tell whether a name holds data that the pass may read."""
        return is_data(value) and not (name in self.overwritten and is_built(value))

    def cells(self) -> list[tuple[FunctionType, int, CellType]]:
        """List the closure cells of the program's functions."""
        found = []
        for function in self.functions:
            for index, cell in enumerate(function.__closure__ or ()):
                found.append((function, index, cell))
        return found


def belongings(
    filenames: tuple[str, ...],
) -> tuple[tuple[FunctionType, ...], tuple[type, ...]]:
    """Find the live functions that were compiled from these files, and the classes they serve."""
    objects = gc.get_objects()
    functions = [
        item
        for item in objects
        if type(item) is FunctionType and item.__code__.co_filename in filenames
    ]
    modules = {item.__module__ for item in functions}
    classes = [
        item
        for item in objects
        if isinstance(item, type) and item.__module__ in modules and _made_of(item, functions)
    ]
    return tuple(functions), tuple(classes)


def _made_of(cls: type, functions: list[FunctionType]) -> bool:
    own = {id(item) for item in functions}
    return any(id(getattr(value, "__func__", value)) in own for value in vars(cls).values())


def _without_old(
    functions: tuple[FunctionType, ...], names: dict[str, Any], old: list[str]
) -> tuple[FunctionType, ...]:
    """Leave out the closures of a graph that the last pass has left behind in some names."""
    others = [v for k, v in names.items() if k not in old and not k.startswith("__")]
    gone = left_behind([names[name] for name in old], others)
    return tuple(function for function in functions if id(function) not in gone)


class Closed(int):
    """The number of a closure cell, which knows the name that the program gives it."""

    name: str

    def __new__(cls, number: int, name: str = "") -> Self:
        """Make the number and give it its name."""
        made = super().__new__(cls, number)
        made.name = name
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay as it is."""
        del memo
        return self

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


def values_of(frame: Frame) -> Values:
    """List the data that a frame can reach by name."""
    cells = {}
    for number, (function, index, cell) in enumerate(frame.cells()):
        try:
            if is_data(cell.cell_contents):
                cells[Closed(number, function.__code__.co_freevars[index])] = cell.cell_contents
        except ValueError:  # an empty cell
            continue
    return {
        "local": {k: v for k, v in (frame.scope or {}).items() if frame.speaks_of(k, v)},
        "global": {
            k: v for k, v in frame.world.items() if frame.speaks_of(k, v) and not k.startswith("__")
        },
        "class": {
            (c, k): v
            for c in frame.classes
            for k, v in vars(c).items()
            if isinstance(v, np.ndarray | float | list | dict) and not k.startswith("__")
        },
        "cell": cells,
    }


def _copied(values: Values, memo: dict[int, Any]) -> Values:
    """Copy all values with one memo, so that two names of one array stay two names of one."""
    kept = dict(memo)
    try:
        return copy.deepcopy(values, memo)
    except Exception:  # noqa: BLE001 - anything may stand in a program's names
        out: Values = {}
        for group, items in values.items():
            out[group] = {}
            for name, value in items.items():
                ahead = dict(kept)  # a copy that fails leaves half-made objects in its memo
                try:
                    out[group][name] = copy.deepcopy(value, ahead)
                    kept = ahead
                except Exception:  # noqa: BLE001 - cannot be copied: shared as it is
                    out[group][name] = value
        return out


@dataclass
class Chance:
    """The state of the two global random streams."""

    numpy: Any
    python: Any

    @classmethod
    def now(cls) -> Chance:
        """Note both streams as they stand."""
        return cls(np.random.get_state(), random.getstate())

    def restore(self) -> None:
        """Put both streams back."""
        np.random.set_state(self.numpy)
        random.setstate(self.python)


def _wider(values: Values) -> dict[int, Any]:
    """Map each narrow float, array or number, to a copy in double precision.

    Differences of single precision numbers say little: a float32 program is measured in float64.
    """
    narrow = {}
    for value in arrays_in(values).values():
        if getattr(value, "dtype", None) in (np.float32, np.float16):
            narrow[id(value)] = value.astype(np.float64)
    if narrow:
        narrow[id(np.float32)] = np.float64  # a type that an object keeps, as self.dtype
    return narrow


@contextmanager
def double_precision(world: dict[str, Any], *, wanted: bool) -> Iterator[None]:
    """Let np.float32 mean np.float64 for a while, in NumPy and under a module's own names."""
    if not wanted:
        yield
        return
    held = np.float32, np.single
    for name, value in list(world.items()):
        if value is np.float32:
            world[name] = np.float64
    np.float32 = np.single = np.float64  # type: ignore[assignment]
    try:
        yield
    finally:
        np.float32, np.single = held


class Snapshot:
    """A frozen copy of all that a pass can touch; `open` makes a fresh live copy of it."""

    def __init__(self, frame: Frame, shared: dict[int, Any] | None = None) -> None:
        self.frame = frame
        self.chance = Chance.now()
        values = values_of(frame)
        wider = _wider(values)
        self.widened = bool(wider)
        self.values = _copied(values, {**wider, **(shared or {})})
        self.constant: dict[int, Any] = {}  # what no pass changes: not copied again
        self.idle: set[int] = set()  # large collections of data: not watched either
        self.cuts: dict[Path, list[lists.Part]] = {}  # lists that several lines write

    def open(self, moved: Iterable[Path] = ()) -> Live:
        """Make a fresh copy and put it where the program will find it.

        What is about to be moved is copied too, though no pass changes it, and so is what holds it.
        """
        shared = dict(self.constant)
        for path in moved if shared else ():
            for end in range(2, len(path) + 1):
                shared.pop(id(lookup(self.values, path[:end])), None)
        return Live(self, _copied(self.values, shared))

    def arrays(self, kinds: str = "f") -> dict[Path, Any]:
        """List every array and float by its path, but for what lies in idle collections."""
        found = arrays_in(self.values, kinds, self.idle)
        for path, parts in self.cuts.items():
            whole = found.pop(path, None)
            for part in parts if whole is not None else ():
                found[*path, ("part", part)] = whole[part.index]
        return found


class Live:
    """A fresh copy of a snapshot, standing in the place of the program's own values."""

    def __init__(self, snapshot: Snapshot, values: Values) -> None:
        self.snapshot = snapshot
        self.values = values
        frame = snapshot.frame
        self._world = dict(frame.world)
        self._cells = [(c, _contents(c)) for _, _, c in frame.cells()]
        self._classes = {key: vars(key[0])[key[1]] for key in values["class"]}

    def __enter__(self) -> Self:
        frame = self.snapshot.frame
        self._chance = Chance.now()
        frame.world.update(self.values["global"])
        cells = frame.cells()
        for number, value in self.values["cell"].items():
            cells[number][2].cell_contents = value
        for (cls, name), value in self.values["class"].items():
            setattr(cls, name, value)
        self.snapshot.chance.restore()
        return self

    def __exit__(self, *exc: object) -> None:
        frame = self.snapshot.frame
        frame.world.clear()
        frame.world.update(self._world)
        for cell, contents in self._cells:
            if contents is not _EMPTY:
                cell.cell_contents = contents
        for (cls, name), value in self._classes.items():
            setattr(cls, name, value)
        self._chance.restore()

    def after(self, scope: dict[str, Any] | None) -> Values:
        """Give the values as they stand after a pass."""
        frame = self.snapshot.frame
        now = Frame(scope, frame.world, frame.functions, frame.classes)
        return values_of(now)


_EMPTY = object()


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _EMPTY


def assign(live: Live, path: Path, number: Any) -> None:
    """Put numbers at a path, where the program finds them."""
    replace(live.values, path, number)
    if len(path) == 2:
        held = lookup(live.values, path)
        if path[0] == "global":
            live.snapshot.frame.world[path[1]] = held
        elif path[0] == "class":
            setattr(path[1][0], path[1][1], held)
