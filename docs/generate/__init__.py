"""Write the reference from the code: nothing below docs/reference is kept by hand but its index.

`python -m docs.generate` writes it; a build of the documentation does so by itself.
"""

from __future__ import annotations

from pathlib import Path

from docs.generate import api, catalogue, commands, findings, parts, store

FOLDER = Path(__file__).parents[1] / "reference"
KINDS = (catalogue, commands, findings, api, parts, store)


def pages() -> dict[str, str]:
    """Every page and picture of the reference, by its path below docs/reference."""
    return {path: text for kind in KINDS for path, text in kind.pages().items()}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write them; leave alone what has not changed, and remove what is generated no more."""
    kept = {folder / "index.md"}
    for path, text in pages().items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        kept.add(place)
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")
    for place in folder.rglob("*.*"):
        if place not in kept:
            place.unlink()
    return sorted(kept)
