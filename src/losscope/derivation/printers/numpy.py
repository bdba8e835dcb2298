"""A derivation as a NumPy program that runs by itself (SciPy only for GELU's Φ)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.derivation.printers.frameworks import NUMPY
from losscope.derivation.printers.script import script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.derivation.equations import Derivation


def program(derivation: Derivation, blank: Iterable[str] = ()) -> str:
    """NumPy source of a whole training program; `blank` equations are left to the reader."""
    return script(derivation, NUMPY, blank)
