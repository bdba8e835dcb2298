"""`losscope derive`, as it is typed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from losscope.cli import main


def run(capsys, *words):
    """Exit code, standard output and standard error of one command line."""
    code = main(["derive", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_layers_and_activation_have_defaults(capsys):
    """Two losses are enough; one for classes gets three outputs."""
    code, out, _ = run(capsys, "ce", "mse")
    assert code == 0
    assert "One equation differs: dZ2" in out
    _, out, _ = run(capsys, "gce")
    assert "3 softmax" in out


@pytest.mark.parametrize("kind", ["numpy", "latex", "mathml", "torch", "jax"])
def test_every_spelling_is_printed(capsys, kind):
    """Programs parse as Python; documents have their frame."""
    code, out, _ = run(capsys, "ce", "mse", "--layers", "30,16,1", "--as", kind)
    assert code == 0
    if kind == "latex":
        assert out.startswith(r"\documentclass") and out.rstrip().endswith(r"\end{document}")
    elif kind == "mathml":
        assert out.startswith("<!doctype html>")
    else:
        compile(out, "printed", "exec")


def test_a_printed_program_runs(tmp_path, capsys):
    """`losscope derive ce mse --as numpy > file.py` and `python file.py`: both programs run."""
    _, out, _ = run(capsys, "ce", "mse", "--as", "numpy")
    file = tmp_path / "file.py"
    file.write_text(out, encoding="utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert done.stdout.count("right to") == 12
    assert done.stdout.count("cost after") == 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "derive expects at least one loss"),
        (["cee"], "did you mean"),
        (["ce", "--layers", "4"], "at least two widths"),
        (["ce", "--activation", "sofmax"], "unknown activation"),
        (["ce", "--convention", "column"], "convention must be rows or course"),
        (["ce", "--reduction", "median"], "reduction must be mean or sum"),
        (["ce", "--l2", "-1"], "l2 must be a finite number of at least 0"),
        (["ce", "--as", "html"], "--as expects"),
        (["ce", "--blank", "dZ2"], "--blank goes with --as numpy"),
        (["ce", "--as", "numpy", "--steps"], "--steps and --per-example are mathematics"),
        (["ce", "--as", "numpy", "--blank", "dZ7"], "'dZ7' is no equation"),
        (["ce@softmax"], "needs at least 2 outputs"),
    ],
)
def test_bad_input_is_one_line(capsys, words, said):
    """Exit code 2, one line on standard error, nothing on standard output."""
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_the_table_of_pairs(capsys):
    """`--table` for a few losses: each pair with its constant."""
    code, out, _ = run(capsys, "mse", "poisson", "mae", "--table")
    assert code == 0
    assert "mse                  identity   2 / K" in out
    assert "poisson              exp        1 / K" in out
    assert "mae" not in out
