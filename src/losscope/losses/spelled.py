"""A loss of ours, with its options, in a framework's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from losscope.losses.dialects import Dialect, number
from losscope.losses.options.base import Option
from losscope.losses.registry import catalogue

if TYPE_CHECKING:
    from losscope.losses.base import Loss


def base_of(loss: Loss) -> Loss:
    """The loss itself, without the options around it."""
    while isinstance(loss, Option):
        loss = loss.loss
    return loss


def fitting(loss: Loss, framework: str) -> list[Dialect]:
    """Dialects of a loss in a framework that hold for its parameters and know its options."""
    base = base_of(loss)
    known = type(base).dialects if base.name in catalogue() else ()
    return [
        dialect
        for dialect in known
        if dialect.framework == framework
        and all(base.parameters[k] == v for k, v in dialect.requires.items())
        and set(loss.options) <= {*dialect.options.values(), *dialect.rewrites}
        and not any(isinstance(value, str) for value in loss.options.values())
    ]


def spelled_in(loss: Loss, framework: str, output: str | None = None) -> str | None:
    """The call that computes just this loss, options included, under an output activation.

    None where the framework has none, or one that differs by a factor.
    """
    dialect = _exact(loss, framework, output or loss.output)
    return None if dialect is None else spell_with_options(loss, dialect)


def fed_in(loss: Loss, framework: str, output: str | None = None) -> str | None:
    """What the call of `spelled_in` takes: "raw predictions, before the sigmoid"."""
    wanted = output or loss.output
    dialect = _exact(loss, framework, wanted)
    return None if dialect is None else fed(dialect, wanted)


def fed(dialect: Dialect, output: str) -> str:
    """What a call takes from a network with that output activation."""
    after = "exp" if output == "exp" else f"the {output}"
    if dialect.takes == "raw_prediction":
        return "raw predictions" if output == "identity" else f"raw predictions, before {after}"
    kind = "probabilities" if output in ("sigmoid", "softmax") else "predictions"
    if dialect.takes == "log_prediction":
        return f"log-{kind}"
    return kind if output == "identity" else f"{kind}, after {after}"


def _exact(loss: Loss, framework: str, output: str) -> Dialect | None:
    base = base_of(loss)
    for dialect in fitting(loss, framework):
        exact = dialect.scale(base.parameters) == dialect.scale(base.parameters, 2) == 1.0
        if dialect.role == "loss" and dialect.fits(output) and exact:
            return dialect
    return None


def spell_with_options(loss: Loss, dialect: Dialect) -> str:
    """The call with parameters and options written in."""
    code = dialect.spell(base_of(loss).parameters)
    words = {option: keyword for keyword, option in dialect.options.items()}
    extra: list[str] = []
    for option, value in loss.options.items():
        if option in dialect.rewrites:
            name = dialect.template.data[1]
            code = code.replace(name, dialect.rewrites[option].format(name, number(value)))
            continue
        keyword = words[option]
        extra.append(f"{keyword}={_value(value, keyword, dialect)}")
        if keyword in dialect.switches:
            extra.append(f"{dialect.switches[keyword]}=True")
    if not extra:
        return code
    return f"{code[:-1]}{'' if code.endswith('()') else ', '}{', '.join(extra)})"


def _value(value: Any, keyword: str, dialect: Dialect) -> str:
    listed = isinstance(value, tuple)
    shown = f"[{', '.join(repr(float(v)) for v in value)}]" if listed else number(value)
    if dialect.framework == "torch" and keyword in ("pos_weight", "weight"):
        return f"torch.tensor({shown if listed else repr(float(value))})"
    return shown


__all__ = ["base_of", "fed", "fed_in", "fitting", "spell_with_options", "spelled_in"]
