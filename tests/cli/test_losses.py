"""`losscope losses`: the list, the cards, and names nobody knows."""

import re

import pytest

from losscope import losses
from losscope.cli import main


def test_the_list_names_every_loss(capsys):
    """Every loss of the catalogue is listed, within 80 columns."""
    assert main(["losses"]) == 0
    out = capsys.readouterr().out
    for name in losses.names():
        assert re.search(rf"^  {name}\b", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", losses.names())
def test_every_loss_has_a_card(name, capsys):
    """A card tells title, formula and the domains of target and prediction."""
    assert main(["losses", name]) == 0
    out = capsys.readouterr().out
    loss = losses.get(name)
    assert out.startswith((f"{loss.name}: {loss.title}", f"{name!r} means"))
    for label in ("loss", "target y", "prediction a", "tasks"):
        assert f"\n{label} " in out


def test_an_ambiguous_name_shows_each_meaning(capsys):
    """`CrossEntropyLoss` is binary or categorical by the task: both cards are shown."""
    assert main(["losses", "CrossEntropyLoss"]) == 0
    out = capsys.readouterr().out
    assert "means 2 losses" in out
    assert "bce: binary cross-entropy" in out
    assert "ce: categorical cross-entropy" in out


def test_an_unknown_loss_is_told_with_its_neighbour(capsys):
    """A misspelled name gets one line, the nearest name, and exit code 2."""
    assert main(["losses", "focl"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "did you mean 'focal'" in err


def test_a_formula_of_ones_own_has_a_card_without_empty_lines(capsys):
    """Its card shows the formula typeset, and no label with nothing behind it."""
    assert main(["losses", "(y-a)**4@sigmoid"]) == 0
    out = capsys.readouterr().out
    assert "(y-a)**4@sigmoid: your formula\n" in out
    assert "ℓ(y, a) = (a − y)⁴" in out
    for label in ("promises", "also called", "sources"):
        assert f"\n{label}" not in out


def test_the_table_of_matched_pairs_fits_a_terminal(capsys):
    """`losscope derive --table` stays within 80 columns."""
    assert main(["derive", "--table"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
