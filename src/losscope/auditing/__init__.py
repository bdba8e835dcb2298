"""Which loss does this code really descend?  Rests on losses (and derivation) only."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscope.auditing.objects import audit as audit

_PUBLIC = {"audit": "losscope.auditing.objects"}


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'losscope.auditing' has no attribute {name!r}")
