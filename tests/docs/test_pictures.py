"""The committed pictures show what the program finds, in light and dark."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="not in a checkout")
pictures = pytest.importorskip("docs.pictures.__main__")


def test_the_pictures_are_as_the_program_draws_them():
    """`python -m docs.pictures` would draw the same lines."""
    assert pictures.wrong() == []


def test_a_changed_picture_is_named(tmp_path):
    """A number moved by more than a pixel, or a picture taken away."""
    for path in pictures.FOLDER.glob("*.svg"):
        shutil.copy(path, tmp_path)
    place = tmp_path / "slopes.svg"
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("[-6.0, -0.9975]", "[-6.0, -0.99]"), encoding="utf-8")
    (tmp_path / "slowdown-dark.svg").unlink()
    assert pictures.wrong(tmp_path) == [
        "slopes.svg: shows something else than the program finds",
        "slowdown-dark.svg: not there",
    ]
