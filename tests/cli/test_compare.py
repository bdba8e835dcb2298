"""`losscope compare` from a table to a verdict, a page and JSON; `losscope report` again."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from losscope.cli import main

QUICK = ["--seeds", "2", "--epochs", "2", "--learning-rates", "0.01", "--hidden", "4"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A current folder with a table of mixed columns, and a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOSSCOPE_STORE", str(tmp_path / "store.sqlite"))
    draw = np.random.default_rng(0)
    n = 80
    x = draw.normal(size=n)
    table = pd.DataFrame(
        {
            "x": x,
            "plan": draw.choice(["basic", "gold"], n),
            "shop": np.arange(n) % 20,
            "weight": draw.uniform(0.5, 2.0, n),
            "id": np.arange(n),
            "churned": np.where(x + draw.normal(size=n) > 0.8, "yes", "no"),
            "late": (x > 0).astype(int),
            "calls": draw.poisson(np.exp(0.3 * x)),
            "spent": 1000 + 50 * x,
        }
    )
    table.to_csv("shop data.csv", index=False)
    table.to_parquet("shop.parquet")
    return tmp_path


def run(words, capsys):
    """Run a command that must end well; give its standard output and error."""
    code = main(words)
    out, err = capsys.readouterr()
    assert code == 0, err
    return out, err


def run_json(words, capsys):
    """Run a command and give the result it prints as JSON, which must be all it prints."""
    out, _ = run([*words, "--json"], capsys)
    return json.loads(out)


def test_terminal_and_page(folder, capsys):
    """The table and the verdict are printed within 80 columns; the page lands in this folder."""
    out, err = run(["compare", "iris", "--losses", "ce,mse", *QUICK], capsys)
    assert max(map(len, out.splitlines())) <= 100
    for word in ("Data", "Network", "Metric", "ce ", "mse ", "logistic regression", "Result"):
        assert word in out
    (page,) = folder.glob("*.html")
    assert re.fullmatch(r"iris-[0-9a-f]{4}\.html", page.name)
    assert f"./{page.name}" in out
    assert "note: " in err
    assert len(set(err.splitlines())) == len(err.splitlines())  # nothing is said twice


def test_json_is_all_of_standard_output(folder, capsys):
    """`--json` prints one JSON document with the contract's keys; notices go to standard error."""
    found = run_json(["compare", "iris", "--losses", "ce,mse", *QUICK], capsys)
    assert [loss["label"] for loss in found["losses"]] == ["ce", "mse"]
    assert found["plan"]["layers"] == [4, 4, 3]
    assert found["seeds"] == [0, 1]
    assert found["command"].startswith("losscope compare iris --losses ce,mse")
    assert list(folder.glob("iris-*.html"))


def test_quiet_says_nothing_else(folder, capsys):
    """`--quiet` leaves standard error empty."""
    _, err = run(["compare", "iris", "--losses", "ce,mse", "--quiet", *QUICK], capsys)
    assert err == ""


def test_every_option_reaches_the_plan(folder, capsys):
    """Each option of the command is found in the result it fixes."""
    words = ["compare", "shop data.csv", "--target", "churned", "--drop", "id", "--drop", "late"]
    words += ["--groups", "shop", "--sample-weight", "weight", "--positive", "no"]
    words += ["--losses", "ce", "--loss", "focal(gamma=1)", "--hidden", "6,5"]
    words += ["--activation", "tanh", "--epochs", "3", "--batch", "16", "--optimizer", "momentum"]
    words += ["--seeds", "2", "--learning-rates", "0.01,0.03", "--metric", "accuracy"]
    words += ["--margin", "0.02", "--precision", "float32", "--init", "he_normal", "--l2", "0.001"]
    words += ["--jobs", "1", "--store", "other.sqlite", "--out", "out.html"]
    found = run_json(words, capsys)
    plan = found["plan"]
    assert plan["layers"][1:] == [6, 5, 1]
    assert plan["activation"] == "tanh"
    assert plan["initializer"] == "he_normal"
    assert (plan["epochs"], plan["batch_size"], plan["optimizer"]) == (3, 16, "momentum")
    assert (plan["precision"], plan["l2"], plan["margin"]) == ("float32", 0.001, 0.02)
    assert plan["learning_rates"]["mode"] == "given"
    assert plan["learning_rates"]["grid"] == [0.01, 0.03]
    assert [loss["spelling"] for loss in found["losses"]] == ["bce", "focal(gamma=1)"]
    assert found["metric"]["name"] == "accuracy"
    assert found["data"]["positive"] == "no"
    assert {"x", "plan"} <= set(found["data"]["columns"])
    assert not {"id", "late", "shop", "weight", "churned"} & set(found["data"]["columns"])
    assert (folder / "out.html").stat().st_size > 10_000
    assert (folder / "other.sqlite").exists()
    assert not (folder / "store.sqlite").exists()


@pytest.mark.parametrize(
    ("words", "task", "labels"),
    [
        (["--target", "churned"], "binary", ["ce", "mse", "mae"]),
        (["--target", "spent"], "regression", ["mse", "mae", "huber"]),
        (["--target", "calls", "--task", "counts"], "counts", ["poisson", "mse"]),
        (["--target", "churned", "--target", "late"], "multilabel", ["bce", "mse"]),
        (["--target", "plan"], "binary", ["ce", "mse", "mae"]),
    ],
)
def test_each_task_has_its_usual_losses(words, task, labels, folder, capsys):
    """Without losses, the usual ones of the recognised task are compared."""
    found = run_json(["compare", "shop.parquet", *words, *QUICK], capsys)
    assert found["data"]["task"] == task
    assert [loss["label"] for loss in found["losses"]] == labels


def test_a_page_goes_where_it_is_told(folder, capsys):
    """`--out` takes a folder, or a file whose ending says what is written."""
    (folder / "pages").mkdir()
    words = ["compare", "iris", "--losses", "ce,mse", *QUICK]
    run([*words, "--out", "pages"], capsys)
    assert len(list((folder / "pages").glob("iris-*.html"))) == 1
    run([*words, "--out", "table.csv"], capsys)
    assert "loss" in (folder / "table.csv").read_text().splitlines()[0]


def test_a_file_with_blanks_gives_a_plain_page_name(folder, capsys):
    """The page of `shop data.csv` has a name that needs no quotes."""
    run(["compare", "shop data.csv", "--target", "churned", "--losses", "ce,mse", *QUICK], capsys)
    (page,) = folder.glob("*.html")
    assert re.fullmatch(r"shop-data-[0-9a-f]{4}\.html", page.name)


def test_report_shows_a_comparison_again(folder, capsys):
    """`losscope report` prints the same result from the store, and writes the page anew."""
    first = run_json(["compare", "iris", "--losses", "ce,mse", *QUICK], capsys)
    (page,) = folder.glob("*.html")
    page.unlink()
    again = run_json(["report", first["name"][:5]], capsys)
    assert again == first
    assert page.exists()


def test_a_run_that_fails_does_not_stop_the_others(folder, capsys):
    """A loss that stops being finite is named with learning rate, seed and step; code is 0."""
    words = ["compare", "diabetes", "--losses", "mse,mae", "--optimizer", "sgd", "--seeds", "2"]
    words += ["--epochs", "5", "--learning-rates", "0.01,1e30", "--hidden", "4"]
    out, err = run(words, capsys)
    said = " ".join((out + err).split())
    assert re.search(r"mse at learning rate 1e\+?30.*seed \d", said)
    assert "step" in said


def test_a_comparison_whose_every_run_failed_ends_with_a_line_and_code_1(folder, capsys):
    """There is nothing to compare; page and JSON are written all the same, and say why."""
    words = ["--losses", "mse,mae", "--optimizer", "sgd", "--learning-rates", "1e300"]
    code = main(["compare", "diabetes", *QUICK[:4], *words, "--out", "page.html", "--json"])
    out, err = capsys.readouterr()
    assert code == 1
    assert err.splitlines()[-1].startswith(
        "losscope: all 4 runs failed, so that there is nothing to compare; the first: mse at"
    )
    assert "mae has no result on 2 of 2 seeds: its training failed there" in err
    assert {run["status"] for run in json.loads(out)["runs"]} == {"failed"}
    assert "failed" in (folder / "page.html").read_text()
