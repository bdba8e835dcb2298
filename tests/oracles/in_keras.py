"""Run a dialect in Keras 3, with PyTorch below it."""

import contextlib

import keras
import numpy as np
import torch
from keras.src.backend.common import dtypes

from tests.oracles.cases import Outcome, with_argument
from tests.oracles.in_torch import given


@contextlib.contextmanager
def precision(dtype):
    """Let Keras compute in `dtype`, and afterwards as before.

    On PyTorch and JAX, `keras.ops.mean` computes in float32 whatever it is given (a table of
    Keras turns float64 into float32). The table is mended meanwhile, so that a formula can be held
    to 1e-12; `test_keras_means_are_float32` holds the fact itself.
    """
    before, table = keras.config.floatx(), dtypes.BIT64_TO_BIT32_DTYPE
    narrow = table["float64"]
    keras.config.set_floatx(np.dtype(dtype).name)
    table["float64"] = "float64"
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        table["float64"] = narrow


def run(case, dtype, *, weighted):
    """Value and gradient by automatic differentiation; the printed code itself is evaluated."""
    z, y, w = case.inputs(dtype)
    raw = torch.tensor(z, requires_grad=True)
    target = torch.as_tensor(case.encoded(y))
    with precision(dtype):
        names = {"keras": keras}
        rows = eval(with_argument(case.code, "reduction=None"), names)(target, given(case, raw))
        weights = torch.as_tensor(w) if weighted else None
        mean = eval(case.code, names)(target, given(case, raw), sample_weight=weights)
        mean.backward()
    return Outcome(rows.detach().numpy(), mean.item(), np.asarray(raw.grad), "N")


def run_name(case, name, dtype):
    """The same by Keras' name for it, as in compile(loss="huber")."""
    z, y, _ = case.inputs(dtype)
    with precision(dtype):
        function = keras.losses.get(name)
        settings = case.dialect.settings(case.loss.parameters)
        rows = function(torch.as_tensor(case.encoded(y)), given(case, torch.tensor(z)), **settings)
        return float(rows.mean())
