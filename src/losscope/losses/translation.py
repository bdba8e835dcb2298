"""From one framework's spelling of a loss to another's, with the exact factor between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.found import did_you_mean
from losscope.losses.differences import differences, in_brief
from losscope.losses.frameworks import FRAMEWORKS, SYNONYMS, Framework
from losscope.losses.matching import Reading, framework_of, known_names, readings
from losscope.losses.reading import Call, read
from losscope.losses.registry import confused, get, meanings
from losscope.losses.relation import factor_of, offset_of, scale_text
from losscope.losses.spelled import base_of, fitting, spell_with_options

if TYPE_CHECKING:
    from losscope.losses.base import Loss
    from losscope.losses.dialects import Dialect


@dataclass(frozen=True)
class Answer:
    """One spelling in the framework that was asked for, and how the two are related.

    Parameters
    ----------
    code : the call; its reduction is the one that was asked about.
    factor, power : asked = factor × K**power × code + offset, K being the number of outputs.
    offset : a formula of the target y, for the reader; "0" when there is none.
    of : "value and gradient", "gradient" (boosters and SGD have no other) or "value" (metrics).
    mind : what else differs, a sentence each.
    executed : whether the relation was measured in that framework by losscope's tests.
    version : of the framework, at that time.
    brief : how its inputs differ, in a few words.
    also : estimators and functions that compute exactly this.
    """

    code: str
    factor: float
    power: int
    offset: str
    of: str
    mind: tuple[str, ...]
    executed: bool
    version: str
    also: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()

    @property
    def scale(self) -> str:
        """The factor for the reader: "2", "1/3", "2 K"."""
        return scale_text(self.factor, self.power)


@dataclass(frozen=True)
class Translation:
    """What a spelling is, and how another framework writes it.

    Parameters
    ----------
    asked : the text.
    source : framework that it was read in, "losscope" when it is a name of ours.
    loss : the loss here, spelled.
    title : its name in words.
    to : the framework asked for.
    answers : the nearest spelling first; empty when that framework has none.
    not_carried : settings that were not translated, as written, each with its reason.
    advice : what to do where there is no answer.
    others : what else the text can mean, by the task.
    """

    asked: str
    source: str
    loss: str
    title: str
    to: str
    answers: tuple[Answer, ...]
    not_carried: tuple[str, ...] = ()
    advice: str = ""
    others: tuple[Translation, ...] = ()

    @property
    def spelled_title(self) -> str:
        """The loss as losscope calls it: "smooth_l1(beta=0.5), smooth L1"."""
        return f"{self.loss}, {self.title}"

    @property
    def code(self) -> str | None:
        """The nearest spelling, or None."""
        return self.answers[0].code if self.answers else None

    @property
    def factor(self) -> float | None:
        """asked = factor × code, for one output; None when there is no answer."""
        return self.answers[0].factor if self.answers else None


def translate(text: str, to: str, source: str | None = None) -> Translation:
    """Spell a loss in another framework, with the exact factor between the two.

    As `translations`, which says what may be given and what goes wrong; where the text means
    several losses by the task, the others stand in `others`.
    """
    first, *others = translations(text, to, source)
    return replace(first, others=tuple(others))


def translations(text: str, to: str, source: str | None = None) -> tuple[Translation, ...]:
    """Spell what a text can mean in another framework.

    Parameters
    ----------
    text : as in code: "torch.nn.SmoothL1Loss(beta=0.5)", "categorical_crossentropy",
        'SGDClassifier(loss="hinge")', "reg:squarederror"; or a loss of losscope, "focal(gamma=2)".
    to : "torch", "keras", "optax", "sklearn", "lightgbm" or "xgboost".
    source : the framework that the text comes from, where several use the same word.

    Returns
    -------
    One translation for each loss that the text can mean: more than one where a name stands for
    two losses by the task ("log_loss" of scikit-learn).

    Raises
    ------
    LosscopeError : for text that cannot be read, names and settings that nobody has.
    """
    target = framework_named(to, "--to")
    home = framework_named(source, "--from").name if source else None
    found = _understood(read(text), text, home)
    return tuple(_translated(text, reading, target) for reading in found)


def framework_named(name: str, option: str) -> Framework:
    """The framework that a person means.

    Raises
    ------
    LosscopeError : for one that is not known.
    """
    word = name.strip().lower()
    word = SYNONYMS.get(word, word)
    if word not in FRAMEWORKS:
        guess = did_you_mean(word, [*FRAMEWORKS, *SYNONYMS])
        raise LosscopeError(f"{option} takes {', '.join(FRAMEWORKS)}; got {name!r}{guess}")
    return FRAMEWORKS[word]


def _understood(call: Call, text: str, home: str | None) -> list[Reading]:
    """What was meant: theirs where one framework has the name, ours where several or none do."""
    found = readings(call, home)
    ours = not home and not framework_of(call.path) and call.name and meanings(call.name)
    if len({r.dialect.framework for r in found if r.dialect}) == 1:
        return found
    if ours and not call.positional:
        return [Reading(get(text)) if len(meanings(call.name)) == 1 else _by_task(call, text)[0]]
    if found:
        told = ", ".join(sorted({r.dialect.at.title for r in found if r.dialect}))
        raise LosscopeError(
            f"{text!r} is a word of {told}, and not always the same loss; say which with --from, "
            "or write it with its module, as in code"
        )
    known = known_names(home or framework_of(call.path))
    name = call.name or str(call.choice)
    raise LosscopeError(
        f"no framework is known to have {name!r}"
        f"{confused(name) or did_you_mean(name, known)}; losscope losses lists every loss, "
        "losscope losses --in keras those of a framework"
    )


def _by_task(call: Call, text: str) -> list[Reading]:
    return [Reading(get(text, task=cls.tasks[0])) for cls in meanings(call.name)]


# -- the relation ------------------------------------------------------------------------------


def _translated(text: str, reading: Reading, target: Framework) -> Translation:
    loss = reading.loss
    missing = [_untranslated(setting, reading, target) for setting in reading.unread]
    if loss.options and not fitting(loss, target.name) and fitting(base_of(loss), target.name):
        missing += [_lost(option, target) for option in loss.options]
        reading = replace(reading, loss=base_of(loss))
    answers = tuple(_answer(reading, dialect) for dialect in _ranked(reading, target))
    return Translation(
        asked=text,
        source=reading.dialect.framework if reading.dialect else "losscope",
        loss=loss.spelling,
        title=loss.title,
        to=target.name,
        answers=answers,
        not_carried=tuple(missing),
        advice="" if answers else _advice(loss, target),
    )


def _untranslated(setting: str, reading: Reading, target: Framework) -> str:
    """What became of a setting, and what it is called there when it has a name there."""
    keyword = setting.partition("=")[0]
    option = reading.dialect.options.get(keyword) if reading.dialect else None
    if option == "class_weights":
        return f"{setting}: {_lost(option, target).partition(': ')[2]}"
    there = [
        word
        for dialect in fitting(base_of(reading.loss), target.name)
        for word, meant in dialect.options.items()
        if meant == option
    ]
    if option and there:
        holder = _holder(reading, target, option)
        return f"{setting}: {target.title} has {there[0]}= for it in {holder}"
    return f"{setting}: its effect is not translated"


def _holder(reading: Reading, target: Framework, option: str) -> str:
    """The call in a framework that knows an option."""
    found = fitting(base_of(reading.loss), target.name)
    return next(d for d in found if option in d.options.values()).template.callee


def _lost(option: str, target: Framework) -> str:
    """Why an option has no place in a framework, and where it can be put instead."""
    if option == "class_weights" and target.name == "keras":
        return f"{option}: no argument in Keras; give class_weight= to fit(), divided by N"
    if target.weights and option in ("class_weights", "pos_weight"):
        return f"{option}: no argument here; give each row its weight, {target.weights}="
    return f"{option}: {target.title} has no argument for it; change the targets or the loss"


def _ranked(reading: Reading, target: Framework) -> list[Dialect]:
    """Dialects of the loss in that framework, the nearest to what was asked first."""
    asked = reading.dialect
    output = (asked.outputs[0] if asked and asked.outputs else None) or reading.loss.output
    found = [d for d in fitting(reading.loss, target.name) if d.fits(output)]

    def distance(dialect: Dialect) -> tuple[Any, ...]:
        role = ("loss", "objective", "metric").index(dialect.role)
        if asked is None:
            return (role, dialect.takes != "raw_prediction" and reading.loss.output != "identity")
        return (role, dialect.takes != asked.takes, dialect.target != asked.target)

    return sorted(found, key=distance)


def _answer(reading: Reading, dialect: Dialect) -> Answer:
    loss, asked = base_of(reading.loss), reading.dialect
    mine = {**(asked.settings(loss.parameters) if asked else {}), **reading.settings}
    theirs = dialect.settings(loss.parameters)
    slope = "objective" in (dialect.role, asked.role if asked else "")
    reduction = reading.reduction if reading.reduction in ("sum", "batchmean") else "mean"
    above = factor_of(asked, loss, mine, reduction, slope=slope)
    apart = theirs.get("reduction") if reduction == "mean" else None
    below = factor_of(dialect, loss, theirs, apart or reduction, slope=slope)
    factor, power = above[0] / below[0], above[1] - below[1]
    offset = "0" if slope else offset_of((asked, dialect), loss, (mine, theirs), (factor, power))
    of = {"objective": "gradient", "metric": "value"}.get(dialect.role, "value and gradient")
    if asked and asked.role != "loss" and of == "value and gradient":
        of = {"objective": "gradient", "metric": "value"}[asked.role]
    executed = dialect.executed and (asked is None or asked.executed)
    code = _reduced(spell_with_options(reading.loss, dialect), dialect, reading.reduction)
    also = tuple(dialect.names_spelled(loss.parameters))
    return Answer(
        code=code,
        factor=factor,
        power=power,
        offset=offset,
        of=of,
        mind=differences(reading, dialect),
        brief=in_brief(reading, dialect),
        executed=executed,
        version=dialect.version,
        also=also,
    )


# -- what else differs --------------------------------------------------------------------------


def _reduced(code: str, dialect: Dialect, reduction: str) -> str:
    """The call with the reduction that was asked about, where it is not its own."""
    own = dialect.reduction or dialect.at.reduction
    wanted = reduction if reduction in ("sum", "none") else "mean"
    if dialect.role != "loss" or wanted == own:
        return code
    if "reduction=" in code:
        return code.replace('"batchmean"', f'"{wanted}"')
    if own == "none":
        return f"{code}.{wanted}()"
    words = dict(dialect.at.reductions)
    if wanted not in words:
        return code
    return f"{code[:-1]}{'' if code.endswith('()') else ', '}reduction={words[wanted]})"


def _advice(loss: Loss, target: Framework) -> str:
    if target.name in ("torch", "keras", "optax"):
        how = "write it yourself from its formula"
        return f"{target.title} has no spelling of it; {how}: losscope losses {loss.name}"
    return f"{target.title} has no spelling of it; it takes a gradient of yours instead"


__all__ = [
    "Answer",
    "Translation",
    "framework_named",
    "scale_text",
    "translate",
    "translations",
]
