"""A derivation, or several side by side, on a terminal of 80 columns."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from losscope.calculus.functions import RAW
from losscope.derivation.costs import costs
from losscope.derivation.equations import Derivation, Equation, differing
from losscope.derivation.landmarks import landmarks
from losscope.derivation.notation import of_example
from losscope.derivation.printers.unicode import Unicode, formula, spell
from losscope.derivation.printers.where import clauses
from losscope.derivation.printers.wrap import text_lines
from losscope.derivation.through import Through
from losscope.losses.custom import Formula
from losscope.losses.spelled import base_of
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 80
_SHAPE = 64
"""Column from which shapes stand."""


def screen(items: Sequence[Derivation], *, check: bool = True) -> str:
    """One derivation, or several side by side with what differs marked.

    Parameters
    ----------
    items : derivations on networks that agree in their layers.
    check : whether to prove the equations numerically and say to how many digits they hold.
    """
    changed = differing(items)
    lines = [*_network(items), *_cost(items), ""]
    lines += _forward(items, changed)
    lines += _losses(items)
    lines += ["backward", *_backward(items, changed)]
    lines += ["update    W := W − α dW,  b := b − α db      no line above reads J itself"]
    if len(items) > 1:
        lines += _difference(changed)
    lines += [*_landmarks(items), *_mistakes(items)]
    if check:
        lines += [verdict(items)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def shape(equation: Equation) -> str:
    """A shape as (m, 16)."""
    return f"({equation.shape[0]}, {equation.shape[1]})"


def verdict(items: Sequence[Derivation]) -> str:
    """What a numerical check of all the derivations says."""
    checks = [item.check() for item in items]
    bad = [c for c in checks if not c.ok]
    said = str(bad[0]) if bad else str(min(checks, key=lambda c: c.worst))
    return said if bad else f"{said}   More: --steps  --per-example  --as numpy|torch|latex"


def entry(lead: str, text: str, end: str = "", *, column: int = _SHAPE) -> list[str]:
    """A line with something at its end, the text wrapped where it does not fit."""
    indent = " " * (len(lead) + 2)
    lines = text_lines(lead + text, WIDTH, indent=indent)
    if not end:
        return lines
    if len(lines[-1]) + 2 + len(end) <= WIDTH:
        lines[-1] = f"{lines[-1]:<{min(column, WIDTH - len(end))}}"
        lines[-1] += ("" if lines[-1].endswith(" ") else "  ") + end
        return lines
    return [*lines, f"{'':<{column}}{end}"]


def where_lines(equation: Equation, indent: str) -> list[str]:
    """The letters of an equation, one line each."""
    lines: list[str] = []
    for place, clause in enumerate(clauses(equation.where, Unicode)):
        lead = f"{indent}{'where' if place == 0 else 'and':<5} "
        lines += text_lines(lead + clause, WIDTH, indent=indent + " " * 8)
    return lines


def _network(items: Sequence[Derivation]) -> list[str]:
    first = items[0]
    network = first.network
    size = (
        f"(m, {network.layers[0]})" if first.convention == "rows" else f"({network.layers[0]}, m)"
    )
    hidden = [f"{n} {a}" for n, a in zip(network.layers[1:-1], network.activations, strict=True)]
    outputs = " / ".join(dict.fromkeys(str(d.network.output) for d in items))
    chain = [f"X {size}", *hidden, f"{network.layers[-1]} {outputs}"]
    if len(chain) > 8:
        chain = [*chain[:4], f"… {len(chain) - 6} more …", *chain[-2:]]
    return text_lines("Network   " + " → ".join(chain), WIDTH, indent=" " * 12, at=(" → ",))


def _cost(items: Sequence[Derivation]) -> list[str]:
    first = items[0]
    weight = "w " if first.weighted else ""
    text = ("(1/m) " if first.reduction == "mean" else "") + f"Σ {weight}ℓ(y, a)"
    said = []
    both = bool(first.l1 and first.l2)
    if first.l2:
        letter = "λ₂" if both else "λ"
        text += f" + ({letter}/2) Σ W²"
        said.append(f"{letter} = {first.l2:g}")
    if first.l1:
        letter = "λ₁" if both else "λ"
        text += f" + {letter} Σ |W|"
        said.append(f"{letter} = {first.l1:g}")
    return [f"cost      J = {text}" + (f",  {', '.join(said)}" if said else "")]


def _forward(items: Sequence[Derivation], changed: Iterable[str]) -> list[str]:
    first = items[0]
    width = _label_width(items)
    lines = []
    for place, equation in enumerate(first.phase("forward")[::2]):
        active = first[f"A{equation.name[1:]}"]
        left = f"{'forward' if place == 0 else '':<10}{equation.name} = {spell(equation.shown)}"
        if active.name in changed:
            lines.append(f"{left:<37} {shape(equation)}")
            lines += [
                f"   ≠ {d.called:<{width}} {active.name} = {spell(d[active.name].shown)}"
                for d in items
            ]
            continue
        line = f"{left:<37} {shape(equation):<10} {active.name} = {spell(active.shown)}"
        lines += [line] if len(line) <= WIDTH else [left, f"{'':<10}{line[49:].strip()}"]
    return lines


def _label_width(items: Sequence[Derivation]) -> int:
    return min(24, max(len(d.called) for d in items)) if len(items) > 1 else 0


def _losses(items: Sequence[Derivation]) -> list[str]:
    lines = []
    width = _label_width(items)
    for place, d in enumerate(items):
        name = f"{d.called:<{width}}  " if len(items) > 1 else ""
        lead = f"{'loss' if place == 0 else '':<10}{name}ℓ = "
        lines += entry(lead, loss_text(d), _mean(d))
        for said in letters_text(d):
            lines += text_lines(f"{'':<10}{name}where {said}", WIDTH, indent=" " * 16)
    for d in items:
        own = isinstance(base_of(d.loss), Formula)  # whose name is the formula itself
        if not own and d.called.partition("@")[0].partition("(")[0] != d.loss.name:
            lines.append(f"{'':<10}{d.called} here is {d.loss.name}: {d.loss.title}")
    return lines


def loss_text(d: Derivation) -> str:
    """ℓ of one example, as its file states it."""
    return formula(of_example(d.loss)[0])


def letters_text(d: Derivation) -> list[str]:
    """What the letters of ℓ are, one sentence each."""
    said = list(of_example(d.loss)[1])
    entering = d.loss.entering(RAW)
    if entering != RAW:
        own = formula(activations.get(str(d.network.output)).formula(entering))
        said.append(f"a = {own}, not the network's own A")
    return said


def _mean(d: Derivation) -> str:
    many = d.network.layers[-1] > d.loss.heads and not d.loss.vector
    return "mean over the outputs" if many else ""


def _backward(items: Sequence[Derivation], changed: Sequence[str]) -> list[str]:
    width = _label_width(items)
    lines: list[str] = []
    for name in dict.fromkeys(e.name for d in items for e in d.phase("backward")):
        for d in items if name in changed else items[:1]:
            mark = "   " if len(items) == 1 else " ≠ " if name in changed else " = "
            label = f"{d.called if name in changed else '':<{width}} " if len(items) > 1 else ""
            lines += entry(f"  {mark}{label}", f"{name} = {spell(d[name].shown)}", shape(d[name]))
            lines += where_lines(d[name], " " * (7 + len(label)))
    return lines


def _difference(changed: Sequence[str]) -> list[str]:
    gradients = [name for name in changed if name.startswith("d")]
    if not gradients:
        return ["No equation of the backward pass differs."]
    words = {1: "One equation differs", 2: "Two equations differ"}
    count = words.get(len(gradients), f"{len(gradients)} equations differ")
    cause = [name for name in changed if name.startswith("A")]
    also = f" So does {cause[0]}: the losses sit on different outputs." if cause else ""
    said = f"{count}: {', '.join(gradients)}; all others are shared.{also}"
    return text_lines(said, WIDTH, indent="  ", at=(" ",))


def _landmarks(items: Sequence[Derivation]) -> list[str]:
    found = landmarks(items)
    width = max(6, *(len(d.called) for d in items)) if len(items) > 1 else 6
    cells = "".join(f"{_plain(z):>8}" for z in found.z)
    lines = [f"dℓ/dz, {found.example}, from very wrong to very right, at z ="]
    lines.append(f"   {'':<{width}}{cells}")
    for d, row, remark in zip(items, found.slopes, found.remarks, strict=True):
        name = d.called if len(items) > 1 else ""
        cells = "".join(f"{_slope(v):>8}" for v in row)
        line = f"   {name:<{width}}{cells}"
        note = f"  ← {remark}" if remark else ""
        fits = len(line + note) <= WIDTH
        lines += [line + note] if fits else [line, f"   {'':<{width}}  {note.strip()}"]
    return lines


def _mistakes(items: Sequence[Derivation]) -> list[str]:
    """What a pairing costs: all of it for one derivation; in company, only what is a mistake."""
    lines = []
    for d in items:
        said = costs(d)
        if (
            len(items) > 1
            and d.loss.defined_on(str(d.network.output))
            and not isinstance(d.loss, Through)
        ):
            continue
        for sentence in said:
            lines += text_lines(f"   {d.called}: {sentence}", WIDTH, indent=" " * 6, at=(" ",))
    return ["What this pairing costs", *lines] if lines else []


def _plain(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _slope(number: float) -> str:
    if isnan(number):
        return "–"
    size = abs(number)
    number += 0.0  # no −0
    text = f"{number:.3f}" if 5e-4 <= size < 1000 or size == 0 else f"{number:.0e}"
    text = text.replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", "−")
