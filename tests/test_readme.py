"""What the README shows is what the program does."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import losscope
from losscope.cli import main

README = Path(__file__).parent.parent / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="not in a checkout")


def blocks(language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_two_commands_stand_there_word_by_word():
    """CI runs exactly these."""
    shown = [block.strip() for block in blocks("sh")]
    assert "pip install . && losscope compare digits --losses ce,mse,mae" in shown
    assert 'pip install ".[test]" && pytest' in shown
    ci = (README.parent / ".ci" / "run").read_text(encoding="utf-8")
    assert 'pip install ".[test]" && pytest' in ci
    assert "pip install . && losscope compare digits --losses ce,mse,mae" in ci


def test_the_equations_are_derived():
    """The three lines at the top are what the derivation prints, in the course's convention."""
    (shown,) = blocks("text")
    network = losscope.Network((4, 6, 1), output="sigmoid")
    for line, loss in zip(shown.splitlines(), ("ce", "mse", "mae"), strict=True):
        derived = losscope.derive(network, loss, convention="course")["dZ2"]
        assert line.split("dZ2 = ")[1] == derived.text()


def test_every_named_set_can_be_loaded():
    """The data sets that the README names are there."""
    named = re.search(r"a named set \((.*?)\)", README.read_text(encoding="utf-8"), re.DOTALL)
    from losscope.data import names

    assert sorted(re.findall(r"`([\w-]+)`", named.group(1))) == sorted(names())


def test_derive_commands_run(tmp_path, capsys, monkeypatch):
    """Each `losscope derive` line of the README runs."""
    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    derive = [line.split("#")[0].split(">")[0] for line in lines if line.startswith("losscope d")]
    assert len(derive) == 3
    for line in derive:
        assert main(shlex.split(line)[1:]) == 0
        assert "dZ" in capsys.readouterr().out


def test_python_blocks_run(tmp_path, monkeypatch):
    """The Python of the README runs as it stands, on a small table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOSSCOPE_STORE", str(tmp_path / "store.sqlite"))
    draw = np.random.default_rng(0)
    X = draw.normal(size=(40, 3))
    names = {
        "X": X,
        "y": (X[:, 0] > 0).astype(int),
        "Y": np.array([[1.0], [0.0]]),
        "A": np.array([[0.9], [0.2]]),
    }
    small = {"seeds": 2, "epochs": 2, "learning_rates": 0.01}
    original = losscope.compare
    monkeypatch.setattr(losscope, "compare", lambda *a, **k: original(*a, **k, **small))
    for block in blocks("python"):
        exec(block, names)
    assert (tmp_path / "report.html").exists()
