"""A derivation step by step, for a terminal: each line with its shape, the reason under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.derivation.printers.text import WIDTH, entry, letters_text, loss_text, verdict
from losscope.derivation.printers.unicode import Unicode, spell
from losscope.derivation.printers.where import clauses
from losscope.derivation.printers.wrap import text_lines
from losscope.derivation.steps import Step, steps

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation


def unfold(derivation: Derivation) -> str:
    """Every equation with the steps that lead to it."""
    d = derivation
    title = f"{d.loss.title} on a {d.network.spelling} network, {d.network.output} output"
    lines = [*text_lines(title, WIDTH, indent="  ", at=(" ",)), ""]
    lines += text_lines(f"ℓ(y, a) = {loss_text(d)}", WIDTH, indent=" " * 10)
    for said in letters_text(d):
        lines += text_lines(f"{'':10}where {said}", WIDTH, indent=" " * 16)
    for equation in (*d.phase("forward"), *d.phase("backward")):
        if equation.phase == "forward":
            lines += entry(
                "  ", f"{equation.name} = {spell(equation.shown)}", _size(equation.shape)
            )
            continue
        lines += ["", equation.name]
        for step in steps(d, equation.name):
            lines += written(step)
    return "\n".join([*lines, "", verdict([d])]) + "\n"


def written(step: Step) -> list[str]:
    """One step: what equals what, of which shape, and why."""
    left = step.left or "      "
    text = f"{left} = {spell(step.node, pointwise=step.elementwise)}"
    size = _size(step.shape) if step.shape else ""
    lines = entry("  ", text, size)
    for clause in clauses(step.where, Unicode):
        lines += text_lines(f"{'':6}where {clause}", WIDTH, indent=" " * 12)
    return [*lines, *text_lines(f"{'':8}{step.reason}", WIDTH, indent=" " * 8)]


def _size(shape: tuple[object, object]) -> str:
    return f"({shape[0]}, {shape[1]})"
