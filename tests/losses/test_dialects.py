"""Dialects as data: complete, well formed, readable; no framework is needed for these."""

import dataclasses

import pytest

from losscope import losses
from losscope.losses.arithmetic import evaluate, names_in, pretty, solve
from losscope.losses.dialects import Dialect, Ours
from losscope.losses.frameworks import FRAMEWORKS
from losscope.losses.spelled import fed_in, fitting, spell_with_options


def every():
    """Each dialect with its loss."""
    found = [(losses.get(name), d) for name in losses.names() for d in losses.get(name).dialects]
    return [pytest.param(loss, d, id=f"{loss.name}-{d.code}") for loss, d in found]


@pytest.mark.parametrize(("loss", "dialect"), every())
def test_a_dialect_is_well_formed(loss, dialect):
    """Its framework is known, its call parses, and its formulas use names that have values."""
    assert dialect.framework in FRAMEWORKS
    assert dialect.takes in ("prediction", "raw_prediction", "log_prediction")
    assert dialect.target in ("same", "index", "index_list", "signs", "zero_one")
    assert dialect.role in ("loss", "metric", "objective")
    assert dialect.unit in ("", "elements", "row")
    known = set(loss.parameters) | {"K"} | set(dialect.template.settings)
    assert names_in(dialect.factor) | names_in(dialect.slope or "1") <= known
    assert names_in(dialect.offset) <= known | {"y"}
    assert set(dialect.requires) <= set(loss.parameters)
    assert dialect.scale(loss.parameters, 3) > 0


@pytest.mark.parametrize(("loss", "dialect"), every())
def test_parameters_go_there_and_back(loss, dialect):
    """A parameter written into their call is read out of it as the same number."""
    ours = {k: v for k, v in dialect.template.settings.items() if isinstance(v, Ours)}
    for keyword, setting in ours.items():
        theirs = dialect.settings(loss.parameters)[keyword]
        name, value = solve(setting.formula, theirs)
        assert value == pytest.approx(loss.parameters[name], rel=1e-15)


@pytest.mark.parametrize("formula", ["1/delta", "2*(1 - delta)", "-delta + 3", "delta/4 - 1"])
def test_solve_undoes_evaluate(formula):
    """Every formula of one parameter can be turned round."""
    assert solve(formula, evaluate(formula, {"delta": 0.3})) == ("delta", pytest.approx(0.3))


@pytest.mark.parametrize(
    "text", ["__import__('os')", "delta.real", "[1][0]", "lambda: 0", "'a'", "True", "f(1)"]
)
def test_a_formula_is_arithmetic_and_nothing_else(text):
    """Anything but numbers, names and the listed functions is refused."""
    with pytest.raises(ValueError, match="not arithmetic"):
        evaluate(text, {"delta": 1.0})


@pytest.mark.parametrize(
    ("formula", "shown"),
    [("1/delta", "1/δ"), ("2*K", "2 K"), ("1 - (2 - delta)", "1 − (2 − δ)"),
     ("-2*log(y) - 2", "−2 log(y) − 2"), ("2*y**(2 - delta)", "2 y^(2 − δ)"),
     ("xlogx(y) - y", "y log y − y"), ("clip(a, 1e-7, 1)", "clip(a, 1e−7, 1)")],
)  # fmt: skip
def test_formulas_read_as_mathematics(formula, shown):
    """Letters instead of words, brackets only where they count."""
    assert pretty(formula, {"delta": "δ"}) == shown


def test_a_template_knows_arrays_from_settings():
    """What a function is given and what it is set to are told apart."""
    template = Dialect("optax", "optax.f(logits, labels, gamma={1/g}, on=True)").template
    assert template.callee == "optax.f"
    assert template.data == ("logits", "labels")
    assert template.settings == {"gamma": Ours("1 / g"), "on": True}


def test_options_are_written_as_keywords():
    """Label smoothing is a keyword in PyTorch, other labels in optax, nothing in scikit-learn."""
    loss = losses.get("ce(label_smoothing=0.1)", task="multiclass")
    spelled = {f: [spell_with_options(loss, d) for d in fitting(loss, f)] for f in FRAMEWORKS}
    assert "torch.nn.CrossEntropyLoss(label_smoothing=0.1)" in spelled["torch"]
    assert spelled["optax"] == [
        "optax.softmax_cross_entropy(logits, optax.smooth_labels(labels, 0.1))"
    ]
    assert spelled["sklearn"] == []


def test_most_losses_are_known_somewhere():
    """The losses that no framework here has are these, by name: a new one is looked up first."""
    nowhere = {n for n in losses.names() if not losses.get(n).dialects}
    assert nowhere == {
        "asl", "asymmetric_single", "beta_nll", "log_linear_quantile", "quantiles", "wing",
    }  # fmt: skip


def test_a_relation_is_said_in_letters():
    """theirs = factor × ours + offset, for the reader."""
    base = Dialect("torch", "f(x={delta})")
    said = {
        ("1", "0"): "ours",
        ("1/delta", "0"): "ours/δ",
        ("2", "-2*log(y) - 2"): "2 × ours − 2 log(y) − 2",
        ("K", "y - 1"): "K × ours + y − 1",
    }
    for (factor, offset), text in said.items():
        dialect = dataclasses.replace(base, factor=factor, offset=offset)
        assert dialect.relation({"delta": "δ"}) == text


@pytest.mark.parametrize(
    ("spelling", "framework", "output", "said"),
    [
        ("bce", "torch", "sigmoid", "raw predictions, before the sigmoid"),
        ("bce", "torch", "softmax", "probabilities, after the softmax"),
        ("bce", "keras", "softmax", "probabilities, after the softmax"),
        ("kl", "optax", "softmax", "log-probabilities"),
        ("mse", "torch", "identity", "predictions"),
        ("mse", "torch", "exp", "predictions, after exp"),
        ("poisson", "torch", "exp", "raw predictions, before exp"),
        ("asl", "torch", "sigmoid", None),
    ],
)
def test_what_a_call_takes_is_said(spelling, framework, output, said):
    """Raw predictions or probabilities, and which activation lies between."""
    assert fed_in(losses.get(spelling), framework, output) == said
