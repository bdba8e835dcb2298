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


def run(case, dtype, *, weighted):
    """Value and gradient by automatic differentiation; the printed code itself is evaluated."""
    z, y, w = case.inputs(dtype)
    raw = torch.tensor(z, requires_grad=True)
    target = torch.as_tensor(case.encoded(y))
    weights = torch.as_tensor(w)
    names = {"torch": torch, "weights": weights[:, None]}
    apart = eval(with_argument(case.code, "reduction='none'"), names)
    rows = apart(given(case, raw), target)
    if not weighted:
        mean = eval(case.code, names)(given(case, raw), target)
    elif case.dialect.weights:
        call = with_argument(case.code, f"{case.dialect.weights}=weights")
        mean = eval(call, names)(given(case, raw), target)
    else:
        each = rows if rows.ndim == 1 else rows.mean(dim=1)
        mean = (weights * each).sum() / len(w)
    mean.backward()
    return Outcome(rows.detach().numpy(), mean.item(), np.asarray(raw.grad), "N")


def run_name(case, name, dtype):
    """The same by another name: a function of torch.nn.functional."""
    z, y, _ = case.inputs(dtype)
    function = eval(name, {"F": torch.nn.functional, "torch": torch})
    settings = case.dialect.settings(case.loss.parameters)
    raw, target = torch.tensor(z), torch.as_tensor(case.encoded(y))
    return float(function(given(case, raw), target, **settings))
