"""Whole commands from a cold start, against the same trainings written by hand.

`losscope compare breast-cancer`, 8 losses × 5 learning rates × 10 seeds × 100 epochs, to a finished
page; the peers train the same 400 networks and make no page: a sample of them is timed in two
processes at once, and the time of 400 follows from it. Left to tune, the command goes on
where the best of the five rates stands at an edge, and trains more than 400; that is timed too.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict

from benchmarks.machine import described
from benchmarks.scale import asked

LOSSES = "ce,mse,mae,huber,focal,hinge,squared_hinge,brier"
RATES = "0.001,0.003,0.01,0.03,0.1"
NETWORKS, SAMPLE, TURNS = 400, 8, 3
PEER = """
import sys, time
import numpy as np
from sklearn.datasets import load_breast_cancer
X, y = load_breast_cancer(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0)).astype(np.float64)[:320]; y = y[:320]
kind, count = sys.argv[1], int(sys.argv[2])
if kind == "sklearn":
    import warnings; warnings.simplefilter("ignore")
    from sklearn.neural_network import MLPClassifier
    def one(seed):
        MLPClassifier((32,), batch_size=32, max_iter=100, alpha=0.0, tol=0.0, n_iter_no_change=1000,
                      random_state=seed).fit(X, y)
else:
    import torch
    torch.set_num_threads(1)
    def one(seed):
        torch.manual_seed(seed)
        linear = torch.nn.Linear
        model = torch.nn.Sequential(linear(30, 32), torch.nn.ReLU(), linear(32, 1)).double()
        rule = torch.optim.Adam(model.parameters(), fused=True)
        data, goal = torch.tensor(X), torch.tensor(y, dtype=torch.float64)[:, None]
        for _ in range(100):
            for rows in torch.randperm(len(X)).split(32):
                rule.zero_grad()
                cost = torch.nn.functional.binary_cross_entropy_with_logits
                cost(model(data[rows]), goal[rows]).backward()
                rule.step()
one(0)
start = time.perf_counter()
for seed in range(count): one(seed)
print(time.perf_counter() - start)
"""


def ours(engine: str, folder: str, epochs: int = 100, seeds: int = 10, rates: str = RATES) -> float:
    """Seconds of the whole command, its store new."""
    words = ["compare", "breast-cancer", "--losses", LOSSES, "--epochs", str(epochs)]
    words += ["--seeds", str(seeds), "--engine", engine, "--learning-rates", rates]
    words += ["--store", f"{folder}/{engine}-{time.time()}.db"]
    words += ["--out", f"{folder}/{engine}.html", "--quiet"]
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "losscope", *words], check=True, capture_output=True)
    return time.perf_counter() - began


def theirs(kind: str) -> float:
    """Seconds for all networks in two processes, from a sample; imports not counted."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", PEER, kind, str(SAMPLE)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, **threads},
        )
        for _ in range(2)
    ]  # fmt: skip
    seconds = [float(process.communicate()[0]) for process in pair]
    return sum(seconds) / 2 / SAMPLE * NETWORKS / 2


def main() -> tuple[str, list[tuple[str, bool, str]]]:
    """Measure; Markdown, and what it says of each criterion."""
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(TURNS):
            os.environ["LOSSCOPE_CACHE"] = f"{folder}/cache-{turn}"
            found["losscope, auto, the first command ever"].append(ours("auto", folder))
            found["losscope, auto"].append(ours("auto", folder))
            found["losscope, auto, left to tune"].append(ours("auto", folder, rates="tuned"))
            found["losscope, one seed and epoch"].append(ours("auto", folder, epochs=1, seeds=1))
            if turn == 0:
                found["losscope, numba, nothing compiled before"].append(ours("numba", folder))
            os.environ["LOSSCOPE_CACHE"] = f"{folder}/cache-0"
            found["losscope, numba, compiled before"].append(ours("numba", folder))
            for kind in ("sklearn", "torch"):
                found[f"{kind}, two processes"].append(theirs(kind))
        shares = asked("shares")
    medians = {name: statistics.median(values) for name, values in found.items()}
    peers = [medians[f"{kind}, two processes"] for kind in ("sklearn", "torch")]
    lines = ["## Command", "", described(), ""]
    lines.append(
        "Whole command, each time in a new process and with a new store. The first command ever"
        " has an empty cache too, and bundles the page's scripts; it is not the one judged."
    )
    lines += ["", "| what | seconds (spread) | × sklearn | × torch loop |", "|---|---|---|---|"]
    for name, values in found.items():
        value, spread = medians[name], f"({min(values):.1f}–{max(values):.1f})"
        ratios = " | ".join(f"{peer / value:.1f}" for peer in peers)
        lines.append(f"| {name} | {value:.1f} {spread} | {ratios} |")
    gain = min(peers) / medians["losscope, auto"]
    said = f"{gain:.1f} (asked: 8)"
    judged = [("The whole command against the better of scikit-learn and PyTorch", gain >= 8, said)]
    more, others = shared(shares)
    return "\n".join([*lines, *more, ""]), [*judged, *others]


def shared(found: dict[str, float]) -> tuple[list[str], list[tuple[str, bool, str]]]:
    """Where the seconds of the command go, in one process."""
    training = found["training"]
    beside = found["runs"] - training + found["storage"]
    rest = found["all"] - found["carried out"]
    parts = {
        "training": training,
        "evaluation and recording": found["runs"] - training,
        "storage": found["storage"],
        "baselines and first gradients of the seeds": found["baselines"],
        "the rest: start, data, result, page": rest,
    }
    lines = ["", "### Where the time goes", "", "The same command in one process, NumPy."]
    lines += ["", "| part | seconds | of the training |", "|---|---|---|"]
    lines += [f"| {k} | {v:.2f} | {v / training:.0%} |" for k, v in parts.items()]
    share = beside / training
    return lines, [
        (
            "Evaluation, recording and storage, of the training",
            share < 0.1,
            f"{share:.0%} (asked: 10 %)",
        ),
        ("The rest of the command, seconds", rest < 3, f"{rest:.1f} (asked: 3)"),
    ]
