"""The examples whose answer is known in advance: each runs, and asserts it."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "known_answers"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))


def test_none_is_lost():
    """The six answers of the plan are there."""
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
def test_the_known_answer_comes_out(name, capsys):
    """`main` of each example prints what it found and fails if it is another."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main()
    assert capsys.readouterr().out
