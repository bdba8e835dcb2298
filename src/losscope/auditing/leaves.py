"""The arrays and numbers that a program's names reach, by path.

A plain list of numbers counts as an array, and so does what the items of a list all hold: see
`lists`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np

from losscope.auditing import lists

Path = tuple[Any, ...]  # ("local" | "global" | "class" | "cell", name, accessor, …)
Values = dict[str, dict[Any, Any]]  # by the first two parts of a path
_DEEPEST = 8  # model.layers[0].neurons[0].w[0].data
_MOST_ITEMS = 500
_SMALL = 64  # numbers in an array that is compared as bytes first
_WHOLE = (ModuleType, FunctionType, BuiltinFunctionType, type, GeneratorType, CodeType, FrameType)


def is_data(value: Any) -> bool:
    """Tell whether a value is none of the program's own parts."""
    return not isinstance(value, _WHOLE)


def arrays_in(
    values: Values, kinds: str = "f", idle: AbstractSet[int] = frozenset()
) -> dict[Path, Any]:
    """List arrays and floats by path; an object that two names reach is listed once."""
    found: dict[Path, Any] = {}
    seen = set(idle)
    for group in ("local", "global", "class", "cell"):
        for name, value in values[group].items():
            _walk((group, name), value, found, seen, kinds, 0)
    return found


def _walk(  # noqa: PLR0917 - the parts of one record
    path: Path, value: Any, found: dict[Path, Any], seen: set[int], kinds: str, depth: int
) -> None:
    if isinstance(value, float | np.floating) or (
        "0" in kinds and type(value) is int and not value
    ):
        found[path] = value
        return
    if isinstance(value, np.ndarray) and value.dtype.kind in kinds:
        if value.size and id(value) not in seen:
            found[path] = value
            seen.add(id(value))
        return
    if depth >= _DEEPEST or id(value) in seen:
        return
    table = lists.table(value) if "f" in kinds else None
    if table is not None:
        seen.update((id(value), *(id(item) for item in value if type(item) is list)))
        found[*path, ("whole", None)] = table
        return
    inside = [
        (accessor, _inside(part, seen, kinds, depth + 1)) for accessor, part in _parts(value, seen)
    ]
    if _are_records(value, [leaves for _, leaves in inside]):
        inside.append((("each", None), _laid_together([leaves for _, leaves in inside])))
    for accessor, leaves in inside:
        found.update({(*path, accessor, *rest): leaf for rest, leaf in leaves.items()})


def _inside(part: Any, seen: set[int], kinds: str, depth: int) -> dict[Path, Any]:
    """List the leaves of one part of something, by their paths from there."""
    found: dict[Path, Any] = {}
    _walk((), part, found, seen, kinds, depth)
    return found


def _are_records(value: Any, leaves: list[dict[Path, Any]]) -> bool:
    """Tell whether the items of a list are alike and made of plain numbers, as neurons are.

    Neurons may hold lists of boxes with a number each. Layers hold arrays, or lists of neurons,
    and stay apart.
    """
    if type(value) is not list or len(value) < 2 or type(value[0]) in (float, int, list, tuple):
        return False
    plain = (
        is_list(path, 0) or isinstance(leaf, float) for one in leaves for path, leaf in one.items()
    )
    apart = any(
        kind == "each" and np.ndim(leaf) > 1
        for one in leaves
        for path, leaf in one.items()
        for kind, _ in path
    )
    return any(leaves) and all(plain) and not apart


def _laid_together(leaves: list[dict[Path, Any]]) -> dict[Path, Any]:
    """Take out what every item of a list holds in one shape, and lay it together."""
    out = {}
    for path in list(leaves[0]):
        whole = lists.stack([one.get(path) for one in leaves])
        if whole is not None:
            out[path] = whole
            for one in leaves:
                del one[path]
    return out


def _parts(value: Any, seen: set[int]) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        seen.add(id(value))
        yield from ((("key", k), v) for k, v in list(value.items())[:_MOST_ITEMS])
    elif isinstance(value, list | tuple):
        seen.add(id(value))
        if len(value) <= _MOST_ITEMS:
            yield from ((("item", i), v) for i, v in enumerate(value))
    elif isinstance(value, np.ndarray) and value.dtype == object and value.size <= _MOST_ITEMS:
        seen.add(id(value))
        yield from ((("item", i), v) for i, v in enumerate(value.flat))
    elif isinstance(value, MethodType):
        yield ("attr", "__self__"), value.__self__
    elif hasattr(value, "__dict__") and is_data(value) and is_of_the_program(type(value)):
        seen.add(id(value))
        yield from ((("attr", k), v) for k, v in list(vars(value).items()))


def is_of_the_program(cls: type) -> bool:
    """Tell whether a class was written for this program, not in an installed library."""
    if cls.__module__ == "__main__":
        return True  # outside a run that name stands for the audit's own process
    module = sys.modules.get(cls.__module__)
    file = getattr(module, "__file__", None) or ""
    root = cls.__module__.split(".")[0]
    return root not in sys.stdlib_module_names - {"types"} and (
        "site-packages" not in file and "dist-packages" not in file
    )


def lookup(values: Values, path: Path) -> Any:
    """Follow a path; None when it no longer leads anywhere."""
    try:
        return _follow(values[path[0]][path[1]], path[2:])
    except (KeyError, IndexError, AttributeError, TypeError):
        return None


def _follow(value: Any, rest: Path) -> Any:
    if rest and rest[-1][0] == "part":
        whole = _follow(value, rest[:-1])
        return None if whole is None else whole[rest[-1][1].index]
    for number, (kind, name) in enumerate(rest, start=1):
        if kind == "each":
            return lists.stack([_follow(item, rest[number:]) for item in value])
        if kind == "whole":
            return lists.table(value)
        if kind == "attr":
            value = getattr(value, name)
        else:
            value = value.flat[name] if isinstance(value, np.ndarray) else value[name]
    return value


def is_list(path: Path, start: int = 2) -> bool:
    """Tell whether a path leads to numbers in lists, rather than to an array or a number."""
    return any(kind in ("whole", "each") for kind, _ in path[start:])


def replace(values: Values, path: Path, number: Any) -> None:
    """Put numbers at a path: in place for an array or a list, else by rebinding."""
    held = lookup(values, path)
    if isinstance(held, np.ndarray) and not is_list(path):
        if not held.flags.writeable:
            held.flags.writeable = True
        held[...] = number
    elif path[-1][0] == "part":
        whole = np.array(lookup(values, path[:-1]))
        whole[path[-1][1].index] = number
        replace(values, path[:-1], whole)
    elif len(path) > 2:
        _put(values[path[0]][path[1]], path[2:], number)
    else:
        values[path[0]][path[1]] = float(np.asarray(number))


def _put(value: Any, rest: Path, number: Any) -> None:
    for place, (kind, name) in enumerate(rest, start=1):
        if kind == "each":
            for item, row in zip(value, number, strict=True):
                _put(item, rest[place:], row)
            return
        if kind == "whole":
            lists.fill(value, number)
            return
        if place < len(rest):
            value = getattr(value, name) if kind == "attr" else value[name]
        elif kind == "attr":
            setattr(value, name, float(np.asarray(number)))
        else:
            value[name] = float(np.asarray(number))


def spelled(path: Path) -> str:
    """Write a path as the program would: `params['W1']`, `self.layers[0].W`."""
    name = path[1]
    text = f"{name[0].__name__}.{name[1]}" if isinstance(name, tuple) else str(name)
    text = text.removeprefix("__main__.")
    for kind, part in path[2:]:
        if kind == "part":
            text += part.text
        elif kind != "whole":
            text += f".{part}" if kind == "attr" else "[:]" if kind == "each" else f"[{part!r}]"
    return text


def same(a: lists.Array | None, b: lists.Array | None) -> bool:
    """Tell whether two arrays are the same to the bit (NaN equal to NaN)."""
    if a is None or b is None or a.shape != b.shape:
        return False
    if a.size <= _SMALL and a.dtype == b.dtype and a.tobytes() == b.tobytes():
        return True  # much quicker, and most are
    return bool(np.array_equal(a, b, equal_nan=True))
