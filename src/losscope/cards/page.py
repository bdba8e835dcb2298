"""A page of the documentation for each loss, and one that lists them: Markdown and SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope import losses
from losscope.cards.card import Card, card, family
from losscope.cards.curves import curves, sketch, where_drawn
from losscope.cards.drawing import svg
from losscope.losses.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from pathlib import Path

    from losscope.losses.base import Loss

FAMILIES = ("regression", "counts", "binary", "multiclass", "multilabel", "yours")
_TARGET = {
    "same": "as here",
    "index": "class numbers",
    "index_list": "lists of class numbers",
    "signs": "−1, +1",
    "zero_one": "0, 1",
}


def write(folder: Path) -> list[Path]:
    """Write every page and picture; return the files.

    Parameters
    ----------
    folder : made when missing; `index.md`, and `NAME.md` with `NAME.svg` for each loss.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "index.md"]
    written[0].write_text(index(), encoding="utf-8")
    for name in losses.names():
        loss = losses.get(name)
        for path, text in ((f"{name}.md", page(loss)), (f"{name}.svg", picture(loss))):
            (folder / path).write_text(text, encoding="utf-8")
            written.append(folder / path)
    return written


def picture(loss: Loss) -> str:
    """The drawing of its two curves."""
    return svg(loss.title, curves(loss))


def index() -> str:
    """All losses by family, with their spark-lines."""
    lines = ["# Losses", "", "Spark-lines: ℓ and dℓ/dz over the raw prediction z.", ""]
    for name in FAMILIES:
        members = [m for m in map(losses.get, losses.names()) if family(m) == name]
        if not members:
            continue
        lines += [f"## {name.capitalize()}", "", "| loss | | ℓ | dℓ/dz |", "|---|---|---|---|"]
        for loss in members:
            value, slope = sketch(loss)
            lines.append(f"| [{loss.name}]({loss.name}.md) | {loss.title} | {value} | {slope} |")
        lines.append("")
    return "\n".join(lines)


def page(loss: Loss) -> str:
    """The page of one loss."""
    facts = card(loss)
    title = facts.title[0].upper() + facts.title[1:]
    lines = [
        f"# {title}: `{facts.name}`",
        "",
        *(line for text in facts.summary for line in (_escaped(text), "")),
        f"**Formula** {_escaped(f'ℓ(y, a) = {facts.formula}')}",
        "",
    ]
    if facts.slope:
        lines += [f"**Gradient** {_escaped(f'dℓ/dz = {facts.slope}')}", ""]
    drawn = ", ".join(curve.label for curve in curves(loss, 3))
    lines += [
        f"![{facts.title}: ℓ and dℓ/dz over z]({facts.name}.svg)",
        "",
        f"*Over the raw prediction z, output {facts.output}; {drawn}; {where_drawn(loss)}.*",
        "",
        *_table(facts),
        *_elsewhere(facts),
        *_closing(facts),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _table(facts: Card) -> list[str]:
    rows = [
        ("target y", facts.target),
        ("prediction a", f"{facts.prediction}; matched output activation {facts.output}"),
        ("tasks", ", ".join(facts.tasks)),
        *(
            (
                f"`{p['name']}` ({p['symbol']})",
                f"{p['meaning']}; {p['bounds']}, default {p['default']:g}",
            )
            for p in facts.parameters
        ),
        ("promises", ", ".join(facts.facts)),
        *([("kinks", facts.kinks)] if facts.kinks else []),
    ]
    return ["| | |", "|---|---|", *(f"| {a} | {_escaped(b)} |" for a, b in rows), ""]


def _elsewhere(facts: Card) -> list[str]:
    if not facts.elsewhere:
        return ["## Elsewhere", "", "No framework of those known here has it.", ""]
    lines = [
        "## Elsewhere",
        "",
        "| framework | spelling | its value | takes | target | checked |",
        "|---|---|---|---|---|---|",
    ]
    for row in facts.elsewhere:
        title = FRAMEWORKS[row.framework].title
        how = "executed" if row.executed else "read"
        cells = (
            title,
            f"`{row.code}`",
            row.relation if row.of != "gradient" else f"{row.relation} (gradient)",
            row.fed,
            _TARGET[row.target],
            f"{how}, {row.version}",
        )
        lines.append("| " + " | ".join(_escaped(cell) for cell in cells) + " |")
    notes = [
        f"- `{row.code}`: {'; '.join(part for part in (row.note, _also(row.also)) if part)}."
        for row in facts.elsewhere
        if row.note or row.also
    ]
    return [*lines, "", *notes, *([""] if notes else [])]


def _also(names: tuple[str, ...]) -> str:
    return "the same as " + ", ".join(f"`{name}`" for name in names) if names else ""


def _closing(facts: Card) -> list[str]:
    lines: list[str] = []
    if facts.aliases:
        lines += ["**Also called** " + ", ".join(f"`{alias}`" for alias in facts.aliases), ""]
    if facts.not_to_be_confused_with:
        lines += ["**Not to be confused with**", ""]
        lines += [f"- {other}: {why}" for other, why in facts.not_to_be_confused_with.items()]
        lines.append("")
    if facts.sources:
        lines += ["**Sources**", "", *(f"- {source}" for source in facts.sources)]
    return lines


def _escaped(text: str) -> str:
    """Bars would end a table's cell, stars would set italics."""
    if text.startswith("`"):
        return text.replace("|", "\\|")
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


__all__ = ["index", "page", "picture", "write"]
