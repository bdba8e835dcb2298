"""From a spelling in another framework to the loss, its parameters and the relation that holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain
from losscope.losses.arithmetic import names_in, solve
from losscope.losses.dialects import Dialect, Ours, number
from losscope.losses.frameworks import FRAMEWORKS, UNWRITTEN
from losscope.losses.options import with_options
from losscope.losses.reading import Call, Opaque
from losscope.losses.registry import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from losscope.losses.base import Loss

_CHOICES = ("loss", "objective")
_COMPOSED = ("label_smoothing", "pos_weight", "alpha", "class_weights")
_REDUCTIONS = {
    "mean": "mean",
    "sum_over_batch_size": "mean",
    "sum": "sum",
    "none": "none",
    None: "none",
    "batchmean": "batchmean",
}


@dataclass(frozen=True)
class Form:
    """One way to write a dialect of a loss: its own spelling, or another name for it."""

    loss: type[Loss]
    dialect: Dialect
    name: str
    settings: Mapping[str, Any]

    @property
    def choice(self) -> str | None:
        """The word behind `loss=` or `objective=`, where it decides."""
        words = [self.settings[k] for k in _CHOICES if isinstance(self.settings.get(k), str)]
        return words[0] if words else None


@dataclass(frozen=True)
class Reading:
    """A spelling understood.

    Parameters
    ----------
    loss : what it is here, with its parameters and options.
    dialect : the relation; None when the spelling was losscope's own.
    settings : their settings that enter the factor.
    reduction : "mean", "sum", "none", "batchmean", "rows", or "unreduced" where the framework
        leaves it to the caller and nothing was written.
    unread : settings whose effect is not known here, as written.
    """

    loss: Loss
    dialect: Dialect | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    reduction: str = "mean"
    unread: tuple[str, ...] = ()


class Mismatch(Exception):  # noqa: N818  (not an error of the user's: another form may fit)
    """Another form was written, with the reason."""


def forms() -> list[Form]:
    """Every way to write every dialect."""
    return list(_forms(tuple(catalogue().values())))


@cache
def _forms(losses: tuple[type[Loss], ...]) -> tuple[Form, ...]:
    return tuple(
        form for loss in losses for dialect in loss.dialects for form in _forms_of(loss, dialect)
    )


def _forms_of(loss: type[Loss], dialect: Dialect) -> Iterator[Form]:
    own = dialect.template
    yield Form(loss, dialect, own.callee.rpartition(".")[2], own.settings)
    for other in dialect.names:
        if "(" in other:
            template = replace(dialect, code=other).template
            yield Form(loss, dialect, template.callee.rpartition(".")[2], template.settings)
        elif not own.callee:  # another word for a booster's objective
            yield Form(loss, dialect, "", {**own.settings, "objective": other})
        else:
            yield Form(loss, dialect, other.rpartition(".")[2], own.settings)


def readings(call: Call, framework: str | None = None) -> list[Reading]:
    """What a spelling can mean, the plainest relation first; empty when nobody is called so.

    Raises
    ------
    LosscopeError : when the name is known but its settings are not.
    """
    named = _named(call, framework)
    found: list[tuple[tuple[int, ...], Reading]] = []
    reasons: list[str] = []
    for form in named:
        try:
            reading = bind(call, form)
            found.append(((len(reading.unread), *_strain(form)), reading))
        except Mismatch as reason:
            reasons.append(str(reason))
    if named and not found:
        raise LosscopeError(next((r for r in reasons if "did you mean" in r), reasons[0]))
    found.sort(key=lambda pair: pair[0])
    return _plainest([reading for _, reading in found])


def _plainest(found: list[Reading]) -> list[Reading]:
    """One reading for each framework and each output activation that is told apart by name."""
    kept: list[Reading] = []
    for reading in found:
        dialect = reading.dialect
        assert dialect is not None
        same = [k for k in kept if k.dialect and k.dialect.framework == dialect.framework]
        apart = all(
            dialect.outputs and k.dialect and not set(k.dialect.outputs) & set(dialect.outputs)
            for k in same
        )
        if not same or (apart and all(k.dialect and k.dialect.outputs for k in same)):
            kept.append(reading)
    return kept


def _strain(form: Form) -> tuple[int, ...]:
    """How far a relation is from equality; the least strained reading is meant."""
    dialect, loss = form.dialect, form.loss
    letters = bool(names_in(dialect.factor) - {"alpha"})
    elsewhere = bool(dialect.outputs) and dialect.takes == "prediction"
    across = loss.vector and dialect.unit == "elements" and dialect.takes == "prediction"
    return (
        bool(dialect.requires),
        dialect.offset not in ("0", "-1", "-1e-7", "-1e-8"),
        letters + elsewhere + across,
        dialect.role == "metric",
    )


def _named(call: Call, framework: str | None) -> list[Form]:
    """Forms whose name was written, letter by letter, or but for case and underscores."""
    home = framework or framework_of(call.path)
    known = [f for f in forms() if home in (None, f.dialect.framework)]
    if call.name:
        exact = [f for f in known if call.name in (f.name, f.choice)]
        return exact or [
            f for f in known if plain(call.name) in {plain(f.name), plain(f.choice or "")} - {""}
        ]
    choice = call.choice
    if choice is None:
        raise LosscopeError(
            f'{call.text!r} names no loss; write its name, or loss="…" or objective="…"'
        )
    return [
        f for f in known if choice == f.choice or ("loss" in call.settings and choice == f.name)
    ]


def framework_of(path: str) -> str | None:
    """The framework whose prefix stands before a name, or None."""
    if not path:
        return None
    fitting = [known.name for known in FRAMEWORKS.values() if path in known.prefixes]
    root = path.partition(".")[0]
    return fitting[0] if fitting else root if root in FRAMEWORKS else None


def bind(call: Call, form: Form) -> Reading:
    """Read the settings that were written against those of a form.

    Raises
    ------
    Mismatch : when it is another form.
    LosscopeError : when a parameter is out of its bounds.
    """
    given = _by_keyword(call, form)
    dialect = form.dialect
    parameters: dict[str, float] = dict(dialect.requires)
    settings: dict[str, Any] = {}
    for keyword, due in form.settings.items():
        if keyword == "reduction":
            continue
        unwritten = UNWRITTEN.get((call.name, keyword), _Absent)
        value = given.pop(keyword, dialect.defaults.get(keyword, unwritten))
        if isinstance(due, Ours):
            _take(parameters, due, value, keyword)
        elif keyword in dialect.free():
            settings[keyword] = _number(due if value is _Absent else value, keyword)
        elif keyword in _CHOICES and value is _Absent and call.name == due:
            continue  # the bare word "log_loss" is the choice itself
        elif value is _Absent or value != due:
            raise Mismatch(f"{keyword}={due!r} is wanted")
    reduction = call.reduction or _reduction(given, dialect)
    options, unread = _rest(given, form)
    loss = with_options(form.loss(**parameters), options)
    return Reading(loss, dialect, settings, reduction, tuple(unread))


class _Absent:
    """No value was written and no default of theirs is known to differ from ours."""


def _by_keyword(call: Call, form: Form) -> dict[str, Any]:
    given = dict(call.settings)
    if call.name and call.choice is not None and not form.name:
        given = {k: v for k, v in given.items() if k != "loss"}
    if not call.name and form.choice is None:
        given.pop("loss", None)  # compile(loss="huber"): the word is the name
    slots = [k for k, v in form.settings.items() if isinstance(v, Ours)]
    if call.positional and form.dialect.framework == "torch":
        raise Mismatch(f"write the settings of {form.name} by keyword; PyTorch's order is not read")
    if len(call.positional) > len(slots):
        raise Mismatch(
            f"{form.name} takes {len(slots)} settings here, {len(call.positional)} given"
        )
    return {**dict(zip(slots, call.positional, strict=False)), **given}


def _take(parameters: dict[str, float], due: Ours, value: Any, keyword: str) -> None:
    if value is _Absent:
        return  # their default is ours
    name, ours = solve(due.formula, _number(value, keyword))
    parameters[name] = ours


def _number(value: Any, keyword: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = value.text if isinstance(value, Opaque) else repr(value)
        raise Mismatch(f"{keyword} must be a number to be translated, got {shown}")
    return float(value)


def _reduction(given: dict[str, Any], dialect: Dialect) -> str:
    if "reduction" not in given:
        own = dialect.reduction or dialect.at.reduction
        return "unreduced" if own == "none" else own
    written = given.pop("reduction")
    if isinstance(written, Opaque) or written not in _REDUCTIONS:
        raise Mismatch(f"reduction={written!r} is not known")
    return _REDUCTIONS[written]


def _rest(given: dict[str, Any], form: Form) -> tuple[dict[str, Any], list[str]]:
    """Options that losscope composes, and what is left over."""
    options: dict[str, Any] = {}
    unread: list[str] = []
    dialect = form.dialect
    switches = set(dialect.switches.values())
    for keyword, value in given.items():
        default = dialect.defaults.get(keyword, _Absent)
        neutral = (
            keyword in dialect.at.neutral or value is None or (keyword == "axis" and value == -1)
        )
        if neutral or keyword in switches or (keyword not in dialect.options and value == default):
            continue
        if keyword in dialect.switches and given.get(dialect.switches[keyword]) is not True:
            continue  # alpha without apply_class_balancing does nothing
        option = dialect.options.get(keyword)
        if option in _COMPOSED and isinstance(value, float | int | tuple):
            if value != 0:
                options[option] = value
        elif option or default is not _Absent:
            unread.append(_written(keyword, value))
        else:
            raise_if_misspelt(keyword, form)
            unread.append(_written(keyword, value))
    for switch in switches & set(given):  # a switch without its setting: their default counts
        wanted = [k for k, s in dialect.switches.items() if s == switch and k not in given]
        if given[switch] is True and wanted:
            options |= {dialect.options[k]: float(dialect.defaults[k]) for k in wanted}
    return options, unread


def raise_if_misspelt(keyword: str, form: Form) -> None:
    """Complain about a setting that is nearly one that the form has."""
    dialect = form.dialect
    known = {*form.settings, *dialect.defaults, *dialect.options, *dialect.at.neutral, "reduction"}
    guess = did_you_mean(keyword, known)
    if guess:
        name = form.name or f"{form.choice!r}"
        raise Mismatch(f"{name} of {dialect.at.title} has no setting {keyword!r}{guess}")


def _written(keyword: str, value: Any) -> str:
    if isinstance(value, Opaque):
        return f"{keyword}={value.text}"
    exact = isinstance(value, float) and not isinstance(value, bool)
    return f"{keyword}={number(value) if exact else repr(value)}"


def known_names(framework: str | None = None) -> list[str]:
    """Names under which frameworks know losses."""
    found = [f for f in forms() if framework in (None, f.dialect.framework)]
    names = {name for f in found for name in (f.name, f.choice) if name}
    return sorted(names, reverse=True)  # of names alike but for case, that of the class is last


__all__ = ["Form", "Reading", "forms", "framework_of", "known_names", "readings"]
