"""Options as frameworks' keywords: what `translate` spells computes what losscope composes."""

from dataclasses import dataclass

import numpy as np
import pytest

from losscope import losses
from losscope.losses.spelled import base_of, fitting, spell_with_options
from tests.oracles.cases import Case
from tests.oracles.test_dialects import gap, runner

pytestmark = pytest.mark.oracle

ASKED = (
    ("ce(label_smoothing=0.1)", "torch"),
    ("ce(label_smoothing=0.1)", "keras"),
    ("ce(label_smoothing=0.1)", "optax"),
    ("ce(class_weights=[1, 2, 0.5, 3])", "torch"),
    ("bce(label_smoothing=0.2)", "keras"),
    ("bce(pos_weight=3)", "torch"),
    ("focal(alpha=0.3)", "keras"),
    ("focal(alpha=0.3)", "optax"),
    ("categorical_focal(label_smoothing=0.1)", "keras"),
)


@dataclass(frozen=True)
class WithOptions(Case):
    """A case whose call holds the options."""

    call: str = ""

    @property
    def code(self):
        """The call as `translate` spells it."""
        return self.call


def asked():
    """One case for each dialect that knows the options."""
    for spelling, framework in ASKED:
        loss = losses.get(spelling)
        found = fitting(loss, framework)
        assert found, spelling
        for dialect in found:
            if dialect.role == "loss":
                yield pytest.param(loss, dialect, id=f"{framework}-{spelling}-{dialect.code}")


@pytest.mark.parametrize(("loss", "dialect"), list(asked()))
def test_an_option_is_the_keyword_it_is_spelled_as(loss, dialect):
    """Values of rows agree to 1e-12, hard labels where the framework wants them."""
    code = spell_with_options(loss, dialect).replace("torch.tensor(", "torch.DoubleTensor(")
    code = code.replace("DoubleTensor(3.0)", "DoubleTensor([3.0])")
    case = WithOptions(base_of(loss), dialect, 4 if loss.vector else 1, call=code)
    z, y, _ = case.inputs(np.float64)
    found = np.asarray(runner(dialect.framework).run(case, np.float64, weighted=False).rows)
    rows = found.mean(axis=1) if found.ndim == 2 else found
    assert gap(rows, loss.value(target=y, raw_prediction=z)) <= 1e-12
