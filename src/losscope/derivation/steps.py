"""How each equation comes about: the chain rule, its factors, the simplification, the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import RAW, Total, sigmoid, tanh
from losscope.calculus.pretty import PREDICTION, in_prediction
from losscope.derivation import letters
from losscope.derivation.chain import slope_in_prediction
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
    from losscope.derivation.equations import Derivation, Equation, Named, Size

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
    where : letters that the node uses.
    """

    left: str
    node: Node
    reason: str
    shape: tuple[Size, Size] | None = None
    elementwise: bool = True
    where: tuple[Named, ...] = ()


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
    own = _Own.of(d, layer)
    partial = letters.for_heads(
        pointwise(slope_in_prediction(d.network, d.loss), **own.arrays), d.loss
    )
    through = _through_classes if activation.vector else _by_element
    steps_ = through(d, equation, layer, partial, own)
    if own.said is not None:
        steps_.insert(0, own.said)
    scale = _scale(d, equation)
    if scale is not None:
        steps_.append(scale)
    sums = activation.vector and d.loss.target.kind == "simplex"
    said = "simplified, with Σₖ y_k = 1" if sums else "simplified"
    steps_.append(Step(equation.name, equation.shown, said, equation.shape, where=equation.where))
    if equation.runs != equation.shown and isinstance(equation.runs, Pointwise):
        where = f"where A{layer} saturates" if activation.range[1] == 1 else f"at any Z{layer}"
        runs, named = letters.for_heads(equation.runs, d.loss)
        reason = f"the same, as programs run it: right {where}"
        steps_.append(Step("", runs, reason, equation.shape, where=named))
    return steps_


@dataclass(frozen=True)
class _Own:
    """The loss's own prediction: A of the output layer, or P = σ(Z / T) under a temperature.

    Parameters
    ----------
    name : "A2" or "P".
    share : what the raw prediction is multiplied by on its way in.
    arrays : which arrays the letters a, z and y stand for.
    said : the step that introduces P.
    """

    name: str
    share: sp.Expr
    arrays: dict[str, Node]
    said: Step | None = None

    @classmethod
    def of(cls, d: Derivation, layer: int) -> _Own:
        raw, entering = Ref(f"Z{layer}"), d.loss.entering(RAW)
        activation = activations.get(str(d.network.output)).formula(RAW)
        share = entering.as_coeff_Mul()[0]
        name = "P" if share != 1 else f"A{layer}"
        arrays: dict[str, Node] = {"a": Ref(name), "z": raw, "y": Ref("Y")}
        if name != "P":
            return cls(name, sp.S.One, arrays)
        arrays["z"] = pointwise(entering, z=raw)
        formula = pointwise(activation.xreplace({RAW: entering}), z=raw)
        reason = "what the loss takes for the prediction, under its temperature"
        shape = d[f"A{layer}"].shape
        return cls(name, share, arrays, Step(name, formula, reason, shape))

    @property
    def element(self) -> str:
        """One entry of it, without its index: a or p."""
        return self.name[0].lower()


def _by_element(
    d: Derivation,
    equation: Equation,
    layer: int,
    slope: tuple[Pointwise, tuple[Named, ...]],
    own: _Own,
) -> list[Step]:
    activation = activations.get(str(d.network.output))
    partial, whole, size = f"∂ℓ/∂{own.name}", f"∂ℓ/∂Z{layer}", equation.shape
    found = [Step(partial, slope[0], "the slope of ℓ in a", size, where=slope[1])]
    if activation.formula(RAW) == RAW:
        node = Ref(partial) if own.share == 1 else pointwise(own.share * _G, g=Ref(partial))
        inside = "the output is Z" if own.share == 1 else f"P is Z{layer} / {1 / own.share}"
        return [*found, Step(whole, node, f"{inside} itself: its slope is {own.share}", size)]
    inner = _own_slope(activation)
    inside = f"Z{layer}" if own.share == 1 else f"Z{layer} / {1 / own.share}"
    prime = f"{activation.symbol}′({inside})"
    chain = pointwise(own.share * _G * _S, g=Ref(partial), s=Ref(prime))
    node = pointwise(inner, **own.arrays)
    pieces = (_G, slope[0]), (_S, node)
    return [
        Step(whole, chain, "chain rule: each a depends on its own z only", size),
        *found,
        Step(prime, node, f"the slope of {activation.name}", size),
        Step(whole, Pointwise(own.share * _G * _S, pieces), "put together", size, where=slope[1]),
    ]


def _own_slope(activation: activations.Activation) -> sp.Expr:
    formula = activation.formula(RAW)
    slope = in_prediction(activation.slope(RAW), formula, RAW)
    return slope if formula in (sigmoid(RAW), tanh(RAW)) else slope.xreplace({formula: PREDICTION})


def _through_classes(
    d: Derivation,
    equation: Equation,
    layer: int,
    slope: tuple[Pointwise, tuple[Named, ...]],
    own: _Own,
) -> list[Step]:
    """Softmax: the chain rule over all classes, the Jacobian, and how it collapses."""
    classes = d.network.layers[-1]
    one = own.element
    element = {"a": Ref(f"{one}_k"), "z": Ref("z_k"), "y": Ref("y_k")}
    a_k, a_j, g_j, g_k, same = (sp.Symbol(s, real=True) for s in ("ak", "aj", "gj", "gk", "same"))
    names = (
        (a_k, Ref(f"{one}_k")),
        (a_j, Ref(f"{one}_j")),
        (g_j, Ref(f"∂ℓ/∂{one}_j")),
        (g_k, Ref(f"∂ℓ/∂{one}_k")),
        (same, Ref("[k = j]")),
        (_S, Ref(f"∂{one}_k/∂z_j")),
    )
    chain = Pointwise(Total(g_k * _S), names)
    jacobian = Pointwise(own.share * a_k * (same - a_j), names)
    collapsed = Pointwise(own.share * a_j * (g_j - Total(g_k * a_k)), names)
    every = (_S, Ref(own.name)), (_G, slope[0])
    inserted = Pointwise(own.share * _S * (_G - Total(_G * _S)), every)
    one_slope = pointwise(slope_in_prediction(d.network, d.loss), **element)
    return [
        Step("∂ℓ/∂z_j", chain, f"chain rule: every z_j moves every {one}_k", elementwise=False),
        Step(f"∂{one}_k/∂z_j", jacobian, "the Jacobian of softmax, one for each example",
             (classes, classes), elementwise=False),
        Step(f"∂ℓ/∂{one}_k", one_slope, f"the slope of ℓ in one {one}", elementwise=False),
        Step("∂ℓ/∂z_j", collapsed, "the Jacobian collapses: [k = j] picks one term of the sum",
             elementwise=False),
        Step(f"∂ℓ/∂Z{layer}", inserted, "put together, all classes at once",
             equation.shape, where=slope[1]),
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
