"""Plans: frozen, hashed, to JSON and back; and what a user may give."""

import dataclasses
import json

import numpy as np
import pytest

from losscope.comparison.plan import LearningRates, Plan, PlannedLoss, number, seed_list, whole
from losscope.errors import LosscopeError


def plan(**changes):
    """A small plan, with changes."""
    fields = {
        "data": "ab" * 32,
        "task": "binary",
        "layers": (30, 16, 1),
        "activation": "relu",
        "output": "sigmoid",
        "initializer": "glorot_uniform",
        "optimizer": "adam",
        "epochs": 30,
        "batch_size": 32,
        "precision": "float64",
        "l2": 0.0,
        "start": "zero",
        "losses": (
            PlannedLoss("bce", "-log(a)", "sigmoid"),
            PlannedLoss("mse", "(a - y)**2", "sigmoid"),
        ),
        "learning_rates": LearningRates("tuned", (0.001, 0.003), 3),
        "seeds": (0, 1, 2),
        "metric": "log_loss",
        "margin": 0.01,
    }
    return Plan(**{**fields, **changes})


def test_a_plan_survives_json():
    """From dataclass to JSON text and back, nothing is lost and the hash stays."""
    for one in (plan(), plan(activation=("relu", "tanh"), layers=(3, 4, 5, 1))):
        again = Plan.from_dict(json.loads(json.dumps(one.to_dict())))
        assert again == one
        assert again.hash == one.hash


def test_the_name_is_the_hash_s_first_eight_digits_and_stays():
    """A plan's name is part of what users write down: it must not change between releases."""
    assert plan().name == plan().hash[:8]
    assert plan().name == "b1fa7e66"


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Plan) if f.name != "format"])
def test_every_field_changes_the_name(field):
    """Whatever fixes the result is in the hash."""
    changed = {
        "layers": (30, 17, 1),
        "losses": plan().losses[::-1],
        "learning_rates": LearningRates("tuned", (0.001,), 3),
        "seeds": (0, 1),
        "epochs": 31,
        "batch_size": 33,
        "l2": 0.1,
        "margin": 0.02,
    }.get(field, "other")
    assert plan(**{field: changed}).name != plan().name


def test_more_seeds_share_the_recipe():
    """Seeds, learning rates, margin and the order of losses leave each single run as it was."""
    same = plan(
        seeds=(0, 1, 2, 3),
        learning_rates=LearningRates("given", (0.5,)),
        margin=0.5,
        losses=plan().losses[::-1],
    )
    assert same.recipe == plan().recipe
    assert plan(epochs=31).recipe != plan().recipe
    assert plan(metric="accuracy").recipe != plan().recipe


def test_a_plan_of_another_format_is_refused():
    """A plan written by a later version is not half understood."""
    with pytest.raises(LosscopeError, match=r"format 99.*reads format 3"):
        Plan.from_dict({**plan().to_dict(), "format": 99})
    with pytest.raises(LosscopeError, match=r"no plan of a comparison"):
        Plan.from_dict({"format": 3})


@pytest.mark.parametrize(
    ("given", "found"),
    [(3, (0, 1, 2)), ([7, 2], (7, 2)), (range(2), (0, 1)), (np.int64(2), (0, 1))],
)
def test_seeds_are_a_number_or_a_list(given, found):
    """A number n means seeds 0 … n−1; a list is taken as it is."""
    assert seed_list(given) == found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0, "seeds must be a whole number of at least 1, got 0"),
        (-3, "at least 1, got -3"),
        ([], "empty list"),
        ([1, 1], "seed 1 is given twice"),
        ([-1], "a seed must be a whole number of at least 0, got -1"),
        (2.5, "whole number"),
        ("ten", "got 'ten'"),
        (None, "whole number"),
        (float("nan"), "whole number"),
        ([2**64], "a seed must be at most 9223372036854775807, got 18446744073709551616"),
    ],
)
def test_bad_seeds_are_named(given, message):
    """Each wrong way to give seeds has its message."""
    with pytest.raises(LosscopeError, match=message):
        seed_list(given)


def test_numbers_are_checked():
    """Whole numbers and finite numbers within bounds pass; the message names what was wrong."""
    assert whole("epochs", 0, 0) == 0
    assert number("l2", "0.5") == 0.5
    with pytest.raises(LosscopeError, match="epochs must be a whole number of at least 0, got -1"):
        whole("epochs", -1, 0)
    with pytest.raises(LosscopeError, match="l2 must be a number of at least 0, got nan"):
        number("l2", float("nan"))
    with pytest.raises(LosscopeError, match="above 0, got 0"):
        number("a learning rate", 0, above=True)
