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
    worst = 0.0
    for run in found.to_dict()["runs"]:
        file = start.save(data, found.plan, run["seed"], tmp_path / f"{run['seed']}.npz")
        words = [str(file), run["loss"], "0.01", "32", optimizer]
        told = subprocess.run(
            [sys.executable, SCRIPT, *words], check=True, capture_output=True, text=True
        )
        for name, value in json.loads(told.stdout).items():
            worst = max(worst, abs(value - run["last"]["test"][name]))
    print(f"{optimizer}: largest difference {worst:.1e}")
    assert worst < 1e-6
