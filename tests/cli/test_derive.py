"""`losscope derive`: equations as text, as a program that runs, as LaTeX."""

import subprocess
import sys

import pytest

from losscope.cli import main


def run(words, capsys):
    """Run a command that must end well; give its standard output and error."""
    assert main(["derive", *words]) == 0
    return capsys.readouterr()


def test_one_equation_differs(capsys):
    """Two losses side by side: only dZ2 is marked as different in the backward pass."""
    out, _ = run(["ce", "mse", "--layers", "30,16,1"], capsys)
    backward = out.split("backward")[1].split("update")[0]
    marked = [line.split()[2] for line in backward.splitlines() if "≠" in line]
    assert set(marked) == {"dZ2"}
    assert "ce here is bce" in out


def test_the_matched_output_can_be_overruled(capsys):
    """`mse@identity` brings its own output activation; `--output` gives one to all."""
    assert "A2" in run(["mse@identity"], capsys).out
    assert "tanh" in run(["mse", "--output", "tanh"], capsys).out


def test_defaults_suffice(capsys):
    """`losscope derive ce` alone prints a network with one hidden layer."""
    assert "dW1" in run(["ce"], capsys).out


@pytest.mark.parametrize("losses", [["ce"], ["ce", "mse"], ["huber"]])
def test_numpy_runs_by_itself(losses, tmp_path, capsys):
    """The printed program is a file that runs, checks itself and trains."""
    source = run([*losses, "--layers", "30,16,1", "--as", "numpy"], capsys).out
    (tmp_path / "f.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "f.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("dZ2") == len(losses)


def test_latex(capsys):
    """LaTeX stands in an environment of its own."""
    out = run(["ce", "mse", "--as", "latex"], capsys).out
    assert r"\begin{align*}" in out
    assert "dZ_2" in out


def test_penalties_enter(capsys):
    """`--l2` adds the penalty's gradient to dW."""
    plain, penalised = (run(["ce", *more], capsys).out for more in ([], ["--l2", "0.1"]))
    assert plain != penalised
    assert "W2" in penalised.split("dW2")[1].splitlines()[0]
