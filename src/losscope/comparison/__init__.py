"""The same network, from the same start, under each loss; measured by the same metrics."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscope.comparison.api import compare as compare
    from losscope.comparison.plan import Plan as Plan
    from losscope.comparison.result import Comparison as Comparison
    from losscope.comparison.store import Store as Store

# Public name -> where it lives; loaded on first use, so that importing the package stays light.
_PUBLIC = {"compare": "api", "Comparison": "result", "Plan": "plan", "Store": "store"}

__all__ = ["Comparison", "Plan", "Store", "compare"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'losscope.comparison' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value
