"""Per-seed metrics against an independent PyTorch script that starts from exported weights."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from losscope.comparison import compare, start
from losscope.data import load

SCRIPT = Path(__file__).parent / "in_torch.py"


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
    runs = found.to_dict()["runs"]
    files = {
        seed: start.save(data, found.plan, seed, tmp_path / f"{seed}.npz") for seed in range(3)
    }
    words = [optimizer, "32", "0.01", *[f"{files[run['seed']]}:{run['loss']}" for run in runs]]
    told = subprocess.run(
        [sys.executable, SCRIPT, *words], check=True, capture_output=True, text=True
    )
    lines = told.stdout.splitlines()
    assert len(lines) == len(runs) == 9
    worst = max(
        abs(value - run["last"]["test"][name])
        for run, line in zip(runs, lines, strict=True)
        for name, value in json.loads(line).items()
    )
    print(f"{optimizer}: largest difference {worst:.1e}")
    assert worst < 1e-6
