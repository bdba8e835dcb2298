"""A derivation as a JAX program without `grad`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.derivation.printers.frameworks import NUMPY, Framework
from losscope.derivation.printers.script import script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.derivation.equations import Derivation

JAX = Framework(
    "JAX",
    "jnp",
    (
        "import jax",
        "import jax.numpy as jnp",
        "import numpy as np",
        "",
        'jax.config.update("jax_enable_x64", True)  # float64, so that gradients can be checked',
    ),
    {name: code.replace("np.", "jnp.") for name, code in NUMPY.functions.items()},
    ("losscope.derivation.printers", "jax_functions.py"),
    native="jnp.asarray({0})",
)


def program(derivation: Derivation, blank: Iterable[str] = ()) -> str:
    """JAX source of a whole training program; `blank` equations are left to the reader."""
    return script(derivation, JAX, blank)
