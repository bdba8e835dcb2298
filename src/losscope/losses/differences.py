"""What differs between two spellings of a loss besides the factor, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.losses.arithmetic import pretty
from losscope.losses.spelled import base_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from losscope.losses.base import Loss
    from losscope.losses.dialects import Dialect
    from losscope.losses.matching import Reading

_RAW = {"sigmoid": "the sigmoid", "softmax": "the softmax", "exp": "the exp"}
_TARGETS = {
    "index": "class numbers",
    "index_list": "rows of class numbers, −1 after the last",
    "signs": "targets −1 and +1",
    "zero_one": "targets 0 and 1",
}


def differences(reading: Reading, dialect: Dialect) -> tuple[str, ...]:
    """What a user must mind when this dialect stands in for what was read."""
    asked, loss = reading.dialect, base_of(reading.loss)
    said = [
        *_inputs(asked, dialect, loss),
        *_order(asked, dialect),
        *_reduction(reading, dialect, loss),
        *_guards(asked, dialect),
    ]
    return tuple(dict.fromkeys(said))


def in_brief(reading: Reading, dialect: Dialect) -> tuple[str, ...]:
    """How the inputs of a second-best spelling differ from the question's, in a few words."""
    asked, loss = reading.dialect, base_of(reading.loss)
    said = []
    if asked is not None and asked.takes != dialect.takes and _output(dialect, loss) in _RAW:
        said.append(f"of {dialect.takes.replace('_', ' ').replace('log p', 'log-p')}s")
    if (asked.target if asked else "same") != dialect.target:
        said.append(wanted(dialect, loss))
    if dialect.slope:
        said.append(f"its gradient is {pretty(dialect.slope)} × ours")
    return tuple(said)


def wanted(dialect: Dialect, loss: Loss) -> str:
    """The targets that a dialect takes, in words."""
    if dialect.target in _TARGETS:
        return _TARGETS[dialect.target]
    if loss.signs:
        return "targets −1 and +1"
    return "one-hot rows" if loss.vector else "targets 0 and 1"


def _output(dialect: Dialect, loss: Loss) -> str:
    return dialect.outputs[0] if dialect.outputs else loss.output


def _inputs(asked: Dialect | None, dialect: Dialect, loss: Loss) -> Iterator[str]:
    output = _output(dialect, loss)
    if output in _RAW and (asked is None or asked.takes != dialect.takes):
        if dialect.takes == "raw_prediction":
            yield f"It takes raw predictions: leave {_RAW[output]} off the network."
        elif dialect.takes == "log_prediction":
            yield "It takes log-predictions."
        else:
            yield f"It takes predictions: after {_RAW[output]}."
    target = asked.target if asked else "same"
    if target != dialect.target or (asked is None and loss.vector):
        yield f"It wants {wanted(dialect, loss)}."


def _order(asked: Dialect | None, dialect: Dialect) -> Iterator[str]:
    named = dialect.template.data or dialect.role != "loss"  # the call itself shows its arguments
    if asked and asked.at.order != dialect.at.order and not named:
        yield f"Arguments: {asked.at.order} there, {dialect.at.order} here."


def _reduction(reading: Reading, dialect: Dialect, loss: Loss) -> Iterator[str]:
    asked = reading.dialect
    if asked is None:
        return
    if reading.reduction == "unreduced":
        yield f"{asked.at.title} does not reduce; its mean is compared."
    apart = asked.at.unit != dialect.at.unit and not loss.vector
    if reading.reduction == "none" and apart:
        yield "Unreduced, PyTorch and optax give one value an output, the others one a row."
    divisors = [d.divisor or d.at.divisor for d in (asked, dialect)]
    told = "caller" not in divisors and dialect.role == "loss"
    if divisors[0] != divisors[1] and told:
        yield f"A weighted mean divides by {divisors[0]} there, by {divisors[1]} here."


def _guards(asked: Dialect | None, dialect: Dialect) -> Iterator[str]:
    if dialect.note:
        yield f"{dialect.note[0].upper()}{dialect.note[1:]}."
    if asked and asked.slope and asked.note:
        yield f"There, {asked.note}."
    if asked and asked.guard and not dialect.guard:
        seen = " and ".join(f"{pretty(text)} for {name}" for name, text in asked.guard.items())
        yield f"{asked.at.title} computes with {seen}; this does not."
    if dialect.hard != (asked.hard if asked else False):
        yield "For labels 0 and 1; between them the two differ."


__all__ = ["differences", "in_brief", "wanted"]
