"""Train runs in PyTorch from exported starts; print their test metrics as JSON, one line a run.

    python in_torch.py adam|sgd BATCH LEARNING_RATE START.npz:bce START.npz:mse …

Shares no code with losscope: its gradients are autograd's, its metrics scikit-learn's.
"""

import json
import sys

import numpy as np
import torch
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    log_loss,
    mean_absolute_error,
    mean_poisson_deviance,
    roc_auc_score,
)

LOSSES = {
    "bce": torch.nn.functional.binary_cross_entropy_with_logits,
    "mse": lambda z, y: torch.nn.functional.mse_loss(torch.sigmoid(z), y),
    "mae": lambda z, y: torch.nn.functional.l1_loss(torch.sigmoid(z), y),
    "poisson": torch.nn.functional.poisson_nll_loss,  # of log-rates, as it is called
    "mse of counts": lambda z, y: torch.nn.functional.mse_loss(torch.exp(z), y),
}


def main(path, loss, rate, batch, optimizer):
    """Train and measure one run."""
    start = {name: torch.from_numpy(array) for name, array in np.load(path).items()}
    depth = sum(name.startswith("W") for name in start)
    parameters = [
        torch.nn.Parameter(start[f"{letter}{k}"].clone())
        for k in range(1, depth + 1)
        for letter in "Wb"
    ]

    def scores(X):
        for k in range(depth):
            X = X @ parameters[2 * k] + parameters[2 * k + 1]
            if k < depth - 1:
                X = torch.relu(X)
        return X

    rule = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer](parameters, lr=rate)
    for order in start["order"]:
        for rows in order.split(batch):
            rule.zero_grad()
            LOSSES[loss](scores(start["X_train"][rows]), start["Y_train"][rows]).backward()
            rule.step()
    y = start["Y_test"].numpy()[:, 0]
    with torch.no_grad():
        z = scores(start["X_test"])[:, 0]
    if loss in ("poisson", "mse of counts"):
        told = {
            "poisson_deviance": mean_poisson_deviance(y, torch.exp(z).numpy()),
            "mae": mean_absolute_error(y, torch.exp(z).numpy()),
        }
    else:
        told = of_classes(y, torch.sigmoid(z).numpy())
    print(json.dumps(told))


def of_classes(y, p):
    """Metrics of two classes."""
    return {
        "log_loss": log_loss(y, np.clip(p, 2.2e-16, 1 - 2.2e-16)),
        "accuracy": accuracy_score(y, p > 0.5),
        "roc_auc": roc_auc_score(y, p),
        "average_precision": average_precision_score(y, p),
        "brier": float(((p - y) ** 2).mean()),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    rule_, batch_, rate_, *runs = sys.argv[1:]
    for run in runs:
        file, _, name = run.rpartition(":")
        main(file, name, float(rate_), int(batch_), rule_)
