"""What `losscope losses` prints: the list by family, and one loss's card."""

import contextlib
import textwrap

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.network import activations

_WIDTH = 79
_LABEL = 14


def listing() -> list[str]:
    """Every loss under the name of its family, with the names it is known by elsewhere."""
    families: dict[str, list[Loss]] = {}
    for name in losses.names():
        loss = losses.get(name)
        families.setdefault(type(loss).__module__.split(".")[-2], []).append(loss)
    width = max(len(name) for name in losses.names()) + 2
    lines: list[str] = []
    for family, members in sorted(families.items()):
        lines.append(family)
        for loss in members:
            lines.append(f"  {loss.name:<{width}}{loss.title}")
            lines += _wrapped(", ".join(loss.aliases), " " * (width + 2))
        lines.append("")
    return [*lines, "One of them:  losscope losses NAME", "Its equations:  losscope derive NAME"]


def cards(name: str) -> list[str]:
    """Lines of the cards of every loss that `name` means, one after the other.

    Raises
    ------
    LosscopeError
        For a name that no loss has.
    """
    meant = [cls() for cls in losses.meanings(name)] or [losses.get(name)]
    for task in ("binary", "multiclass", "multilabel", "regression", "counts"):
        with contextlib.suppress(LosscopeError):
            meant.append(losses.get(name, task=task))
    found = [_card(loss) for loss in dict.fromkeys(meant)]
    said = [f"{name!r} means {len(found)} losses, by the task.", ""] if len(found) > 1 else []
    return said + [line for lines in found for line in [*lines, ""]][:-1]


def _card(loss: Loss) -> list[str]:
    summary = (type(loss).__doc__ or "").strip().split("\n\n")
    lines = [f"{loss.name}: {loss.title}", "", *_wrapped(" ".join(summary[0].split()), ""), ""]
    activation = activations.get(loss.output)
    rows = [
        ("loss", f"ℓ(y, a) = {_formula(loss)}"),
        ("target y", loss.target.describe()),
        ("prediction a", f"{loss.prediction.describe()}; matched output {activation.name}"),
        ("tasks", ", ".join(loss.tasks)),
        *(
            (key, f"{meaning.meaning} ({meaning.bounds.describe()}; default {meaning.default:g})")
            for key, meaning in loss.declared_parameters().items()
        ),
        ("promises", ", ".join(_promises(loss))),
        ("also called", ", ".join(loss.aliases)),
        *(("not", f"{other}: {why}") for other, why in loss.not_to_be_confused_with.items()),
        ("torch", loss.in_torch() or "no loss of its own"),
        ("keras", loss.in_keras() or "no loss of its own"),
        ("sources", "; ".join(loss.sources)),
    ]
    for label, text in rows:
        lines += _wrapped(text, " " * _LABEL, label.ljust(_LABEL))
    return lines


def _formula(loss: Loss) -> str:
    """Take the formula as it is written for people, in the first line of its docstring."""
    return (type(loss).formula.__doc__ or "").strip().split("\n", maxsplit=1)[0].rstrip(".")


def _promises(loss: Loss) -> list[str]:
    said = [
        word if value else f"not {word}"
        for word in ("proper", "convex", "bounded", "robust")
        if (value := getattr(loss, word)) is not None
    ]
    return [*said, *([f"driven to the {loss.elicits}"] if loss.elicits else [])]


def _wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
