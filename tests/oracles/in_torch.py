"""Run a dialect in PyTorch."""

import numpy as np
import torch

from tests.oracles.cases import Outcome, with_argument

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "exp": torch.exp,
    "softmax": lambda z: torch.softmax(z, dim=1),
    "log_softmax": lambda z: torch.log_softmax(z, dim=1),
    "log_exp": lambda z: z,
    "log_sigmoid": torch.nn.functional.logsigmoid,
}


def given(case, z):
    """What the call receives, computed from raw predictions by the framework."""
    match case.dialect.takes:
        case "raw_prediction":
            return z
        case "log_prediction":
            return ACTIVATIONS[f"log_{case.output}"](z)
    return ACTIVATIONS[case.output](z)


def arguments(case, raw, target):
    """Input and target; the two losses that take a third argument get it."""
    prediction = given(case, raw)
    if case.loss.heads == 2:
        mean, log_variance = prediction.chunk(2, dim=1)
        return mean, target, torch.exp(log_variance)
    if "CosineEmbedding" in case.code:
        return prediction, target, torch.ones(len(target), dtype=target.dtype)
    return prediction, target


def run(case, dtype, *, weighted):
    """Value and gradient by automatic differentiation; the printed code itself is evaluated."""
    z, y, w = case.inputs(dtype)
    raw = torch.tensor(z, requires_grad=True)
    target = torch.as_tensor(case.encoded(y))
    weights = torch.as_tensor(w)
    names = {"torch": torch, "weights": weights[:, None]}
    apart = eval(with_argument(case.code, "reduction='none'"), names)
    rows = apart(*arguments(case, raw, target))
    if not weighted:
        mean = eval(case.code, names)(*arguments(case, raw, target))
    elif case.dialect.weights:
        call = with_argument(case.code, f"{case.dialect.weights}=weights")
        mean = eval(call, names)(*arguments(case, raw, target))
    else:
        each = rows if rows.ndim == 1 else rows.sum(dim=1) * case.outputs**-1.0
        mean = (weights * each).sum() / len(w) * (case.outputs if "batchmean" in case.code else 1)
    mean.backward()
    return Outcome(rows.detach().numpy(), mean.item(), np.asarray(raw.grad), "N")


def run_name(case, name, dtype):
    """The same by another name: a function of torch.nn.functional."""
    z, y, _ = case.inputs(dtype)
    function = eval(name, {"F": torch.nn.functional, "torch": torch})
    settings = case.dialect.settings(case.loss.parameters)
    raw, target = torch.tensor(z), torch.as_tensor(case.encoded(y))
    return float(function(*arguments(case, raw, target), **settings))
