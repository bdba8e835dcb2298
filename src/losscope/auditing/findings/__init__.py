"""The findings: one file each, found by looking into this folder, registered nowhere."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from losscope.auditing.findings._page import Page
from losscope.errors import LosscopeError


@cache
def pages() -> dict[str, Page]:
    """Give every finding's page by its code."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("LS"):
            page = importlib.import_module(f"{__name__}.{module.name}").PAGE
            found[page.code] = page
    return dict(sorted(found.items()))


def get(code: str) -> Page:
    """Give one finding's page.

    Raises
    ------
    LosscopeError
        For a code that does not exist; the message lists those that do.
    """
    wanted = code.strip().upper()
    if wanted not in pages():
        raise LosscopeError(f"There is no finding {code!r}; there are {', '.join(pages())}.")
    return pages()[wanted]
