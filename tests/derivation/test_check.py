"""The checker is checked: right derivations pass, and each planted fault is named."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import sympy as sp

from losscope.derivation import derive
from losscope.derivation.equations import Reading
from losscope.derivation.expressions import MatMul, Pointwise, Ref, Transpose, pointwise
from losscope.losses import get, names
from losscope.network import Network

U, V = sp.symbols("u v", real=True)


def planted(derivation, name, node):
    """The derivation with another expression for one equation."""
    equations = tuple(
        replace(e, runs=node(e.runs), reader=partial(Reading, node(e.shown)))
        if e.name == name
        else e
        for e in derivation.equations
    )
    return replace(derivation, equations=equations)


def scaled(factor):
    """Multiply a node by a number."""
    return lambda node: pointwise(factor * U, u=node)


@pytest.mark.parametrize("convention", ["rows", "course"])
@pytest.mark.parametrize("loss", names())
def test_every_loss_is_right_to_twelve_digits(loss, convention):
    """Penalties, weights and both conventions; what runs and what is shown alike."""
    width = 3 if get(loss).vector else get(loss).heads
    network = Network((4, 5, 6, width), activation=("tanh", "relu"))
    check = derive(
        network, loss, l2=0.01, l1=0.02, sample_weight=True, convention=convention
    ).check()
    assert check.ok, check
    assert check.worst >= 12
    assert set(check.digits) == {"J"} | {f"d{a}{n}" for a in "ZWb" for n in (1, 2, 3)}


@pytest.mark.parametrize(
    "activation", ["relu", "leaky_relu", "tanh", "sigmoid", "softplus", "gelu"]
)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_every_activation_and_reduction_is_right(activation, reduction):
    """Hidden slopes agree with complex steps of activations written anew."""
    derivation = derive(Network((3, 4, 4, 1), activation=activation), "ce", reduction=reduction)
    assert derivation.check().worst >= 12


@pytest.mark.parametrize("convention", ["rows", "course"])
@pytest.mark.parametrize(
    "spelling",
    [
        "ce(label_smoothing=0.1,class_weights=[1,2,3])",
        "ce(temperature=2)",
        "bce(label_smoothing=0.1)",
        "bce(pos_weight=3)",
        "focal(gamma=3)",
    ],
)
def test_options_are_derived_as_well(spelling, convention):
    """Class weights, label smoothing, a temperature: each is part of the loss, and right."""
    derivation = derive((4, 5, 3), spelling, convention=convention)
    assert derivation.check().worst >= 12


@pytest.mark.parametrize("convention", ["rows", "course"])
@pytest.mark.parametrize("name", ["dZ2", "dW2", "db2", "dZ1", "dW1", "db1"])
def test_a_wrong_sign_is_caught(name, convention):
    """Whichever equation it is in, and it is that equation that is named."""
    derivation = derive((4, 4, 4), "ce", convention=convention)
    check = planted(derivation, name, scaled(-1)).check()
    assert not check.ok
    assert name in check.wrong
    assert str(check).startswith("WRONG")


@pytest.mark.parametrize("convention", ["rows", "course"])
@pytest.mark.parametrize("name", ["dZ2", "dW2", "db2"])
def test_a_missing_share_of_the_batch_is_caught(name, convention):
    """Without the 1/m (or with one too many), in dZ, dW or db."""
    derivation = derive((4, 4, 4), "ce", convention=convention)
    m = sp.Symbol("m", positive=True, integer=True)
    for factor in (m, 1 / m):
        assert name in planted(derivation, name, scaled(factor)).check().wrong


def test_a_transposed_factor_is_caught():
    """W2 for its transpose: caught by its shape, and by its value where the shape fits."""
    for layers in ((4, 4, 4), (4, 5, 3)):
        derivation = derive(layers, "ce")

        def untransposed(node):
            parts = tuple(
                (s, MatMul(p.left, p.right.of) if isinstance(p, MatMul) else p)
                for s, p in node.parts
            )
            return Pointwise(node.formula, parts)

        assert "dZ1" in planted(derivation, "dZ1", untransposed).check().wrong
    product = MatMul(Transpose(Ref("dZ2")), Ref("A1"))
    assert "dW2" in planted(derive((4, 4, 4), "ce"), "dW2", lambda _: product).check().wrong


def test_a_stale_weight_is_caught():
    """dZ1 with the W2 of after its update, the mistake of a public program."""
    derivation = derive((4, 5, 3), "ce")
    updated = pointwise(U - V / 10, u=Ref("W2"), v=Ref("dW2"))

    def stale(node):
        parts = tuple(
            (s, MatMul(p.left, Transpose(updated)) if isinstance(p, MatMul) else p)
            for s, p in node.parts
        )
        return Pointwise(node.formula, parts)

    assert planted(derivation, "dZ1", stale).check().wrong[0] == "dZ1"


@pytest.mark.parametrize("factor", [1.001, 1 + 1e-7])
def test_a_gradient_a_thousandth_or_less_too_large_is_caught(factor):
    """Agreement is to twelve digits, so a fault in the eighth is a fault."""
    derivation = derive((4, 5, 1), "mse")
    assert planted(derivation, "dW1", scaled(sp.Float(factor))).check().wrong == ["dW1"]


def test_a_pretty_form_that_differs_from_what_runs_is_caught():
    """What is shown is held against the same derivative."""
    derivation = derive((4, 5, 1), "ce")
    equations = tuple(
        replace(e, reader=partial(Reading, scaled(2)(e.shown))) if e.name == "dZ2" else e
        for e in derivation.equations
    )
    assert "dZ2" in replace(derivation, equations=equations).check().wrong


@pytest.mark.parametrize("loss", ["mape@sigmoid", "mape@softmax"])
def test_data_are_found_where_a_target_may_not_be_zero(loss):
    """Targets of a probability are kept in [0, 1] and, for 1/|y|, off 0."""
    check = derive((4, 5, 3), loss).check()
    assert check.ok, str(check)
