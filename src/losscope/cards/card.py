"""Everything that is known of a loss, as data; spelled by the command line and by the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from losscope.calculus.functions import RAW, TARGETS, log1p
from losscope.calculus.pretty import PREDICTION, readable
from losscope.losses.arithmetic import pretty
from losscope.losses.custom import Formula
from losscope.losses.frameworks import FRAMEWORKS
from losscope.losses.spelled import base_of, fed, fitting, spell_with_options
from losscope.network import activations

if TYPE_CHECKING:
    from losscope.losses.base import Loss
    from losscope.losses.dialects import Dialect

_LONGEST = 150
_INSIDE = ("Place", "Head", "frozen", "margin_pulls", "copower_slope", "inverse_length", "unit(")


@dataclass(frozen=True)
class Row:
    """One spelling in one framework.

    relation : the framework's value in ours, "ours/δ"; scale its factor for these parameters.
    fed : what it takes, in words: "probabilities, after the sigmoid".
    """

    framework: str
    version: str
    code: str
    relation: str
    takes: str
    fed: str
    target: str
    of: str
    note: str
    also: tuple[str, ...]
    executed: bool


@dataclass(frozen=True)
class Card:
    """The facts of one loss."""

    name: str
    spelling: str
    title: str
    family: str
    summary: tuple[str, ...]
    tasks: tuple[str, ...]
    output: str
    formula: str
    slope: str | None
    slope_latex: str | None
    target: str
    prediction: str
    parameters: tuple[dict[str, Any], ...]
    facts: tuple[str, ...]
    kinks: str
    aliases: tuple[str, ...]
    not_to_be_confused_with: dict[str, str]
    sources: tuple[str, ...]
    elsewhere: tuple[Row, ...]


def card(loss: Loss) -> Card:
    """The card of a loss with its parameters (and options)."""
    base = base_of(loss)
    slope, latex = derivative(loss)
    return Card(
        name=base.name,
        spelling=loss.spelling,
        title="your formula" if isinstance(base, Formula) else loss.title,
        family=family(base),
        summary=_paragraphs(base),
        tasks=tuple(loss.tasks),
        output=loss.output,
        formula=written_formula(base),
        slope=slope,
        slope_latex=latex,
        target=loss.target.describe(),
        prediction=loss.prediction.describe(),
        parameters=_own_letters(base)
        or tuple(_parameter(base, name) for name in base.declared_parameters()),
        facts=tuple(facts(loss)),
        kinks=loss.kinks,
        aliases=tuple(base.aliases),
        not_to_be_confused_with=dict(base.not_to_be_confused_with),
        sources=tuple(base.sources),
        elsewhere=elsewhere(loss),
    )


def elsewhere(loss: Loss) -> tuple[Row, ...]:
    """Spellings of a loss in every framework that has it."""
    return tuple(row for name in FRAMEWORKS for row in (*_rows(loss, name), *_at_other(loss, name)))


def _rows(loss: Loss, framework: str) -> list[Row]:
    """Spellings of the loss with these parameters and options."""
    return [_row(loss, dialect) for dialect in fitting(loss, framework)]


def _at_other(loss: Loss, framework: str) -> list[Row]:
    """Spellings that are this loss at other parameters only: pinball is half an L1Loss at τ = ½."""
    held = [] if loss.options else type(loss).dialects
    rows = []
    for dialect in held:
        if dialect.framework != framework or dialect in fitting(loss, framework):
            continue
        twin = type(loss)(**{**loss.parameters, **dialect.requires})
        symbols = {name: p.symbol for name, p in loss.declared_parameters().items()}
        at = ", ".join(f"{symbols[name]} = {v:g}" for name, v in dialect.requires.items())
        found = _row(twin, dialect)
        rows.append(replace(found, relation=f"{found.relation}, at {at} only"))
    return rows


def family(loss: Loss) -> str:
    """The folder in which it stands, or "yours" for a loss of the user's."""
    parts = type(loss).__module__.split(".")
    return parts[2] if parts[:2] == ["losscope", "losses"] and len(parts) == 4 else "yours"


def written_formula(loss: Loss) -> str:
    """The formula as it is written for people, in the first line of its docstring.

    A formula of the user's own is typeset, in its own letters.
    """
    if isinstance(loss, Formula):
        from losscope.derivation.printers import unicode

        letter = RAW if loss.score else PREDICTION
        return unicode.formula(loss.lettered().formula(letter, TARGETS["real"]))
    text = (type(loss).formula.__doc__ or "").strip()
    return text.split("\n", maxsplit=1)[0].rstrip(".")


def derivative(loss: Loss) -> tuple[str | None, str | None]:
    """dℓ/dz as text and as LaTeX; None where the line would be longer than a person reads."""
    from losscope.derivation.printers import latex, unicode

    if loss.heads > 1:
        return None, None
    lettered = loss.lettered()
    try:
        found = readable(
            lettered.slope(n_outputs=None if loss.vector else 1),
            RAW,
            activations.get(loss.output).formula(RAW),
        )
        found = found.replace(log1p, lambda x: sp.log(1 + x))
        if loss.output == "identity" and not (loss.score and isinstance(loss, Formula)):
            found = found.xreplace({RAW: PREDICTION})
        text = unicode.formula(found)
        if len(text) > _LONGEST or any(word in text for word in _INSIDE):
            return None, None
        return text, latex.formula(found)
    except (RecursionError, TypeError):
        return None, None  # a form that the printers do not reach; the curve is drawn all the same


def facts(loss: Loss) -> list[str]:
    """What it promises, in words."""
    words = {"proper": "proper", "convex": "convex in z", "bounded": "bounded", "robust": "robust"}
    if loss.proper and loss.probability(PREDICTION) is not None:
        words["proper"] = f"proper through its link, p = {_link(loss)}"
    said = [
        word if value else f"not {word}"
        for field, word in words.items()
        if (value := getattr(loss, field)) is not None
    ]
    steepest = loss.lipschitz
    if steepest is not None:
        said.append(f"|dℓ/dz| ≤ {steepest:.4g}")
    if loss.elicits:
        said.append(f"the best constant prediction is the {loss.elicits}")
    return said


def _link(loss: Loss) -> str:
    """How a score is turned into a probability, as its file says it."""
    text = (type(base_of(loss)).probability.__doc__ or "").strip()
    return text.split("\n", maxsplit=1)[0].rstrip(".")


def _paragraphs(loss: Loss) -> tuple[str, ...]:
    if isinstance(loss, Formula):
        return ()  # what its user knows
    text = (type(loss).__doc__ or "").strip()
    return tuple(" ".join(part.split()) for part in text.split("\n\n"))


def _parameter(loss: Loss, name: str) -> dict[str, Any]:
    parameter = loss.declared_parameters()[name]
    return {
        "name": name,
        "symbol": parameter.symbol,
        "value": loss.parameters[name],
        "default": parameter.default,
        "bounds": parameter.bounds.describe(),
        "meaning": parameter.meaning,
    }


def _own_letters(loss: Loss) -> tuple[dict[str, Any], ...]:
    """The letters of a user's formula, which have a value and no meaning of ours."""
    given = loss.parameters if isinstance(loss, Formula) else {}
    return tuple(
        {
            "name": name,
            "symbol": name,
            "value": value,
            "default": value,
            "bounds": "a finite number",
            "meaning": f"{value:g}",
        }
        for name, value in given.items()
    )


def _row(loss: Loss, dialect: Dialect) -> Row:
    base = base_of(loss)
    letters = {name: p.symbol for name, p in base.declared_parameters().items()}
    of = {"objective": "gradient", "metric": "value"}.get(dialect.role, "value and gradient")
    more = f"; gradient {pretty(dialect.slope, letters)} × ours" if dialect.slope else ""
    if base.vector and dialect.unit == "elements" and "batchmean" not in dialect.code:
        more = ", over all outputs: a mean is ours/K"
    return Row(
        framework=dialect.framework,
        version=dialect.version,
        code=spell_with_options(loss, dialect),
        relation=dialect.relation(letters) + more,
        takes=dialect.takes,
        fed=fed(dialect, loss.output if dialect.fits(loss.output) else dialect.outputs[0]),
        target=dialect.target,
        of=of,
        note=dialect.note,
        also=tuple(dialect.names_spelled(base.parameters)),
        executed=dialect.executed,
    )


__all__ = [
    "Card",
    "Row",
    "card",
    "derivative",
    "elsewhere",
    "facts",
    "family",
    "written_formula",
]
