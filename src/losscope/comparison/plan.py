"""A plan says everything that fixes a comparison's result, before anything runs.

Same plan and same environment, same numbers to the bit. Versions, machine and number of workers are
no part of it: they are the *environment*, recorded beside it.
"""

from __future__ import annotations

import hashlib
import json
import math
import operator
from dataclasses import asdict, dataclass
from typing import Any, Self

from losscope.errors import LosscopeError

FORMAT = 3
MODES = ("tuned", "same", "equal-step", "given")
MOST_SEED = 2**63 - 1  # the greatest that the store holds
PRECISIONS = ("float64", "float32")


@dataclass(frozen=True)
class PlannedLoss:
    """One loss: its spelling, its formula (a loss of the user's own may change) and its output."""

    spelling: str
    formula: str
    output: str


@dataclass(frozen=True)
class LearningRates:
    """How learning rates are chosen: a mode, a grid, and how often an edge may extend it."""

    mode: str
    grid: tuple[float, ...]
    extensions: int = 0


@dataclass(frozen=True)
class Plan:
    """Everything that fixes a result. Frozen; to JSON and back without loss.

    `start` says where the output's bias starts: "zero", or "log mean" of a seed's training targets.
    `data` is the fingerprint of the table's content; `margin` the half-width of the region of
    practical equivalence, in units of `metric`. `threshold` is what decisions are made for on
    validation rows ("" for nothing), by `cost_matrix` if there is one; `reach` a value of `metric`
    whose first epoch is asked for.
    """

    data: str
    task: str
    layers: tuple[int, ...]
    activation: str | tuple[str, ...]
    output: str
    initializer: str
    start: str
    optimizer: str
    epochs: int
    batch_size: int
    precision: str
    l2: float
    losses: tuple[PlannedLoss, ...]
    learning_rates: LearningRates
    seeds: tuple[int, ...]
    metric: str
    margin: float
    threshold: str = ""
    cost_matrix: tuple[tuple[float, ...], ...] = ()
    reach: float | None = None
    format: int = FORMAT

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and strings."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Build a plan from what `to_dict` gives.

        Raises
        ------
        LosscopeError
            If the plan was written by a version with another format, or lacks a field.
        """
        written = plain.get("format")
        if written != FORMAT:
            raise LosscopeError(
                f"this plan has format {written!r}, and this version of losscope reads format "
                f"{FORMAT}; use the version that wrote it"
            )
        try:
            rates = plain["learning_rates"]
            activation = plain["activation"]
            return cls(
                **{
                    **plain,
                    "layers": tuple(plain["layers"]),
                    "activation": (
                        activation if isinstance(activation, str) else tuple(activation)
                    ),
                    "losses": tuple(PlannedLoss(**loss) for loss in plain["losses"]),
                    "learning_rates": LearningRates(
                        rates["mode"], tuple(rates["grid"]), rates["extensions"]
                    ),
                    "seeds": tuple(plain["seeds"]),
                    "cost_matrix": tuple(tuple(row) for row in plain["cost_matrix"]),
                }
            )
        except (KeyError, TypeError) as wrong:
            raise LosscopeError(f"this is no plan of a comparison: {wrong}") from None

    @property
    def hash(self) -> str:
        """The sha256 of the plan, 64 hexadecimal digits."""
        return _sha256(self.to_dict())

    @property
    def name(self) -> str:
        """The comparison's name: the first 8 digits of the hash."""
        return self.hash[:8]

    @property
    def recipe(self) -> str:
        """Hash of what fixes a single run, its seed and learning rate aside.

        Plans that differ only in seeds, learning rates, margin or reach share it, so that a run
        that one of them has stored is not run again by another: more seeds cost only those.
        """
        plain = self.to_dict()
        for free in ("seeds", "learning_rates", "margin", "reach"):
            del plain[free]
        plain["losses"] = sorted(plain["losses"], key=json.dumps)
        return _sha256(plain)


def _sha256(plain: dict[str, Any]) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def whole(name: str, value: Any, least: int) -> int:
    """`value` as an int of at least `least`, or an error that names it."""
    whole_float = isinstance(value, float) and value.is_integer()
    try:
        found = int(value) if whole_float else operator.index(value)
    except TypeError:
        found = least - 1
    if isinstance(value, bool) or found < least:
        raise LosscopeError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return found


def number(name: str, value: Any, *, least: float = 0.0, above: bool = False) -> float:
    """`value` as a finite float of at least (or above) `least`, or an error that names it."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found) or found < least or (above and found == least):
        bound = f"above {least:g}" if above else f"of at least {least:g}"
        bound = "that is finite" if least == -math.inf else bound
        raise LosscopeError(f"{name} must be a number {bound}, got {value!r}")
    return found


def seed_list(seeds: Any) -> tuple[int, ...]:
    """Seeds 0 … n−1 for a number n, or the seeds given.

    Raises
    ------
    LosscopeError
        For no seed, a negative one, or one that is given twice.
    """
    if isinstance(seeds, str):
        raise LosscopeError(f"seeds must be a number or a list of whole numbers, got {seeds!r}")
    try:
        given = list(seeds)
    except TypeError:
        return tuple(range(whole("seeds", seeds, 1)))
    found = tuple(whole("a seed", seed, 0) for seed in given)
    if not found:
        raise LosscopeError("seeds: expected at least one seed, got an empty list")
    if max(found) > MOST_SEED:
        raise LosscopeError(f"a seed must be at most {MOST_SEED}, got {max(found)}")
    if len(set(found)) < len(found):
        twice = next(seed for seed in found if found.count(seed) > 1)
        raise LosscopeError(f"seeds: seed {twice} is given twice; a seed counts once")
    return found
