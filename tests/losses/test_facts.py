"""Every declared fact is measured, and a false one is caught."""

from __future__ import annotations

import pytest

from losscope import losses
from losscope.network import activations
from tests.losses import measure

VARIANTS = (
    "huber(delta=2.5)",
    "smooth_l1(beta=0.2)",
    "pinball(tau=0.9)",
    "expectile(tau=0.2)",
    "quantiles(low=0.25, high=0.75)",
    "wing(width=1, epsilon=3)",
    "lambda_ce(weight=3)",
    "gce(q=0.3)",
    "gce(q=1)",
    "poly1(epsilon=0.5)",
    "poly1(epsilon=0)",
    "focal(gamma=0)",
    "categorical_focal(gamma=0)",
    "lq(q=1)",
    "lq(q=2)",
    "epsilon_insensitive(epsilon=0)",
    "squared_epsilon_insensitive(epsilon=0)",
    "tweedie(power=1.9)",
    "bce(label_smoothing=0.2)",
    "bce(pos_weight=3)",
    "bce(alpha=0.2)",
    "bce(temperature=2)",
    "bce(ignore=-1)",
    "hinge(class_weights=[1, 3])",
    "ce(class_weights=[1, 2, 4])",
    "ce(temperature=0.5)",
    "ce(label_smoothing=0.1)",
)


@pytest.mark.parametrize("name", losses.names())
def test_what_a_loss_declares_is_so(name):
    """Convex, bounded, robust, Lipschitz, proper, elicits: drawn from the declared domain."""
    measure.check_facts(losses.get(name))


@pytest.mark.parametrize("spelling", VARIANTS)
def test_facts_hold_for_other_parameters_and_under_options(spelling):
    """What a parameter or an option changes is declared with it."""
    measure.check_facts(losses.get(spelling))


@pytest.mark.parametrize("name", losses.names())
def test_every_fact_that_must_be_stated_is(name):
    """A title, tasks, sources with a year, kinks, and no confusion with itself."""
    loss = losses.get(name)
    assert loss.title and loss.tasks
    assert loss.sources
    assert all(any(part.strip(".)").isdigit() for part in s.split()) for s in loss.sources)
    assert loss.name not in loss.not_to_be_confused_with
    assert loss.bounded is not None
    assert loss.robust is not None
    assert activations.get(loss.output).output
    for parameter in loss.declared_parameters().values():
        assert parameter.meaning and parameter.symbol
        assert parameter.bounds.describe()


PLANTED = {
    "focal": {"convex": True},
    "bce": {"convex": False},
    "brier": {"bounded": False},
    "mse": {"bounded": True},
    "gce": {"robust": False},
    "huber": {"robust": False},
    "mae": {"elicits": "mean"},
    "pinball": {"elicits": "expectile"},
    "hinge": {"proper": True},
    "poly1": {"proper": True, "elicits": "mean"},
    "squared_hinge": {"elicits": None, "proper": False},
    "ce": {"proper": False, "elicits": None},
    "gaussian_nll": {"convex": True},
    "cosine_distance": {"convex": True},
    "log_cosh": {"lipschitz": 0.9},
    "fair": {"lipschitz": 1.2},
    "kl": {"lipschitz": 1.0},
    "weston_watkins": {"lipschitz": 1.5},
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_false_fact_is_caught(name):
    """The same loss with one fact turned false does not pass."""
    true = type(losses.get(name))
    lie = type("Lie", (true,), {**PLANTED[name], "__module__": __name__})
    with pytest.raises(AssertionError, match=r"declared|slope|least|tells|best|convex"):
        measure.check_facts(lie())
