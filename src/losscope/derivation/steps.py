"""How each equation comes about: the chain rule, its factors, the simplification, the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import RAW, K, Total, sigmoid, tanh
from losscope.calculus.gradient import gradient
from losscope.calculus.pretty import PREDICTION, in_prediction, readable
from losscope.derivation.chain import polished
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumOverExamples,
    Transpose,
    pointwise,
)
from losscope.network import activations

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation, Equation, Size

Y = sp.Symbol("y", real=True)
_G, _S, _Q = (sp.Symbol(s, real=True) for s in ("g", "s", "q"))
M = sp.Symbol("m", positive=True, integer=True)


@dataclass(frozen=True)
class Step:
    """One line on the way to an equation.

    Parameters
    ----------
    left : what stands before the equals sign; empty where the line goes on from the one above.
    node : what stands after it.
    reason : the rule that gave it.
    shape : of the array; None for a single element.
    elementwise : whether products are between arrays (∘) rather than between numbers.
    """

    left: str
    node: Node
    reason: str
    shape: tuple[Size, Size] | None = None
    elementwise: bool = True


def steps(derivation: Derivation, name: str) -> list[Step]:
    """Unfold the equation of that name.

    Raises
    ------
    KeyError : when the derivation has no such equation.
    """
    equation = derivation[name]
    layer = int(name.lstrip("dWZAb")) if name != "J" else 0
    if name[:2] == "dW":
        return _weights(derivation, equation, layer)
    if name[:2] == "db":
        return _bias(derivation, equation)
    if name[:2] == "dZ" and layer < derivation.network.depth:
        return _hidden(derivation, equation, layer)
    if name[:2] == "dZ":
        return _output(derivation, equation, layer)
    return [Step(name, equation.shown, equation.reason, equation.shape)]


def _weights(d: Derivation, equation: Equation, layer: int) -> list[Step]:
    share = d.reduction == "mean" and d.convention == "course"
    one = pointwise(_G * _S, g=Ref("a_k" if layer > 1 else "x_k"), s=Ref("dz_j"))
    total: Node = SumOverExamples(one)
    if share:
        total = pointwise(_Q / M, q=total)
    inputs = Ref(f"A{layer - 1}" if layer > 1 else "X")
    above = Ref(f"dZ{layer}")
    rows = d.convention == "rows"
    product: Node = MatMul(Transpose(inputs), above) if rows else MatMul(above, Transpose(inputs))
    if share:
        product = pointwise(_Q / M, q=product)
    found = [
        Step(
            "∂J/∂w_kj" if rows else "∂J/∂w_jk",
            total,
            "the weight multiplies its input on the way to z_j, in every example",
            elementwise=False,
        ),
        Step(equation.name, product, "all weights of the layer at once", equation.shape),
    ]
    if d.l1 or d.l2:
        found.append(
            Step("", equation.shown, "and the slope of the penalty: λ W for (λ/2) Σ W², "
                 "λ sign(W) for λ Σ |W|", equation.shape)
        )  # fmt: skip
    return found


def _bias(d: Derivation, equation: Equation) -> list[Step]:
    total: Node = SumOverExamples(Ref("dz_j"))
    if d.reduction == "mean" and d.convention == "course":
        total = pointwise(_Q / M, q=total)
    return [
        Step("∂J/∂b_j", total, "b_j is added to z_j, in every example", elementwise=False),
        Step(equation.name, equation.shown, "all biases at once", equation.shape),
    ]


def _hidden(d: Derivation, equation: Equation, layer: int) -> list[Step]:
    above, weights = Ref(f"dZ{layer + 1}"), Transpose(Ref(f"W{layer + 1}"))
    arriving = MatMul(above, weights) if d.convention == "rows" else MatMul(weights, above)
    name = d.network.activations[layer - 1]
    activation = activations.get(name)
    slope = in_prediction(activation.slope(RAW), activation.formula(RAW), RAW)
    prime = f"{activation.symbol or 'id'}′(Z{layer})"
    node = pointwise(slope, a=Ref(f"A{layer}"), z=Ref(f"Z{layer}"))
    said = f"the slope of {activation.name}"
    if PREDICTION in slope.free_symbols:
        said += ", from what the forward pass has computed"
    chain = pointwise(_G * _S, g=Ref(f"dA{layer}"), s=Ref(prime))
    return [
        Step(f"dA{layer}", arriving, f"A{layer} reaches J only through Z{layer + 1}, by "
             f"W{layer + 1}", equation.shape),
        Step(equation.name, chain, f"chain rule: each A{layer} depends on its own Z{layer} only",
             equation.shape),
        Step(prime, node, said, equation.shape),
        Step(equation.name, equation.shown, "put together", equation.shape),
    ]  # fmt: skip


def _output(d: Derivation, equation: Equation, layer: int) -> list[Step]:
    activation = activations.get(str(d.network.output))
    a_name, z_name = f"A{layer}", f"Z{layer}"
    slope = _slope_in_prediction(d)
    scale = _scale(d, equation)
    steps_ = (
        _through_classes(d, equation, layer, slope)
        if activation.vector
        else _by_element(d, equation, layer, slope)
    )
    if scale is not None:
        steps_.append(scale)
    sums = activation.vector and d.loss.target.kind == "simplex"
    said = "simplified, with Σₖ y_k = 1" if sums else "simplified"
    steps_.append(Step(equation.name, equation.shown, said, equation.shape))
    if equation.runs != equation.shown:
        where = f"where {a_name} saturates" if activation.range[1] == 1 else f"at any {z_name}"
        steps_.append(
            Step("", equation.runs, f"the same, as programs run it: right {where}", equation.shape)
        )
    return steps_


def _slope_in_prediction(d: Derivation) -> sp.Expr:
    """∂ℓ/∂a, before anything is simplified with the activation."""
    row = d.loss.row(PREDICTION, Y, d.network.layers[-1])
    found = gradient(row, PREDICTION).xreplace({K: sp.Integer(d.network.layers[-1])})
    return polished(readable(found, RAW, RAW))


def _by_element(d: Derivation, equation: Equation, layer: int, slope: sp.Expr) -> list[Step]:
    activation = activations.get(str(d.network.output))
    arrays = {"a": Ref(f"A{layer}"), "z": Ref(f"Z{layer}"), "y": Ref("Y")}
    partial = f"∂ℓ/∂A{layer}"
    size = equation.shape
    found = [Step(partial, pointwise(slope, **arrays), "the slope of ℓ in a", size)]
    if activation.formula(RAW) == RAW:
        reason = "the output is Z itself: its slope is 1"
        return [*found, Step(f"∂ℓ/∂Z{layer}", Ref(partial), reason, size)]
    own = _own_slope(activation)
    prime = f"{activation.symbol}′(Z{layer})"
    chain = pointwise(_G * _S, g=Ref(partial), s=Ref(prime))
    pieces = (_G, pointwise(slope, **arrays)), (_S, pointwise(own, **arrays))
    return [
        Step(f"∂ℓ/∂Z{layer}", chain, "chain rule: each a depends on its own z only", size),
        *found,
        Step(prime, pointwise(own, **arrays), f"the slope of {activation.name}", size),
        Step(f"∂ℓ/∂Z{layer}", Pointwise(_G * _S, pieces), "put together", size),
    ]


def _own_slope(activation: activations.Activation) -> sp.Expr:
    formula = activation.formula(RAW)
    slope = in_prediction(activation.slope(RAW), formula, RAW)
    return slope if formula in (sigmoid(RAW), tanh(RAW)) else slope.xreplace({formula: PREDICTION})


def _through_classes(d: Derivation, equation: Equation, layer: int, slope: sp.Expr) -> list[Step]:
    """Softmax: the chain rule over all classes, the Jacobian, and how it collapses."""
    classes = d.network.layers[-1]
    arrays = {"a": Ref(f"A{layer}"), "z": Ref(f"Z{layer}"), "y": Ref("Y")}
    element = {"a": Ref("a_k"), "z": Ref("z_k"), "y": Ref("y_k")}
    a_k, a_j, g_k = (sp.Symbol(s, real=True) for s in ("ak", "aj", "gk"))
    same = sp.Symbol("same", real=True)
    chain = Pointwise(Total(_G * _S), ((_G, Ref("∂ℓ/∂a_k")), (_S, Ref("∂a_k/∂z_j"))))
    jacobian = Pointwise(
        a_k * (same - a_j), ((a_k, Ref("a_k")), (same, Ref("[k = j]")), (a_j, Ref("a_j")))
    )
    g_j = sp.Symbol("gj", real=True)
    collapsed = Pointwise(
        a_j * (g_j - Total(g_k * a_k)),
        ((a_j, Ref("a_j")), (g_j, Ref("∂ℓ/∂a_j")), (g_k, Ref("∂ℓ/∂a_k")), (a_k, Ref("a_k"))),
    )
    every = (_S, Ref(f"A{layer}")), (_G, pointwise(slope, **arrays))
    inserted = Pointwise(_S * (_G - Total(_G * _S)), every)
    return [
        Step("∂ℓ/∂z_j", chain, "chain rule: every z_j moves every a_k", elementwise=False),
        Step("∂a_k/∂z_j", jacobian, "the Jacobian of softmax, one for each example",
             (classes, classes), elementwise=False),
        Step("∂ℓ/∂a_k", pointwise(slope, **element), "the slope of ℓ in one a",
             elementwise=False),
        Step("∂ℓ/∂z_j", collapsed, "the Jacobian collapses: [k = j] picks one term of the sum",
             elementwise=False),
        Step(f"∂ℓ/∂Z{layer}", inserted, "put together, all classes at once",
             equation.shape),
    ]  # fmt: skip


def _scale(d: Derivation, equation: Equation) -> Step | None:
    """The line that carries dℓ/dZ over to J: the 1/m and the weights of the examples."""
    factor = sp.S.One
    said = []
    if d.weighted:
        factor *= sp.Symbol("t", real=True)
        said.append("each example has its weight")
    if d.reduction == "mean" and d.convention == "rows":
        factor /= M
        said.append("J is the mean over m examples")
    elif d.reduction == "mean":
        said.append("per example; the 1/m follows in dW and db")
    if not said:
        return None
    node = Pointwise(
        factor * _G,
        ((_G, Ref(f"∂ℓ/∂{equation.name[1:]}")), (sp.Symbol("t", real=True), Ref("w"))),
    )
    return Step(equation.name, node, "; ".join(said), equation.shape)


__all__ = ["Step", "steps"]
