"""A page for each loss."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from losscope import losses
from losscope.cards.page import write

# Ink, first and second line: for paper, for a dark page.
_DARK = {"#222": "#ddd", "#3567a8": "#7fb0ea", "#b3541e": "#f08a4b"}
_MEDIA = re.compile(r"@media\(prefers-color-scheme:dark\)\{svg\{color:#ddd\}\}")


def pages() -> dict[str, str]:
    """What `python -m losscope.cards` writes, with a table of contents below its index."""
    with tempfile.TemporaryDirectory() as folder:
        found = {
            f"catalogue/{path.name}": path.read_text(encoding="utf-8")
            for path in write(Path(folder))
        }
    for path in [path for path in found if path.endswith(".svg")]:
        found[path], found[path.replace(".svg", "-dark.svg")] = _light_and_dark(found[path])
    listed = "\n".join(losses.names())
    found["catalogue/index.md"] += f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
    return found


def _light_and_dark(drawn: str) -> tuple[str, str]:
    """Two pictures: the site is dark when its reader says so, not when the system is."""
    light, told = _MEDIA.subn("", drawn)
    assert told == 1, "a card's drawing follows the reader's setting in another way now"
    return light, re.sub("|".join(_DARK), lambda found: _DARK[found[0]], light)


def expected() -> dict[str, list[str]]:
    """Page of each loss, and what must stand on it."""
    return {f"catalogue/{name}": [losses.get(name).title] for name in losses.names()}
