"""Losses by name: aliases resolved by task, one file a loss, nothing else to touch."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.found import plain
from losscope.losses import Loss
from losscope.losses.registry import catalogue, get

TASKS = ("binary", "multiclass", "multilabel", "regression", "counts")


def test_the_catalogue_is_about_fifty_losses():
    """Each has its own name, title and file."""
    assert len(losses.names()) >= 48
    files = {cls.__module__ for cls in catalogue().values()}
    assert len(files) == len(losses.names())
    titles = [cls.title for cls in catalogue().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", losses.names())
def test_a_loss_is_found_by_all_its_names(name):
    """In each of its tasks its own name finds it; each alias does in one of them at least."""
    cls = catalogue()[name]
    for task in cls.tasks:
        assert losses.find(name, task) is cls
    for alias in cls.aliases:
        assert any(losses.find(alias, task) is cls for task in cls.tasks), alias


def test_no_alias_is_twice_at_home_in_one_task():
    """What decides between two losses of one alias is never the order of files."""
    spelled = {plain(s) for cls in catalogue().values() for s in (cls.name, *cls.aliases)}
    for word in spelled:
        for task in TASKS:
            meant = losses.meanings(word, task)
            if len(meant) > 1 and plain(meant[0].name) != word:
                first, second = (cls.tasks.index(task) for cls in meant[:2])
                assert first < second, (word, task, [cls.name for cls in meant])


@pytest.mark.parametrize(
    ("spelled", "task", "name"),
    [
        ("ce", "binary", "bce"),
        ("ce", "multiclass", "ce"),
        ("CrossEntropyLoss", "multiclass", "ce"),
        ("CrossEntropyLoss", "binary", "bce"),
        ("cross-entropy", "multilabel", "bce"),
        ("log loss", "multiclass", "ce"),
        ("focal", "multiclass", "categorical_focal"),
        ("focal", "binary", "focal"),
        ("hinge", "multiclass", "crammer_singer"),
        ("sparsemax", "binary", "binary_sparsemax"),
        ("sparsemax", "multiclass", "sparsemax"),
        ("brier", "multiclass", "categorical_brier"),
        ("perceptron", "multiclass", "multiclass_perceptron"),
        ("quantile", "regression", "pinball"),
        ("quantile", "counts", "log_linear_quantile"),
        ("lq", "regression", "lq"),
        ("lq", "multiclass", "gce"),
        ("asl", "multiclass", "asymmetric_single"),
        ("BCE-With-Logits-Loss", None, "bce"),
    ],
)
def test_a_shared_name_is_resolved_by_task(spelled, task, name):
    """As users mean it."""
    assert losses.get(spelled, task=task).name == name


def test_a_shared_name_without_a_task_is_asked_back():
    """Rather than guessed: the meanings are listed."""
    with pytest.raises(LosscopeError, match=r"means several losses: bce .*, ce \(multiclass\)"):
        losses.get("log_loss")


def test_a_loss_of_another_task_is_told_with_those_that_fit():
    """And an unknown one with its neighbours."""
    with pytest.raises(LosscopeError, match=r"for counts targets, this task is binary.*bce"):
        losses.get("poisson", task="binary")
    with pytest.raises(LosscopeError, match=r"unknown loss 'focl'; did you mean 'focal'"):
        losses.get("focl")


OWN = '''
"""A loss of mine."""

from losscope.losses.base import Loss


class Quartic(Loss):
    """(a − y)⁴."""

    name = "quartic"
    title = "quartic"
    aliases = ("fourth",)
    tasks = ("regression",)
    convex, bounded, robust = True, False, False
    sources = ("Nobody, 2026",)

    def formula(self, a, y):
        """(a − y)⁴."""
        return (a - y) ** 4
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of losses of one's own."""
    (tmp_path / "quartic.py").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("LOSSCOPE_LOSSES", str(tmp_path))
    return tmp_path


def test_a_file_in_a_folder_is_a_loss(folder):
    """It is in the list, by name and alias, and derived."""
    assert "quartic" in losses.names("regression")
    loss = losses.get("fourth")
    assert loss.gradient(target=[[1.0]], raw_prediction=[[3.0]]) == [[32.0]]


def test_a_file_in_a_folder_is_in_the_tests(folder):
    """The tests of every loss run for it, and fail where it declares what is not so."""
    root = Path(__file__).parents[2]
    lie = OWN.replace("True, False, False", "True, True, False")
    (folder / "quartic.py").write_text(lie, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-k", "quartic"]
    command += ["-p", "no:cacheprovider"]
    command += [
        str(root / "tests" / "losses" / name) for name in ("test_facts.py", "test_gradients.py")
    ]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "quartic is declared bounded" in told.stdout
    assert "1 failed, 6 passed" in told.stdout


def test_a_name_that_is_taken_is_refused(folder):
    """With the file that takes it."""
    (folder / "mine.py").write_text(OWN.replace('"quartic"', '"mse"'), encoding="utf-8")
    losses.registry._scanned.cache_clear()
    with pytest.raises(LosscopeError, match=r"mine\.py: the name 'mse' is taken by squared error"):
        losses.names()
    losses.registry._scanned.cache_clear()


def test_a_folder_that_is_none_is_told(monkeypatch):
    """Naming the variable."""
    monkeypatch.setenv("LOSSCOPE_LOSSES", "/nowhere/at/all")
    with pytest.raises(LosscopeError, match="LOSSCOPE_LOSSES names '/nowhere/at/all'"):
        losses.names()


def test_a_class_can_be_added_in_a_program(monkeypatch):
    """By one line; then it is found by name."""
    monkeypatch.setattr(losses.registry, "_added", {})

    @losses.add
    class Cubic(Loss):
        name, title, tasks = "cubic", "cubic", ("regression",)

        def formula(self, a, y):
            return abs(a - y) ** 3

    assert losses.get("cubic").value(target=[[0.0]], prediction=[[2.0]]) == [8.0]
    with pytest.raises(LosscopeError, match="a name of its own"):
        losses.add(type("Other", (Loss,), {"name": "bce"}))


def test_getting_a_loss_loads_little():
    """No SciPy, pandas, scikit-learn or plotting; a fresh process answers quickly."""
    code = textwrap.dedent("""
        import sys
        import losscope
        losscope.losses.get("ce(label_smoothing=0.1)")
        heavy = {"scipy", "pandas", "sklearn", "altair", "typer", "rich"} & set(sys.modules)
        assert not heavy, heavy
    """)
    environment = {k: v for k, v in os.environ.items() if k != "LOSSCOPE_LOSSES"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=30)


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("l2_loss", "optax's is 'mse' here (ours/2)"),
        ("SoftMarginLoss", "PyTorch's is 'bce' here"),
        ("keras.losses.Huber(delta=2)", "Keras's is 'huber(delta=2)' here"),
        ("optax.huber_loss", "optax's is 'huber' here"),
        ("HuberRegressor", "it is not 'huber', but scikit-learn's"),
    ],
)
def test_a_frameworks_spelling_is_answered_with_ours(spelling, said):
    """What another framework calls a loss is named as it is written here, with the factor."""
    with pytest.raises(LosscopeError, match=re.escape(said)):
        get(spelling)
