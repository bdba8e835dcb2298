"""Whole commands from a cold start, against the same trainings written by hand.

`losscope compare breast-cancer`, 8 losses × 5 learning rates × 10 seeds × 100 epochs, to a finished
page; the peers train the same 400 networks and make no page: a sample of them is timed in two
processes at once, and the time of 400 follows from it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.machine import described

LOSSES = "ce,mse,mae,huber,focal,hinge,squared_hinge,brier"
NETWORKS, SAMPLE = 400, 8
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
        MLPClassifier((16,), batch_size=32, max_iter=100, alpha=0.0, tol=0.0, n_iter_no_change=1000,
                      random_state=seed).fit(X, y)
else:
    import torch
    torch.set_num_threads(1)
    def one(seed):
        torch.manual_seed(seed)
        linear = torch.nn.Linear
        model = torch.nn.Sequential(linear(30, 16), torch.nn.ReLU(), linear(16, 1)).double()
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


def ours(engine: str, folder: str) -> float:
    """Seconds of the whole command."""
    words = ["compare", "breast-cancer", "--losses", LOSSES, "--epochs", "100", "--seeds", "10"]
    words += ["--engine", engine, "--store", f"{folder}/{engine}-{time.time()}.db"]
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


def main() -> str:
    """Measure; Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"losscope, numpy": ours("numpy", folder)}
        os.environ["LOSSCOPE_CACHE"] = f"{folder}/compiled"
        found["losscope, numba, nothing compiled before"] = ours("numba", folder)
        found["losscope, numba, compiled before"] = ours("numba", folder)
    peers = {f"{kind}, two processes": theirs(kind) for kind in ("sklearn", "torch")}
    lines = ["## Command", "", described(), ""]
    lines += ["| what | seconds | × sklearn | × torch loop |", "|---|---|---|---|"]
    by_sklearn, by_torch = peers.values()
    for name, value in {**found, **peers}.items():
        lines.append(
            f"| {name} | {value:.1f} | {by_sklearn / value:.1f} | {by_torch / value:.1f} |"
        )
    return "\n".join([*lines, ""])
