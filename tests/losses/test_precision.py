"""The precision that goes in comes out."""

from __future__ import annotations

import numpy as np
import pytest

from losscope import losses
from tests.losses.cases import examples


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", losses.names())
def test_value_and_slope_keep_the_precision(name, dtype):
    """No loss turns float32 into float64, neither its value nor its gradient."""
    loss = losses.get(name)
    z, y = examples(loss)[0]
    Z, Y = np.array([z], dtype), np.array([y], dtype)
    assert loss.value(target=Y, raw_prediction=Z).dtype == dtype
    assert loss.gradient(target=Y, raw_prediction=Z).dtype == dtype
