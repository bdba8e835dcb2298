"""`--blank`: gaps for a learner, and the check that grades them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from losscope.derivation import derive
from losscope.errors import LosscopeError
from tests.derivation.programs import load


def graded(source, capsys):
    """Run the program's check; return whether all is right and what it printed by name."""
    program = load(source)
    X, Y = program.make_data()
    right = program.check_gradients(X, Y, program.initialize_parameters())
    lines = capsys.readouterr().out.splitlines()
    return right, {line.split()[0]: line[18:].strip() for line in lines}


@pytest.mark.parametrize("convention", ["rows", "course"])
def test_gaps_are_left_and_named(convention, capsys):
    """The lines are gone, formula included; what reads them waits; the rest is graded."""
    derivation = derive((4, 6, 1), "ce", convention=convention)
    source = derivation.numpy(blank=("dZ2", "dW1"))
    assert "your turn: (m, 1)" in source or "your turn: (1, m)" in source
    assert "A2 - Y" not in source
    right, verdicts = graded(source, capsys)
    assert not right
    assert verdicts["dZ2"].startswith("still blank")
    _, verdicts = graded(derivation.numpy(blank=("dW1",)), capsys)
    assert verdicts["dW1"].startswith("still blank")
    assert verdicts["dW2"].startswith("right to")


def test_right_and_wrong_answers_are_told_apart(capsys):
    """A learner's line is right, or wrong with both slopes, whoever wrote the others."""
    source = derive((4, 6, 1), "ce").numpy(blank=("dZ2", "dW2"))
    gap = "np.full_like(Z2, np.nan)"
    answered = source.replace("np.full_like(W2, np.nan)", "A1.T @ dZ2")
    assert graded(answered.replace(gap, "(A2 - Y) / X.shape[0]"), capsys)[0]
    for wrong in ("A2 - Y", "(Y - A2) / X.shape[0]", "2 * (A2 - Y) * A2 * (1 - A2) / 100"):
        right, verdicts = graded(answered.replace(gap, wrong), capsys)
        assert not right
        assert verdicts["dZ2"].startswith("WRONG: slope of the cost")


def test_an_unfinished_exercise_ends_with_an_error(tmp_path):
    """Exit code 1 and a sentence; it does not train."""
    file = tmp_path / "exercise.py"
    file.write_text(derive((4, 6, 1), "ce").numpy(blank=("dZ2",)), encoding="utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Not all lines are right yet." in done.stderr
    assert "cost after" not in done.stdout


def test_an_unknown_gap_is_refused():
    """With the names that there are."""
    with pytest.raises(LosscopeError, match=r"'dZ9' is no equation .* choose from dZ2, dW2"):
        derive((4, 6, 1), "ce").numpy(blank=("dZ9",))
