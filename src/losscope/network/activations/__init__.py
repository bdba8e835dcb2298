"""What a layer does to its pre-activation z: one activation, one file, found by scanning."""

from __future__ import annotations

import sys
from functools import cache

from losscope.errors import LosscopeError
from losscope.found import classes, did_you_mean, plain
from losscope.network.activations.base import Activation

__all__ = ["Activation", "get", "names"]


@cache
def _known() -> dict[str, type[Activation]]:
    return {cls.name: cls for cls in classes(sys.modules[__name__], Activation)}


@cache
def _spellings() -> dict[str, type[Activation]]:
    return {plain(s): cls for cls in _known().values() for s in (cls.name, *cls.aliases)}


def names() -> list[str]:
    """Names of all activations, sorted."""
    return sorted(_known())


def get(name: str) -> Activation:
    """Return the activation of that name or alias.

    Raises
    ------
    LosscopeError : when no activation is called so.
    """
    cls = _spellings().get(plain(name))
    if cls is None:
        raise LosscopeError(
            f"unknown activation {name!r}{did_you_mean(name, _known())} "
            f"(known: {', '.join(names())})"
        )
    return cls()
