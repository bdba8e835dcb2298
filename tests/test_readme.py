"""What the README says stands; its blocks are run by `python -m docs.blocks`, a stage of CI."""

import re
from pathlib import Path

import pytest

import losscope

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="not in a checkout")

COMMANDS = (
    "pip install . && losscope compare digits --losses ce,mse,mae",
    'pip install ".[test]" && pytest',
)


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_two_commands_stand_there_word_by_word(command):
    """CI runs exactly these; they are the only ones that its check of blocks leaves out."""
    assert sorted(COMMANDS) == sorted(block.strip() for block in blocks("sh"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_equations_are_derived():
    """The lines at the top are what the derivation prints, in the course's convention."""
    shown = dict(re.findall(r"≠ (\w+) +dZ2 = (.*?)  ", blocks("console")[0]))
    assert list(shown) == ["ce", "mse", "mae"]
    network = losscope.Network((30, 16, 1), output="sigmoid")
    for loss, line in shown.items():
        assert line == losscope.derive(network, loss, convention="course")["dZ2"].text()


def test_every_named_set_can_be_loaded():
    """The data sets that the README names are there."""
    named = re.search(r"a named set \((.*?)\)", README.read_text(encoding="utf-8"), re.DOTALL)
    from losscope.data import names

    assert sorted(re.findall(r"`([\w-]+)`", named.group(1))) == sorted(names())


def test_the_answer_stands_on_the_first_screen():
    """Question, equations and picture come before any instruction, within 45 lines."""
    text = README.read_text(encoding="utf-8")
    first = "\n".join(text.splitlines()[:45])
    assert text.index("## Try it") > text.index("<picture>")
    for said in ("does the choice of loss matter?", "dZ2 = A2 − Y", "docs/pictures/slopes.svg"):
        assert said in first
