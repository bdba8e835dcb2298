"""`python -m docs.pictures`: draw the pages' pictures; with `--check` only see that they are right.

What is compared is the numbers that a picture draws, not its bytes: those change with the version
of the program that turns it into SVG.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docs.pictures.drawing import Panel, data, palettes, svg
from docs.pictures.scenes import scenes

FOLDER = Path(__file__).parent
NEAR = 1e-3  # of a line's extent: less than a pixel


def wrong(folder: Path = FOLDER) -> list[str]:
    """Pictures that are not there, or do not show what the program finds now."""
    found = []
    for name, panels in scenes().items():
        for ending in palettes():
            place = folder / f"{name}{ending}.svg"
            if not place.exists():
                found.append(f"{place.name}: not there")
            elif not _same(data(place.read_text(encoding="utf-8")), panels):
                found.append(f"{place.name}: shows something else than the program finds")
    return found


def _same(shown: list[dict[str, Any]], panels: list[Panel]) -> bool:
    now = [panel.data() for panel in panels]
    if [_words(one) for one in shown] != [_words(one) for one in now]:
        return False
    return all(
        _near(one["lines"][name], other["lines"][name])
        for one, other in zip(shown, now, strict=True)
        for name in one["lines"]
    )


def _words(panel: dict[str, Any]) -> dict[str, Any]:
    return {**panel, "lines": list(panel["lines"])}


def _near(shown: list[list[float]], now: list[list[float]]) -> bool:
    if len(shown) != len(now):
        return False
    for axis in (0, 1):
        values = [point[axis] for point in now]
        extent = max(values) - min(values)
        if any(abs(a[axis] - b) > NEAR * extent for a, b in zip(shown, values, strict=True)):
            return False
    return True


def main(arguments: list[str]) -> int:
    """Draw, or check; 1 when a picture is wrong."""
    if arguments == ["--check"]:
        found = wrong()
        print("\n".join(found) or f"{len(scenes())} pictures are as the program draws them")
        return 1 if found else 0
    for name, panels in scenes().items():
        for ending, palette in palettes().items():
            place = FOLDER / f"{name}{ending}.svg"
            place.write_text(svg(panels, palette), encoding="utf-8")
            print(f"wrote docs/pictures/{place.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
