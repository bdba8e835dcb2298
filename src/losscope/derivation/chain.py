"""The chain rule for a network of dense layers, one small rule a line.

Rows: an example is a row, Z = X W + b, and dZ = ∂J/∂Z holds the 1/m.
Course: an example is a column, Z = W X + b, dZ is per example, and the 1/m stands in dW and db.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import RAW, K, log1p, sigmoid, sign
from losscope.calculus.gradient import gradient
from losscope.calculus.pretty import PREDICTION, in_prediction, readable, shortest
from losscope.calculus.rules import spell_gaps
from losscope.derivation import letters
from losscope.derivation.equations import Equation, Named, Reading, Size
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
    pointwise,
)
from losscope.network import Network, activations

if TYPE_CHECKING:
    from losscope.losses import Loss

M = sp.Symbol("m", positive=True, integer=True)
"""Number of examples in the batch."""
U, B, D, W, T = (sp.Symbol(s, real=True) for s in ("u", "b", "D", "w", "t"))
"""A product, a bias, what arrives from above, weights, sample weights."""
Y, Y_SMALL = (sp.Symbol(s, real=True) for s in "Yy")
"""All targets; the target of one example."""


@dataclass(frozen=True)
class Setting:
    """What a derivation depends on besides network and loss."""

    rows: bool = True
    l2: float = 0.0
    l1: float = 0.0
    weighted: bool = False
    mean: bool = True

    def shape(self, units: Size, examples: Size = "m") -> tuple[Size, Size]:
        """Shape of an array with a value for each example and unit."""
        return (examples, units) if self.rows else (units, examples)

    @property
    def penalties(self) -> tuple[tuple[float, sp.Symbol, str], ...]:
        """Strength, letter and kind ("l2", "l1") of each penalty that there is."""
        both = bool(self.l1 and self.l2)
        found = ((self.l2, "λ₂" if both else "λ", "l2"), (self.l1, "λ₁" if both else "λ", "l1"))
        return tuple((s, sp.Symbol(n, positive=True), kind) for s, n, kind in found if s)

    @property
    def scale_in_dz(self) -> sp.Expr:
        """The factor that dZ holds."""
        return 1 / M if self.mean and self.rows else sp.S.One

    @property
    def scale_in_dw(self) -> sp.Expr:
        """The factor that dW and db hold."""
        return 1 / M if self.mean and not self.rows else sp.S.One


def equations(network: Network, loss: Loss, setting: Setting) -> tuple[Equation, ...]:
    """All equations of one network under one loss, in the order in which they run."""
    return (
        *_forward(network, setting),
        _cost(network, loss, setting),
        *_backward(network, loss, setting),
    )


def _input(layer: int) -> Ref:
    """What layer `layer` reads: X, or the activation of the layer before."""
    return Ref("X" if layer == 1 else f"A{layer - 1}")


def _forward(network: Network, setting: Setting) -> list[Equation]:
    found = []
    names = (*network.activations, network.output or "identity")
    for layer, name in enumerate(names, start=1):
        units = network.layers[layer]
        weights, inputs = Ref(f"W{layer}"), _input(layer)
        product = MatMul(inputs, weights) if setting.rows else MatMul(weights, inputs)
        affine = pointwise(U + B, u=product, b=Ref(f"b{layer}"))
        found.append(_line(f"Z{layer}", setting.shape(units), affine, "affine map", "forward"))
        formula = activations.get(name).formula(RAW)
        active = pointwise(formula, z=Ref(f"Z{layer}"))
        found.append(_line(f"A{layer}", setting.shape(units), active, f"{name}", "forward"))
    return found


def _cost(network: Network, loss: Loss, setting: Setting) -> Equation:
    """J: what the value is for. Nothing below reads it."""
    last, outputs = network.depth, network.layers[-1]
    output = network.output or "identity"
    value = loss.in_raw(output, outputs)
    runs = _on_output(spell_gaps(value).xreplace({K: sp.Integer(outputs)}), last, output, loss)
    return Equation(
        "J",
        (1, 1),
        _sum(runs, network, setting, symbolic=False),
        f"{'mean' if setting.mean else 'sum'} of the losses of the examples",
        "cost",
        partial(_read_cost, value, network, loss, setting),
    )


def _read_cost(value: sp.Expr, network: Network, loss: Loss, setting: Setting) -> Reading:
    shown, where = letters.for_heads(*_for_people(value, network, loss))
    return Reading(_sum(shown, network, setting, symbolic=True), where)


def _for_people(
    form: sp.Expr, network: Network, loss: Loss
) -> tuple[Pointwise, Loss, tuple[Named, ...]]:
    """A value or a slope in the letters a, y and z, bound to the arrays of the output layer.

    Under a temperature the loss has a prediction of its own, which is called P.
    """
    last, outputs = network.depth, network.layers[-1]
    output = network.output or "identity"
    activation = activations.get(output).formula(RAW)
    entering = loss.entering(RAW)
    share = entering.as_coeff_Mul()[0] if RAW not in (entering, activation) else sp.S.One
    reading = readable(form.subs(RAW, RAW / share), RAW, activation)
    reading = polished(reading, output).xreplace({K: sp.Integer(outputs)})
    shown = _on_output(reading, last, output, loss)
    if share == 1:
        return shown, loss, ()
    own = pointwise(activation.subs(RAW, share * RAW), z=Ref(f"Z{last}"))
    parts = tuple(
        (symbol, Ref("P") if symbol == PREDICTION else part) for symbol, part in shown.parts
    )
    raw = {RAW: share * RAW}
    return Pointwise(shown.formula.xreplace(raw), parts), loss, (Named("P", own),)


def _sum(row_loss: Pointwise, network: Network, setting: Setting, *, symbolic: bool) -> Node:
    """Reduce the losses of the examples to the cost, penalties included."""
    if setting.weighted:
        weighted = T * row_loss.formula
        row_loss = Pointwise(weighted, (*row_loss.parts, (T, Ref("w"))))
    number = sp.S.One
    if symbolic:  # Σ 2 x reads better as 2 Σ x
        number, rest = row_loss.formula.as_coeff_Mul()
        row_loss = Pointwise(rest, row_loss.parts)
    total, parts = U * number * (1 / M if setting.mean else 1), {"u": SumAll(row_loss)}
    for strength, letter, kind in setting.penalties:
        factor = letter if symbolic else sp.Float(strength)
        penalty = W**2 if kind == "l2" else sp.Abs(W)
        for layer in range(1, network.depth + 1):
            symbol = sp.Symbol(f"{kind}_{layer:03d}", real=True)
            total += (factor / 2 if kind == "l2" else factor) * symbol
            parts[symbol.name] = SumAll(pointwise(penalty, w=Ref(f"W{layer}")))
    return pointwise(total, **parts)


def _backward(network: Network, loss: Loss, setting: Setting) -> list[Equation]:
    found = [_output_gradient(network, loss, setting)]
    for layer in range(network.depth, 0, -1):
        if layer < network.depth:
            found.append(_hidden_gradient(network, layer, setting))
        found.append(_weight_gradient(network, layer, setting))
        found.append(_bias_gradient(network, layer, setting))
    return found


def _output_gradient(network: Network, loss: Loss, setting: Setting) -> Equation:
    """DZ of the output layer: the only place where the loss enters."""
    last, outputs = network.depth, network.layers[-1]
    output = network.output or "identity"
    slope = gradient(loss.in_raw(output, outputs), RAW)
    runs = spell_gaps(slope).xreplace({K: sp.Integer(outputs)})
    return Equation(
        f"dZ{last}",
        setting.shape(outputs),
        _scaled(_on_output(runs, last, output, loss), setting),
        f"∂ℓ/∂A{last} through {output}: the loss enters here, and only here",
        "backward",
        partial(_read_output_gradient, slope, network, loss, setting),
    )


def _read_output_gradient(
    slope: sp.Expr, network: Network, loss: Loss, setting: Setting
) -> Reading:
    shown, where = letters.for_heads(*_for_people(slope, network, loss))
    if activations.get(network.output or "identity").vector:
        inner = slope_in_prediction(network, loss).xreplace({Y_SMALL: Y})
        shown, where = letters.through_softmax(shown, inner, where)
    else:
        shown, more = letters.for_repeated(shown)
        where = (*where, *more)
    return Reading(_scaled(shown, setting), where)


def _scaled(slope: Pointwise, setting: Setting) -> Pointwise:
    """The slope with the factor that dZ holds, and the weight of each example."""
    scale = setting.scale_in_dz * (T if setting.weighted else 1)
    parts = (*slope.parts, (T, Ref("w"))) if setting.weighted else slope.parts
    return Pointwise(scale * slope.formula, parts)


def slope_in_prediction(network: Network, loss: Loss) -> sp.Expr:
    """∂ℓ/∂a, in the letters a and y, before anything is simplified with the activation."""
    row = loss.row(PREDICTION, Y_SMALL, network.layers[-1])
    found = gradient(row, PREDICTION).xreplace({K: sp.Integer(network.layers[-1])})
    return polished(readable(found, RAW, RAW))


def polished(shown: sp.Expr, output: str = "") -> sp.Expr:
    """The last touch for the page: log(1 + x) for log1p, 1 − a² for the slope of tanh."""
    shown = shown.replace(log1p, lambda x: sp.log(1 + x))
    bell = sigmoid(2 * RAW), sigmoid(-2 * RAW)
    if output == "tanh" and shown.has(*bell):
        half = dict(zip(bell, ((1 + PREDICTION) / 2, (1 - PREDICTION) / 2), strict=True))
        shown = shortest(shown.xreplace(half))
    return shown


def _on_output(formula: sp.Expr, last: int, output: str, loss: Loss) -> Pointwise:
    """Bind a formula in z, a and y to the arrays of the output layer, reusing A where it stands."""
    a = activations.get(output).formula(RAW)
    formula = formula.xreplace({a: PREDICTION}) if a != RAW else formula.xreplace({RAW: PREDICTION})
    y = loss.target_symbol(output)
    return pointwise(formula.xreplace({y: Y}), a=Ref(f"A{last}"), z=Ref(f"Z{last}"), Y=Ref("Y"))


def _hidden_gradient(network: Network, layer: int, setting: Setting) -> Equation:
    """DZ of a hidden layer: what arrives from above, times the slope of the activation."""
    above, weights = Ref(f"dZ{layer + 1}"), Transpose(Ref(f"W{layer + 1}"))
    arriving = MatMul(above, weights) if setting.rows else MatMul(weights, above)
    name = network.activations[layer - 1]
    activation = activations.get(name)
    slope = in_prediction(activation.slope(RAW), activation.formula(RAW), RAW)
    node = pointwise(D * slope, D=arriving, a=Ref(f"A{layer}"), z=Ref(f"Z{layer}"))
    shape = setting.shape(network.layers[layer])
    return _line(
        f"dZ{layer}", shape, node, f"chain rule through W{layer + 1} and {name}", "backward"
    )


def _weight_gradient(network: Network, layer: int, setting: Setting) -> Equation:
    inputs, above = _input(layer), Ref(f"dZ{layer}")
    product = MatMul(Transpose(inputs), above) if setting.rows else MatMul(above, Transpose(inputs))
    forms: list[Node] = []
    for symbolic in (False, True):
        formula = setting.scale_in_dw * U
        for strength, letter, kind in setting.penalties:
            slope = W if kind == "l2" else sign(W)
            formula += (letter if symbolic else sp.Float(strength)) * slope
        node = pointwise(formula, u=product, w=Ref(f"W{layer}"))
        forms.append(product if formula == U else node)
    shape = network.layers[layer - 1], network.layers[layer]
    penalty = ", and the penalty pulls at it" if setting.penalties else ""
    return Equation(
        f"dW{layer}",
        shape if setting.rows else shape[::-1],
        forms[0],
        f"each weight meets its input, summed over the examples{penalty}",
        "backward",
        partial(Reading, forms[1]),
    )


def _bias_gradient(network: Network, layer: int, setting: Setting) -> Equation:
    total: Node = SumOverExamples(Ref(f"dZ{layer}"))
    if setting.scale_in_dw != 1:
        total = pointwise(setting.scale_in_dw * U, u=total)
    shape = setting.shape(network.layers[layer], 1)
    return _line(f"db{layer}", shape, total, "the bias meets an input of 1", "backward")


def _line(name: str, shape: tuple[Size, Size], node: Node, reason: str, phase: str) -> Equation:
    return Equation(name, shape, node, reason, phase)
