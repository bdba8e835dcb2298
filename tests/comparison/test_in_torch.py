"""Per-seed metrics against an independent PyTorch script that starts from exported weights."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from losscope.comparison import compare, start
from losscope.data import from_arrays, load

SCRIPT = Path(__file__).parent / "in_torch.py"


def difference(found, files, told):
    """The largest difference between the runs' test metrics and the lines that a script printed."""
    runs, lines = found.to_dict()["runs"], told.splitlines()
    assert len(lines) == len(runs) == len(found.plan.losses) * len(files)
    return max(
        abs(value - run["last"]["test"][name])
        for run, line in zip(runs, lines, strict=True)
        for name, value in json.loads(line).items()
    )


def in_torch(found, files, optimizer, rate, spelled=None):
    """What the script prints for the runs of a comparison."""
    words = [
        f"{files[run['seed']]}:{(spelled or {}).get(run['loss'], run['loss'])}"
        for run in found.to_dict()["runs"]
    ]
    command = [sys.executable, SCRIPT, optimizer, "32", str(rate), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.oracle
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_script_in_torch_finds_the_same_metrics(optimizer, tmp_path):
    """One plan, every loss and seed: five metrics on test rows agree to 1e-6 in float64."""
    data = load("breast-cancer")
    found = compare(
        dataset=data,
        losses=["bce", "mse", "mae"],
        seeds=3,
        epochs=15,
        hidden=(16,),
        optimizer=optimizer,
        learning_rates=0.01,
        store=False,
        n_jobs=1,
    )
    files = {s: start.save(data, found.plan, s, tmp_path / f"{s}.npz") for s in range(3)}
    worst = difference(found, files, in_torch(found, files, optimizer, 0.01))
    print(f"{optimizer}: largest difference {worst:.1e}")
    assert worst < 1e-6


@pytest.mark.oracle
def test_counts_in_the_thousands_start_at_their_mean_in_torch_too(tmp_path):
    """The exported start holds the output's bias; relative to the target's size, 1e-6 is kept."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(240, 3))
    data = from_arrays(X, rng.poisson(3000 * np.exp(0.4 * X[:, 0])), task="counts")
    found = compare(
        dataset=data, losses=["poisson", "mse"], seeds=2, epochs=40, hidden=(8,),
        learning_rates=0.03, store=False, n_jobs=1,
    )  # fmt: skip
    files = {s: start.save(data, found.plan, s, tmp_path / f"{s}.npz") for s in range(2)}
    for s in range(2):
        mean = data.fold(s).Y_train.mean()
        assert np.exp(start.arrays(data, found.plan, s)["b2"]) == pytest.approx([mean], rel=1e-12)
    told = in_torch(found, files, "adam", 0.03, {"mse": "mse of counts"})
    assert difference(found, files, told) < 1e-6 * 3000
    spread = np.abs(data.targets - data.targets.mean()).mean()
    for run in found.to_dict()["runs"]:
        assert run["last"]["test"]["mae"] < 0.2 * spread
