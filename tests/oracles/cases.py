"""What a dialect is asked in every framework, and what losscope answers itself."""

import ast
from dataclasses import dataclass

import numpy as np

from losscope import losses
from losscope.losses import Loss
from losscope.losses.arithmetic import evaluate
from losscope.losses.dialects import Dialect
from losscope.losses.domains import REAL, UNIT, Interval

ROWS = 12
ONE_OUTPUT = ("lightgbm", "xgboost")


@dataclass(frozen=True)
class Case:
    """One dialect of one loss, with parameters, and valid inputs."""

    loss: Loss
    dialect: Dialect
    outputs: int
    seed: int = 0

    @property
    def output(self):
        """Output activation under which the two are compared."""
        return self.dialect.outputs[0] if self.dialect.outputs else self.loss.output

    @property
    def code(self):
        """The call, exactly as losscope prints it."""
        return self.dialect.spell(self.loss.parameters)

    @property
    def unit(self):
        """What one unreduced value covers."""
        return self.dialect.unit or ("row" if self.loss.vector else self.dialect.at.unit)

    def __str__(self):
        return f"{self.loss.spelling}:{self.code}:K={self.outputs}"

    def inputs(self, dtype):
        """Raw predictions z, targets y as losscope has them (labels where due), and weights."""
        stream = np.random.default_rng(self.seed + 17)
        shape = (ROWS, self.outputs)
        z = stream.normal(0.0, 1.5, (ROWS, self.outputs * self.loss.heads))
        inside = self.loss.prediction
        if self.output == "identity" and isinstance(inside, Interval) and np.isfinite(inside.low):
            z = inside.low + 0.05 + stream.lognormal(0.0, 0.7, z.shape)
        target = UNIT if self.output == "sigmoid" and self.loss.target == REAL else self.loss.target
        y = target.sample(stream, shape)
        if 'objective="mape"' in self.code:  # where their floor of the divisor is not felt
            y = y + np.sign(y)
        if "y" in self.dialect.guard:  # where their clip of the target is not felt
            y = (y + 0.1) / (1 + 0.1 * self.outputs) if self.loss.vector else np.abs(y) + 0.1
        if self.hard and self.dialect.target != "index_list":
            y = np.eye(self.outputs)[np.arange(ROWS) % self.outputs] if self.loss.vector else y
            y = np.round(y) if not self.loss.vector else y
        if self.hard and not self.loss.vector:  # both classes, whatever was drawn
            y[:2] = self.loss.encode(np.array([[0.0], [1.0]]))
        w = stream.uniform(0.2, 3.0, ROWS)
        return z.astype(dtype), y.astype(dtype), w.astype(dtype)

    @property
    def spread(self):
        """What their mean divides by besides N: K, where elements of a row's loss are averaged."""
        whole = self.loss.vector and self.unit == "elements"
        return self.outputs if whole and "batchmean" not in self.code else 1

    @property
    def hard(self):
        """Whether the framework wants labels rather than degrees here."""
        binary = self.output == "sigmoid" or self.loss.signs
        return (
            self.dialect.hard
            or self.dialect.target in ("index", "signs", "zero_one")
            or ((binary or self.loss.vector) and self.dialect.framework in ("sklearn", *ONE_OUTPUT))
        )

    def encoded(self, y):
        """Targets as the framework wants them."""
        match self.dialect.target:
            case "index":
                return np.argmax(y, axis=1)
            case "index_list":
                rows = [np.flatnonzero(row).tolist() for row in y]
                return np.array([row + [-1] * (y.shape[1] - len(row)) for row in rows])
            case "signs":
                return 2 * y - 1
            case "zero_one":
                return (y + 1) / 2
        return y

    def rows(self, z, y):
        """What their value of each row must be: factor × ours + offset, guards included."""
        parameters = self.loss.parameters
        offset = np.broadcast_to(self.dialect.shift(parameters, y, self.outputs), y.shape)
        offset = offset[:, 0] if self.loss.vector else offset.mean(axis=1)
        return self.dialect.scale(parameters, self.outputs) * self._value(z, y) + offset

    def slopes(self, z, y):
        """What the gradient in z of their value of each row must be."""
        return self.dialect.scale(self.loss.parameters, self.outputs, slope=True) * self._gradient(
            z, y
        )

    def _value(self, z, y):
        z, y, a = self._guarded(z, y)
        if a is None:
            return self.loss.value(target=y, raw_prediction=z, output=self.output)
        return self.loss.value(target=y, prediction=a)

    def _gradient(self, z, y):
        z, y, a = self._guarded(z, y)
        if a is None:
            return self.loss.gradient(target=y, raw_prediction=z, output=self.output)
        inner = self.loss.gradient(target=y, raw_prediction=a, output="identity")
        return inner * np.exp(z) if self.output == "exp" else inner

    def _guarded(self, z, y):
        """Inputs as the framework really sees them; a guarded prediction only where it differs."""
        z, y = z.astype(np.float64), y.astype(np.float64)
        guard = self.dialect.guard
        if "y" in guard:
            y = evaluate(guard["y"], {"y": y})
        if "a" not in guard:
            return z, y, None
        a = {"identity": z, "exp": np.exp(z), "sigmoid": 1 / (1 + np.exp(-z))}.get(self.output)
        if a is None:
            a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        seen = evaluate(guard["a"], {"a": a})
        return z, y, None if np.array_equal(seen, a) else seen


@dataclass(frozen=True)
class Outcome:
    """What a framework computed.

    rows : value of each row, (N,), or of each element, (N, K); None where it has none.
    mean : its own mean over the batch, weighted where weights were given.
    slopes : gradient of that mean in z.
    divisor : what the weighted mean divides by: "N" or "Σw".
    """

    rows: object = None
    mean: object = None
    slopes: object = None
    divisor: str = "N"


def settings_of(loss_class, dialect):
    """Parameters to try: the defaults, and others within the bounds."""
    declared = loss_class.declared_parameters()
    plain = {**{k: p.default for k, p in declared.items()}, **dialect.requires}
    moved = {}
    for name, parameter in declared.items():
        tries = (parameter.default * 0.75, parameter.default * 1.25, parameter.default + 0.5)
        inside = [t for t in tries if parameter.bounds.contains(np.array(t))]
        moved[name] = inside[0] if inside else parameter.default
    moved |= dialect.requires
    return [plain] if moved == plain else [plain, moved]


def cases(*frameworks):
    """Every dialect of every loss, as cases of one and of several outputs."""
    found = []
    for name in losses.names():
        loss_class = type(losses.get(name))
        for dialect in loss_class.dialects:
            if dialect.framework in frameworks and dialect.executed:
                found += list(_of(loss_class, dialect))
    return found


def _of(loss_class, dialect):
    """Each setting of the parameters and each width at least once."""
    tried = [loss_class(**parameters) for parameters in settings_of(loss_class, dialect)]
    wide = widths(tried[0], dialect)
    for i in range(max(len(tried), len(wide))):
        yield Case(tried[i % len(tried)], dialect, wide[i % len(wide)])


def widths(loss, dialect):
    """Numbers of outputs to try."""
    if loss.vector:
        return (4,)
    mlp = "neural_network" in dialect.code
    alone = dialect.framework in ONE_OUTPUT or (dialect.framework == "sklearn" and not mlp)
    return (1,) if alone else (1, 3)


def with_argument(code, argument):
    """The call with one more keyword, or another value of it: f(x=1) -> f(x=1, y=2)."""
    call = ast.parse(code, mode="eval").body
    name = argument.partition("=")[0]
    call.keywords = [keyword for keyword in call.keywords if keyword.arg != name]
    call.keywords.append(ast.parse(f"f({argument})", mode="eval").body.keywords[0])
    return ast.unparse(call)
