"""What `losscope losses` prints: the list by family, one loss's card, a framework's spellings."""

import contextlib
import dataclasses
import json
from collections.abc import Iterable

from losscope import losses
from losscope.cards.card import Card, Row, card, elsewhere, family
from losscope.cards.curves import curves, sketch, spark
from losscope.cards.page import FAMILIES
from losscope.cli._text import wrapped
from losscope.errors import LosscopeError
from losscope.found import did_you_mean
from losscope.losses import Loss
from losscope.losses.custom import Formula
from losscope.losses.frameworks import FRAMEWORKS, Framework
from losscope.losses.spelled import base_of
from losscope.losses.translation import framework_named

TASKS = ("binary", "multiclass", "multilabel", "regression", "counts")
_LABEL = 14
_NAME = 21
_TARGETS = {
    "index": "class numbers as targets",
    "index_list": "lists of class numbers as targets",
    "signs": "targets −1 and +1",
    "zero_one": "targets 0 and 1",
}


def shown(name: str | None, framework: str | None, task: str | None, *, as_json: bool) -> list[str]:
    """The lines of what was asked for.

    Raises
    ------
    LosscopeError
        For a loss, framework or task that nobody knows.
    """
    if task is not None and task not in TASKS:
        guess = did_you_mean(task, TASKS)
        raise LosscopeError(f"--task takes {', '.join(TASKS)}; got {task!r}{guess}")
    home = framework_named(framework, "--in") if framework else None
    meant = _meant(name, task) if name is not None else list(map(losses.get, losses.names(task)))
    if as_json:
        return [json.dumps([_plain(card(loss), home) for loss in meant], ensure_ascii=False)]
    if name is not None:
        return _cards(name, meant, home)
    return _spellings(meant, home) if home else _listing(meant)


def _plain(facts: Card, home: Framework | None) -> dict[str, object]:
    """A card as plain data, with the spellings of one framework only where one was named."""
    kept = tuple(row for row in facts.elsewhere if home is None or row.framework == home.name)
    return dataclasses.asdict(dataclasses.replace(facts, elsewhere=kept))


def _meant(name: str, task: str | None) -> list[Loss]:
    """Every loss that a name means (in a task), the nearest first."""
    found: list[Loss] = []
    trouble: LosscopeError | None = None
    for each in [task] if task else [None, *TASKS]:
        try:
            found.append(losses.get(name, task=each))
        except LosscopeError as error:
            trouble = trouble or error
    if not found and trouble:
        raise trouble
    return list(dict.fromkeys(found))


# -- the list ----------------------------------------------------------------------------------


def _listing(members: list[Loss]) -> list[str]:
    """Losses under their families, with spark-lines of ℓ and dℓ/dz."""
    lines: list[str] = []
    for name in FAMILIES:
        ours = [loss for loss in members if family(loss) == name]
        if not ours:
            continue
        lines.append(f"{name:<{_NAME + 2}}ℓ          dℓ/dz")
        for loss in ours:
            value, slope = ("", "")
            with contextlib.suppress(LosscopeError, FloatingPointError):  # a loss of the user's
                value, slope = sketch(loss)
            long = len(loss.name) > _NAME - 2
            lines += [f"  {loss.name}"] if long else []
            first = "  " + ("" if long else loss.name).ljust(_NAME) + f"{value:<11}{slope:<11}"
            lines += wrapped(loss.title, " " * (_NAME + 24), first)
        lines.append("")
    count = f"{len(members)} losses; the curves run over the raw prediction z."
    return [
        *lines,
        *wrapped(count, ""),
        "One of them      losscope losses NAME      its equations   losscope derive NAME",
        "In a framework   losscope losses --in keras",
    ]


def _spellings(members: list[Loss], home: Framework) -> list[str]:
    """What one framework has, spelled, with the relation."""
    lines = wrapped(
        f"{home.title} {home.version}: arguments {home.order}; {_reduction(home)}. "
        "Parameters at losscope's defaults.",
        "",
    )
    lines.append("")
    none: list[str] = []
    for loss in members:
        rows = [row for row in elsewhere(loss) if row.framework == home.name]
        if not rows:
            none.append(loss.name)
            continue
        lines.append(f"{loss.name}: {loss.title}")
        for row in rows:
            lines += wrapped(row.code, " " * 6, "  ")
            lines += wrapped(_relation(row), " " * 6)
    lines += ["", *wrapped(f"Not in {home.title}: {', '.join(none)}", " " * 2, "")] if none else []
    return lines


def _reduction(home: Framework) -> str:
    """What the framework does with a batch."""
    if home.reduction == "none":
        return "it does not reduce, so .mean() is yours"
    if home.reduction == "rows":
        return "it sums the gradients of rows"
    by = {"N": "; with sample weights too", "Σw": ", or by Σw with sample weights"}
    return f"a mean divides by N{by.get(home.divisor, '')}"


# -- the card ----------------------------------------------------------------------------------


def _cards(name: str, meant: list[Loss], home: Framework | None) -> list[str]:
    """Cards of every loss that a name means, one after the other."""
    said = [f"{name!r} means {len(meant)} losses, by the task.", ""] if len(meant) > 1 else []
    return said + [line for loss in meant for line in [*_card(loss, home), ""]][:-1]


def _card(loss: Loss, home: Framework | None) -> list[str]:
    facts = card(loss)
    lines = [*wrapped(f"{facts.spelling}: {facts.title}", "  ", ""), ""]
    for text in facts.summary:
        lines += [*wrapped(text, ""), ""]
    for label, text in _rows(loss, facts):
        lines += wrapped(text, " " * _LABEL, label.ljust(_LABEL))
    return [*lines, "", *_elsewhere(facts, home)]


def _rows(loss: Loss, facts: Card) -> Iterable[tuple[str, str]]:
    own = isinstance(base_of(loss), Formula)
    yield "loss", f"ℓ(y, {'z' if own and loss.score else 'a'}) = {facts.formula}"
    if facts.slope:
        yield "gradient", f"dℓ/dz = {facts.slope}"
    drawn = curves(loss, 17)
    low, high = (f"{z:g}".replace("-", "−") for z in (drawn[0].z[0], drawn[0].z[-1]))
    for i, curve in enumerate(drawn):
        at = f"z {low} … {high}, {curve.label}" if i == 0 else curve.label
        yield "" if i else "curves", f"ℓ {spark(curve.value)}  dℓ/dz {spark(curve.slope)}  {at}"
    yield "target y", facts.target
    yield "prediction a", f"{facts.prediction}; matched output {facts.output}"
    yield "tasks", ", ".join(facts.tasks)
    for p in facts.parameters:
        said = f"{p['meaning']} ({p['bounds']}; default {p['default']:g})"
        yield (p["name"], p["meaning"]) if own else (f"{p['name']} ({p['symbol']})", said)
    if facts.facts:
        yield "promises", ", ".join(facts.facts)
    if facts.kinks:
        yield "kinks", facts.kinks
    if facts.aliases:
        yield "also called", ", ".join(facts.aliases)
    for other, why in facts.not_to_be_confused_with.items():
        yield "not", f"{other}: {why}"
    if facts.sources:
        yield "sources", "; ".join(facts.sources)


def _elsewhere(facts: Card, home: Framework | None) -> list[str]:
    """Spellings by framework, each with its relation to ours."""
    asked = [home] if home else list(FRAMEWORKS.values())
    rows = [row for row in facts.elsewhere if any(row.framework == f.name for f in asked)]
    none = [f.title for f in asked if all(row.framework != f.name for row in rows)]
    lines = ["elsewhere     their value in ours, at the same parameters"] if rows else []
    before = ""
    for row in rows:
        first = "" if row.framework == before else row.framework
        before = row.framework
        lines += wrapped(row.code, " " * (_LABEL + 2), f"  {first:<{_LABEL - 2}}")
        lines += wrapped(_relation(row), " " * (_LABEL + 2))
    if none:
        lines += wrapped(", ".join(none), " " * _LABEL, "not in".ljust(_LABEL))
    return lines


def _relation(row: Row) -> str:
    parts = [f"= {row.relation}"]
    if row.of != "value and gradient":
        parts.append(f"{row.of} only")
    if row.fed != "predictions":
        parts.append(f"takes {row.fed}")
    if row.target in _TARGETS:
        parts.append(_TARGETS[row.target])
    if row.note:
        parts.append(row.note)
    if not row.executed:
        parts.append("read, not executed")
    return "; ".join(parts)
