"""Run a dialect in optax, differentiated by JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tests.oracles.cases import Outcome

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "exp": jnp.exp,
    "softmax": lambda z: jax.nn.softmax(z, axis=1),
    "log_softmax": lambda z: jax.nn.log_softmax(z, axis=1),
    "log_exp": lambda z: z,
    "log_sigmoid": jax.nn.log_sigmoid,
}


def given(case, z):
    """What the call receives, computed from raw predictions by the framework."""
    match case.dialect.takes:
        case "raw_prediction":
            return z
        case "log_prediction":
            return ACTIVATIONS[f"log_{case.output}"](z)
    return ACTIVATIONS[case.output](z)


def called(case, z, y, code=None):
    """Evaluate the printed code, its first array being the predictions, its second the targets."""
    arrays = [name.partition("=")[2] or name for name in case.dialect.template.data]
    names = {"optax": optax, arrays[0]: given(case, z), arrays[1]: y}
    return eval(code or case.code, names)


def run(case, dtype, *, weighted):
    """Value and gradient; a mean is the caller's in optax, so it is taken here."""
    with jax.enable_x64(dtype == np.float64):
        z, y, w = (jnp.asarray(array) for array in case.inputs(dtype))
        y = jnp.asarray(case.encoded(np.asarray(y)))
        rows = called(case, z, y)
        weights = w if weighted else jnp.ones_like(w)

        def mean(raw):
            each = called(case, raw, y)
            each = each if each.ndim == 1 else each.mean(axis=1)
            return (weights * each).sum() / len(w)

        value, slopes = jax.value_and_grad(mean)(z)
        return Outcome(np.asarray(rows), float(value), np.asarray(slopes), "N")


def run_name(case, name, dtype):
    """The same by another function."""
    with jax.enable_x64(dtype == np.float64):
        z, y, _ = (jnp.asarray(array) for array in case.inputs(dtype))
        y = jnp.asarray(case.encoded(np.asarray(y)))
        code = case.code.replace(case.dialect.template.callee, name)
        return float(called(case, z, y, code).mean())
