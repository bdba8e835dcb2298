"""Bad input gets one clear line and exit code 2, never a traceback, and nothing is left behind."""

import shlex

import numpy as np
import pandas as pd
import pytest

from losscope.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A current folder with a few tables, and a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOSSCOPE_STORE", str(tmp_path / "store.sqlite"))
    draw = np.random.default_rng(0)
    x = draw.normal(size=40)
    good = pd.DataFrame({"x": x, "churned": np.where(x > 0, "yes", "no"), "n": np.arange(40)})
    good["calls"] = draw.poisson(2.0, 40)
    good.to_csv("good.csv", index=False)
    good.assign(churned="yes").to_csv("single.csv", index=False)
    good.head(3).to_csv("few.csv", index=False)
    good.assign(calls=good["calls"].where(good.index != 7, -3)).to_csv("below.csv", index=False)
    good.assign(x=good["x"].where(good.index != 5, np.inf)).to_csv("infinite.csv", index=False)
    (tmp_path / "empty.csv").touch()
    (tmp_path / "heading.csv").write_text("x,churned\n")
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "note").write_text("hello")
    return tmp_path


BAD = {
    "missing file": ("compare nowhere.csv --target y", "nowhere.csv"),
    "misspelled name": ("compare iriss", "'iris'"),
    "no extension": ("compare note --target y", ".csv"),
    "empty file": ("compare empty.csv --target churned", "empty"),
    "no rows": ("compare heading.csv --target churned", "rows"),
    "no target": ("compare good.csv", "target"),
    "unknown column": ("compare good.csv --target churnd", "'churned'"),
    "unknown dropped column": ("compare good.csv --target churned --drop m", "'m'"),
    "unknown group column": ("compare good.csv --target churned --groups who", "'who'"),
    "unknown loss": ("compare iris --losses ce,focl", "did you mean 'focal'"),
    "unknown parameter": ('compare iris --loss "huber(gamma=2)"', "gamma"),
    "unreadable loss": ('compare iris --loss "focal(gamma=__import__)"', "cannot read"),
    "loss of another task": ("compare good.csv --target churned --losses poisson", "counts"),
    "one loss twice": ("compare good.csv --target churned --losses ce,bce", "same loss"),
    "nothing between commas": ("compare iris --losses ce,,mse", "--losses"),
    "negative counts": (
        "compare below.csv --target calls --task counts --losses poisson,mse",
        "row 8",
    ),
    "loss of counts on negative numbers": (
        "compare below.csv --target calls --losses poisson,mse",
        "−3 in row 7",
    ),
    "a single class": ("compare single.csv --target churned", "class"),
    "too few rows": ("compare few.csv --target churned", "rows"),
    "infinite values": ("compare infinite.csv --target churned", "infinit"),
    "positive label that is none": ("compare good.csv --target churned --positive maybe", "maybe"),
    "unknown task": ("compare good.csv --target churned --task guess", "guess"),
    "negative epochs": ("compare iris --epochs -3", "epochs"),
    "batch of nothing": ("compare iris --batch 0", "batch"),
    "width of 0": ("compare iris --hidden 16,0", "16,0"),
    "width that is no number": ("compare iris --hidden wide", "wide"),
    "no seed": ("compare iris --seeds 0", "seeds"),
    "unknown activation": ("compare iris --activation rellu", "did you mean 'relu'"),
    "unknown optimizer": ("compare iris --optimizer adm", "adam"),
    "unknown start": ("compare iris --init glorotto", "glorot"),
    "unknown precision": ("compare iris --precision float16", "float64 or float32"),
    "negative penalty": ("compare iris --l2 -1", "l2"),
    "unknown metric": ("compare iris --metric accuracyy", "accuracy"),
    "negative margin": ("compare iris --margin -1", "margin"),
    "learning rate of 0": ("compare iris --learning-rates 0", "learning"),
    "learning rates in words": ("compare iris --learning-rates fast", "equal-step"),
    "no process": ("compare iris --jobs 0", "jobs"),
    "folder that is not there": ("compare iris --out no/such/page.html", "no/such"),
    "ending nobody knows": ("compare iris --out page.doc", ".html"),
    "file that is no store": ("compare iris --store note.txt", "note.txt"),
    "no such report": ("report 3f9a", "3f9a"),
    "no such loss": ("losses focl", "did you mean 'focal'"),
    "derivation of nothing": ("derive", "at least one loss"),
    "derivation of an unknown loss": ("derive focl", "did you mean 'focal'"),
    "one layer": ("derive ce --layers 3", "two widths"),
    "layer of 0": ("derive ce --layers 3,0,1", "3,0,1"),
    "softmax of one": ("derive ce@softmax --layers 3,2,1", "at least 2 outputs"),
    "unknown spelling": ("derive ce --as fortran", "numpy"),
}


@pytest.mark.parametrize(("line", "told"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_one_line(line, told, folder, capsys):
    """The line names what was wrong; nothing is printed as a result, and no page is written."""
    before = sorted(folder.glob("*.html"))
    code = main([*shlex.split(line), *(["--quiet"] if line.startswith("compare") else [])])
    out, err = capsys.readouterr()
    assert code == 2, out + err
    assert out == ""
    assert err.startswith("losscope: ")
    assert err.count("\n") == 1
    assert told in err
    assert sorted(folder.glob("*.html")) == before
