"""A derivation as a PyTorch program without autograd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.derivation.printers.frameworks import NUMPY, Framework
from losscope.derivation.printers.script import script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.derivation.equations import Derivation

_OWN = {
    "maximum_number": "torch.clamp({0}, min={1})",
    "minimum_number": "torch.clamp({0}, max={1})",
    "pi": "torch.pi",
    "sqrt_number": "{0} ** 0.5",
}

TORCH = Framework(
    "PyTorch",
    "torch",
    ("import numpy as np", "import torch"),
    {name: code.replace("np.", "torch.") for name, code in NUMPY.functions.items()} | _OWN,
    ("losscope.derivation.printers", "torch_functions.py"),
    native="torch.from_numpy({0})",
    axis="dim",
    keep="keepdim",
    fill="torch.full_like({0}, {1})",
)


def program(derivation: Derivation, blank: Iterable[str] = ()) -> str:
    """PyTorch source of a whole training program; `blank` equations are left to the reader."""
    return script(derivation, TORCH, blank)
