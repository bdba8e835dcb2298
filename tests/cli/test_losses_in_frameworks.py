"""`losscope losses --in`, `--json` and `losscope translate`: lines fit, answers hold."""

import json

import pytest

from losscope import losses
from losscope.cli import _translate, main
from losscope.losses.frameworks import FRAMEWORKS


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_is_listed_with_its_spellings(framework, capsys):
    """Every loss that it has, as it is spelled there, with the relation; the others by name."""
    assert main(["losses", "--in", framework]) == 0
    out = capsys.readouterr().out
    flat = "".join(out.split())
    for name in losses.names():
        loss = losses.get(name)
        for dialect in loss.dialects:
            if dialect.framework == framework:
                assert "".join(dialect.spell(loss.parameters).split()) in flat
        assert name in flat
    assert FRAMEWORKS[framework].version in out
    assert "= ours" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel", "regression", "counts"])
def test_a_task_has_its_losses(task, capsys):
    """`--task` leaves what can train for it."""
    assert main(["losses", "--task", task]) == 0
    out = capsys.readouterr().out
    listed = [
        line.split()[0] for line in out.splitlines() if line.startswith("  ") and line[2] != " "
    ]
    assert sorted(listed) == losses.names(task)


def test_the_cards_as_json(capsys):
    """Every card as data, with the spellings of one framework where one is named."""
    assert main(["losses", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)
    assert sorted(card["name"] for card in cards) == losses.names()
    assert main(["losses", "huber", "--in", "keras", "--json"]) == 0
    (card,) = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in card["elsewhere"]] == ["keras.losses.Huber(delta=1)"]
    assert card["slope"]


def test_a_card_shows_gradient_curves_and_relations(capsys):
    """The card of a loss with its parameters, as they are written."""
    assert main(["losses", "smooth_l1(beta=0.5)"]) == 0
    out = capsys.readouterr().out
    assert "dℓ/dz = " in out
    assert "curves        ℓ █" in out
    assert "keras.losses.Huber(delta=0.5)" in out
    assert "= β × ours" in out
    assert "not in        XGBoost" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", losses.names())
def test_every_card_fits_eighty_columns(name, capsys):
    """No line of a card is wider than a terminal."""
    assert main(["losses", name]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_the_answer_of_translate(capsys):
    """Spelling and factor; code 0."""
    assert main(["translate", "torch.nn.SmoothL1Loss(beta=0.5)", "--to", "keras"]) == 0
    out = capsys.readouterr().out
    assert "= 2 × keras.losses.Huber(delta=0.5)" in out
    assert "is smooth_l1(beta=0.5), smooth L1" in out
    assert "executed with Keras 3.15.1" in out


def test_no_answer_is_an_answer(capsys):
    """Where there is none, that is said plainly; code 0."""
    assert main(["translate", "nn.MultiMarginLoss(p=2)", "--to", "keras"]) == 0
    assert "has no spelling of it" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["translate", "nn.HubberLoss()", "--to", "keras"], "did you mean 'HuberLoss'"),
        (["translate", "nn.HuberLoss(", "--to", "keras"], "cannot read"),
        (["translate", "nn.HuberLoss()", "--to", "kerras"], "did you mean 'keras'"),
        (["translate", "nn.HuberLoss()"], "--to"),
        (["losses", "--in", "kerras"], "did you mean 'keras'"),
        (["losses", "--task", "binari"], "did you mean 'binary'"),
    ],
)
def test_what_cannot_be_understood_is_one_line_and_code_two(words, told, capsys):
    """Unknown names, frameworks and tasks."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert told in err


def test_the_answer_as_json(capsys):
    """Everything that is printed, as data."""
    assert main(["translate", "loss='log_loss'", "--to", "torch", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [f["loss"] for f in found] == ["bce", "ce"]
    assert found[0]["answers"][0]["code"] == "torch.nn.BCEWithLogitsLoss()"
    assert found[0]["answers"][0]["factor"] == 1.0


@pytest.mark.parametrize("to", FRAMEWORKS)
def test_every_translation_fits_eighty_columns(to):
    """Each loss, translated everywhere, in lines that a terminal holds."""
    for name in losses.names():
        assert max(map(len, _translate.shown(name, to, None, as_json=False))) <= 80
