"""The arrows between the rooms run one way."""

import ast
from pathlib import Path

import pytest

import losscope

ROOT = Path(losscope.__file__).parent

# What each room may import besides itself; errors, found and cache lie below all.
ARROWS = {
    "errors": set(),
    "found": {"errors"},
    "cache": set(),
    "calculus": set(),
    "network": {"calculus"},
    "losses": {"calculus", "network"},
    "derivation": {"calculus", "network", "losses"},
    "training": {"calculus", "network", "losses", "derivation"},
    "data": set(),
    "comparison": {"calculus", "network", "losses", "derivation", "training", "data"},
    "auditing": {"calculus", "network", "losses", "derivation"},
    "report": {"comparison"},
    "cards": {"calculus", "network", "losses", "derivation"},
    "estimators": {"network", "losses", "training"},
    "cli": {
        "cards",
        "network",
        "losses",
        "derivation",
        "training",
        "data",
        "comparison",
        "auditing",
        "report",
    },
}
EVERYWHERE = {"errors", "found", "cache", ""}  # "" is the package itself, for its version


def room_of(path):
    """The room that a source file stands in."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(source):
    """Rooms that a piece of source imports, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "losscope":
                names = [f"losscope.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "losscope":
                room = rest.partition(".")[0]
                found.add(room if room in ARROWS else "")
    return found


def against_the_arrows(room, source):
    """Rooms that `source`, standing in `room`, may not import."""
    return imported_rooms(source) - ARROWS[room] - EVERYWHERE - {room}


def files():
    """Every source file below a room."""
    return [p for p in sorted(ROOT.rglob("*.py")) if room_of(p) in ARROWS]


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_import_runs_against_the_arrows(path):
    """A room imports from below, never from above or sideways."""
    wrong = against_the_arrows(room_of(path), path.read_text(encoding="utf-8"))
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def test_every_room_is_on_the_map():
    """A new folder or file must be given its place."""
    rooms = {room_of(p) for p in ROOT.rglob("*.py")} - {"__init__", "__main__"}
    assert rooms == set(ARROWS)


@pytest.mark.parametrize(
    "source",
    [
        "from losscope.cli import main",
        "import losscope.report.page",
        "def f():\n    from losscope import comparison",
    ],
)
def test_an_import_from_above_is_caught(source):
    """The checker itself: a planted import is found, also inside a function."""
    assert against_the_arrows("losses", source)
