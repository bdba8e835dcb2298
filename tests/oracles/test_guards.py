"""What dialects say of clips, soft labels and wrong encodings holds in the frameworks."""

import numpy as np
import pytest

from losscope.losses.arithmetic import evaluate
from tests.oracles.cases import cases
from tests.oracles.test_dialects import gap, runner

pytestmark = pytest.mark.oracle


def clipped():
    """Cases of classification whose probabilities are clipped."""
    found = [c for c in cases("keras") if c.dialect.guard.get("a", "").startswith("clip")]
    return [pytest.param(c, id=str(c)) for c in found if c.loss.name != "kl"]


@pytest.mark.parametrize("case", clipped())
def test_a_clip_is_where_it_is_said(case):
    """Where the right class has a prediction of nearly 0, the loss is that of the clipped one."""
    keras = runner("keras")
    with keras.precision(np.float64):
        y = np.eye(case.outputs)[:1] if case.loss.vector else np.ones((1, case.outputs))
        z = np.where(y == 1, -40.0, 0.0)
        raw = keras.torch.tensor(z, requires_grad=True)
        target = keras.torch.as_tensor(case.encoded(y))
        loss = eval(case.code, {"keras": keras.keras})(target, keras.given(case, raw))
        loss.backward()
    a = (
        np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        if case.loss.vector
        else 1 / (1 + np.exp(-z))
    )
    seen = evaluate(case.dialect.guard["a"], {"a": a})
    factor = case.dialect.scale(case.loss.parameters)
    due = factor * case.loss.value(target=y, prediction=seen)
    # Binary focal clips inside its logarithm only; its (1 − p)^γ is then 2e-7 larger.
    assert gap([loss.item()], due) < (1e-6 if case.loss.name == "focal" else 1e-9)
    assert np.max(np.abs(np.asarray(raw.grad))) < 1e-15  # nothing is learned there


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=str(c)) for c in cases("keras", "optax") if c.dialect.hard],
)
def test_soft_labels_differ_where_it_is_said(case):
    """`hard` is not overcautious: at a label of 0.4 the relation fails."""
    soft = np.full((12, case.outputs), 0.4)
    inputs = case.inputs

    class Soft(type(case)):
        def inputs(self, dtype):
            z, _, w = inputs(dtype)
            return z, soft, w

    moved = Soft(case.loss, case.dialect, case.outputs)
    rows = np.asarray(runner(case.dialect.framework).run(moved, np.float64, weighted=False).rows)
    rows = rows.mean(axis=1) if rows.ndim == 2 else rows
    assert gap(rows, moved.rows(moved.inputs(np.float64)[0], soft)) > 1e-2


def test_torch_cuts_logarithms_at_minus_100():
    """BCELoss at p = 0 and y = 1 is 100, not infinite."""
    import torch

    assert float(torch.nn.BCELoss()(torch.zeros(1), torch.ones(1))) == 100.0


def test_soft_margin_gives_zero_labels_no_gradient():
    """SoftMarginLoss wants −1 and +1; a label 0 teaches nothing."""
    import torch

    z = torch.tensor([0.7], requires_grad=True)
    torch.nn.SoftMarginLoss()(z, torch.zeros(1)).backward()
    assert float(z.grad) == 0.0


def test_keras_msle_does_not_learn_from_negative_predictions():
    """Below 0 its gradient is exactly 0."""
    import keras
    import torch

    z = torch.tensor([[-0.5]], requires_grad=True)
    keras.losses.MeanSquaredLogarithmicError()(torch.tensor([[2.0]]), z).backward()
    assert float(z.grad) == 0.0


def test_the_default_mean_of_kldiv_divides_by_the_classes():
    """`mean` is `batchmean` over K, as `translate` says (1/K)."""
    import torch

    log_q = torch.log_softmax(torch.tensor([[0.2, -1.0, 0.5]]), dim=1)
    p = torch.tensor([[0.2, 0.3, 0.5]])
    with pytest.warns(UserWarning, match="batchmean"):
        mean = torch.nn.KLDivLoss()(log_q, p)
    assert float(mean) == pytest.approx(
        float(torch.nn.KLDivLoss(reduction="batchmean")(log_q, p)) / 3
    )
