"""What every loss is: a formula and its facts. All else is derived from these.

A subclass states `name`, `formula` and what it promises. Its value, its stable form, its gradient,
its equations and its code follow from the formula; nobody writes a gradient by hand.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from losscope.calculus.functions import TARGETS, K, Total
from losscope.errors import LosscopeError
from losscope.losses import checks, computed, derived
from losscope.losses.domains import REAL, Domain, Interval
from losscope.losses.parameters import Parameter, number, settled
from losscope.losses.reduction import Reduction
from losscope.network import activations

if TYPE_CHECKING:
    from losscope.losses.dialects import Dialect

Array = NDArray[Any]


class Loss:
    """ℓ(y, a) for one example: formula, domain and facts.

    Instances are immutable, hashable, picklable, and equal when class and parameters are.
    Arrays have one row an example, shape (m, outputs); with one output, (m,) is accepted as well.
    """

    name: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    """Tasks in which the loss may train a network."""
    output: str = "identity"
    """Matched output activation."""
    score: bool = False
    """Whether it is defined on raw scores only, so that it needs the identity as output."""
    vector: bool = False
    """Whether the classes of an example enter one value together, rather than output by output."""
    target: Domain = REAL
    conservative: bool = True
    """Whether the gradient is that of the value; not so where the formula holds parts constant."""
    heads: int = 1
    """Raw predictions for each output: 2 for a mean and a log variance. They stand as blocks of
    columns, all first heads, then all second; see `losscope.calculus.functions.Head`."""
    letters: tuple[str, ...] = ()
    """What the heads are called in equations, one letter each."""
    signs: bool = False
    """Whether two classes are written −1 and +1 rather than 0 and 1."""

    proper: bool | None = None
    convex: bool | None = None
    bounded: bool | None = None
    robust: bool | None = None
    elicits: str | None = None
    kinks: str = ""
    not_to_be_confused_with: dict[str, str] = {}
    sources: tuple[str, ...] = ()
    dialects: tuple[Dialect, ...] = ()
    accuracy: float = 1.0
    """Bound, in machine epsilons, on the error of value and gradient; see tests/losses."""

    in_letters: bool = False

    def __init_subclass__(cls) -> None:
        """Refuse a parameter that would hide a method, such as `curvature`."""
        for name, value in vars(cls).items():
            if isinstance(value, Parameter) and hasattr(Loss, name):
                raise TypeError(f"{cls.__name__}: a loss has a {name!r} of its own; rename")

    def __init__(self, **parameters: float) -> None:
        self._parameters = settled(self.declared_parameters(), parameters, self.name)
        self.adapt()

    # -- what a subclass writes ------------------------------------------------------------------

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """ℓ for one output a and its target y; with `vector`, one number for the row."""
        raise NotImplementedError

    def entering(self, z: sp.Expr) -> sp.Expr:
        """What becomes of a raw prediction before its activation: nothing, without options."""
        return z

    def probability(self, _a: sp.Expr) -> sp.Expr | None:
        """What probability a prediction means, where that is not the prediction itself."""
        return None

    @property
    def lipschitz(self) -> float | None:
        """Least Lipschitz constant of ℓ in z under the matched activation; None: none is stated.

        For whole rows it is the least that holds for any number of classes, in Euclidean norm.
        """
        return None

    def adapt(self) -> None:
        """Correct the facts that depend on parameters."""

    # -- what is known of it ---------------------------------------------------------------------

    @classmethod
    def declared_parameters(cls) -> dict[str, Parameter]:
        """Parameters by name, in the order of their declaration."""
        return {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Parameter)
        }

    @property
    def parameters(self) -> dict[str, float]:
        """Values of the parameters."""
        return dict(self._parameters)

    @property
    def options(self) -> dict[str, Any]:
        """Options around the loss by keyword; see `losscope.losses.options`."""
        return {}

    def settings(self) -> list[str]:
        """Parameters that differ from their default, as they are written."""
        declared = self.declared_parameters()
        return [f"{k}={number(v)}" for k, v in self._parameters if v != declared[k].default]

    @property
    def spelling(self) -> str:
        """How a user writes it: "focal(gamma=3)"; defaults are left out."""
        given = self.settings()
        return f"{self.name}({', '.join(given)})" if given else self.name

    @property
    def prediction(self) -> Domain:
        """Where predictions may lie: the range of the matched activation, unless declared."""
        return Interval(*activations.get(self.output).range)

    def lettered(self) -> Self:
        """The same loss with letters for its parameters, for cards and pages."""
        twin = copy.copy(self)
        twin.in_letters = True
        return twin

    def at(self, output: str) -> Loss:
        """The same loss with another output activation as its own; its facts are unknown there."""
        name = activations.get(output).name
        if name == self.output:
            return self
        if self.score or not self.defined_on(name):
            raise LosscopeError(
                f"loss {self.name!r} is not defined on the output {name!r}: its prediction must be "
                f"{'a raw score' if self.score else self.prediction.describe()}"
            )
        from losscope.losses.options.output import OnOutput

        return OnOutput(self, name)

    def fitted(self, target: Array) -> Loss:  # noqa: ARG002  (options read it)
        """The loss with all that is read off training targets known; see `class_weights`."""
        return self

    def example_weights(self, target: Array) -> Array:
        """The weight that the loss itself puts on each example, (m,): 1 without options."""
        return np.ones(len(target))

    def defined_on(self, output: str) -> bool:
        """Whether the formula has a value everywhere on the range of that output activation."""
        low, high = activations.get(output).range
        own = self.prediction
        return not isinstance(own, Interval) or (own.low <= low and high <= own.high)

    # -- what follows from the formula -----------------------------------------------------------

    def target_symbol(self, output: str | None = None) -> sp.Symbol:
        """The symbol y, with what the declared domain or the output activation says of it."""
        if self.target.kind == "real" and (output or self.output) in ("sigmoid", "softmax"):
            return TARGETS["unit"]
        return TARGETS[self.target.kind]

    def row(self, a: sp.Expr, y: sp.Expr, n_outputs: int | None = None) -> sp.Expr:
        """ℓ of one example as one number: the formula, or its mean over the outputs.

        `n_outputs` counts raw predictions: two for one output of a two-headed loss.
        """
        one = self.formula(a, y)
        if self.vector or n_outputs == self.heads:
            return one
        return Total(one) * self.heads / (K if n_outputs is None else n_outputs)

    def in_raw(self, output: str | None = None, n_outputs: int | None = None) -> sp.Expr:
        """Stable ℓ of one example as an expression of z and y."""
        return derived.in_raw(self, output or self.output, n_outputs)

    def slope(self, output: str | None = None, n_outputs: int | None = None) -> sp.Expr:
        """Stable ∂ℓ/∂z, elementwise, as an expression of z and y."""
        return derived.slope(self, output or self.output, n_outputs)

    def bend(self, output: str | None = None, n_outputs: int | None = None) -> sp.Expr:
        """Stable ∂²ℓ/∂z_k², elementwise, as an expression of z and y."""
        return derived.bend(self, output or self.output, n_outputs)

    def value(
        self,
        *,
        target: ArrayLike,
        prediction: ArrayLike | None = None,
        raw_prediction: ArrayLike | None = None,
        output: str | None = None,
        exact: bool = True,
    ) -> Array:
        """ℓ of each example, shape (m,).

        Parameters
        ----------
        target : (m, outputs), in the loss's own encoding (see `encode`).
        prediction : (m, outputs), after the output activation; or
        raw_prediction : (m, outputs), before it: exact where a prediction would have saturated.
        output : output activation that raw predictions meet; the matched one unless given.
        exact : compute in twice the digits and round once; False is some ten times faster and
            right to a few ulps where nothing cancels.

        Raises
        ------
        LosscopeError : for shapes that differ, values outside the domain, none or both predictions.
        """
        return computed.value(self, target, prediction, raw_prediction, output, exact=exact)

    def gradient(
        self,
        *,
        target: ArrayLike,
        raw_prediction: ArrayLike,
        output: str | None = None,
        exact: bool = True,
    ) -> Array:
        """∂ℓ/∂z of each example, of the shape of `raw_prediction`; no 1/m in it.

        Finite wherever ℓ is, and right at saturated outputs; `exact` as in `value`.
        """
        return computed.gradient(self, target, raw_prediction, output, exact=exact)

    def cost(
        self,
        *,
        target: ArrayLike,
        prediction: ArrayLike | None = None,
        raw_prediction: ArrayLike | None = None,
        output: str | None = None,
        sample_weight: ArrayLike | None = None,
        reduction: str = "mean",
    ) -> Any:
        """The losses of all examples as one number: J.

        Parameters
        ----------
        sample_weight : (m,), multiplies each example's loss.
        reduction : "mean" (over m), "weighted mean" (over the sum of sample and class weights),
            "sum" or "none"; see `losscope.losses.reduction`.

        Other parameters are those of `value`.
        """
        losses = self.value(
            target=target, prediction=prediction, raw_prediction=raw_prediction, output=output
        )
        y = np.asarray(target, dtype=np.float64)
        inside = self.example_weights(y.reshape(len(y), -1))
        return Reduction(reduction)(losses, sample_weight, inside)

    def curvature(
        self,
        *,
        target: ArrayLike,
        raw_prediction: ArrayLike,
        output: str | None = None,
        exact: bool = True,
    ) -> Array:
        """∂²ℓ/∂z_k² of each example, of the shape of `raw_prediction`: the Hessian's diagonal.

        At a kink of the slope the convention of the functions holds (0 for max(0, x) and |x|).
        """
        return computed.curvature(self, target, raw_prediction, output, exact=exact)

    def encode(self, labels: Array) -> Array:
        """Turn targets 0 and 1 into the loss's own encoding (−1 and 1 for margins)."""
        return 2 * labels - 1 if self.signs else labels

    def check_target(self, target: ArrayLike) -> None:
        """Raise LosscopeError naming the rows whose target lies outside the domain."""
        values = np.asarray(target, dtype=np.float64)
        checks.check_domain(self, values.reshape(len(values), -1), self.target, "target")

    # -- spelled elsewhere -----------------------------------------------------------------------

    def dialect(self, framework: str, output: str | None = None) -> Dialect | None:
        """How a framework spells this loss for that output activation, or None."""
        wanted = output or self.output
        fitting = [
            d
            for d in self.dialects
            if d.framework == framework and d.role == "loss" and d.fits(wanted, self.parameters)
        ]
        return fitting[0] if fitting else None

    def in_torch(self, output: str | None = None) -> str | None:
        """The line that spells this loss in PyTorch, or None."""
        return self._spelled("torch", output)

    def in_keras(self, output: str | None = None) -> str | None:
        """The line that spells this loss in Keras 3, or None."""
        return self._spelled("keras", output)

    def _spelled(self, framework: str, output: str | None) -> str | None:
        from losscope.losses.spelled import spelled_in  # which knows options, and so this module

        return spelled_in(self, framework, output)

    # -- plumbing --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def _key(self) -> tuple[Any, ...]:
        return (self._parameters, self.in_letters)

    def __repr__(self) -> str:
        return f"<loss {self.spelling}>"


__all__ = ["Array", "Loss", "Parameter"]
