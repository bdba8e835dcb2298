"""What `losscope translate` prints."""

import dataclasses
import json

from losscope.cli._text import wrapped
from losscope.losses.frameworks import FRAMEWORKS
from losscope.losses.translation import Answer, Translation, translations

_LABEL = 13


def shown(text: str, to: str, source: str | None, *, as_json: bool) -> list[str]:
    """For each loss that the text can mean, its spelling and the factor, in lines."""
    found = translations(text, to, source)
    if as_json:
        plain = [dataclasses.asdict(each) for each in found]
        return [json.dumps(plain, ensure_ascii=False)]
    lines: list[str] = []
    if len(found) > 1:
        lines += [*wrapped(f"{text} means {len(found)} losses, by the task.", ""), ""]
    for each in found:
        lines += [*_one(each), ""]
    return lines[:-1]


def _one(found: Translation) -> list[str]:
    there = FRAMEWORKS[found.source].title if found.source in FRAMEWORKS else found.source
    here = FRAMEWORKS[found.to].title
    lines = _row(there, found.asked)
    lines += _row("", f"is {found.spelled_title}")
    if not found.answers:
        lines += _row(here, found.advice)
    else:
        first, *others = found.answers
        lines += _row(here, _equal(first))
        lines += _row("", _checked(first, here))
        for sentence in first.mind:
            lines += _row("", sentence)
        for i, name in enumerate(first.also):
            lines += _row("" if i else "also", _short(name))
        for i, other in enumerate(others):
            lines += _row("" if i else "or", _equal(other) + _only(other))
    for setting in found.not_carried:
        lines += _row("not carried", setting)
    return lines


def _equal(answer: Answer) -> str:
    scale = "" if answer.scale == "1" else f"{answer.scale} × "
    offset = "" if answer.offset == "0" else _signed(answer.offset)
    return f"= {scale}{answer.code}{offset}"


def _signed(offset: str) -> str:
    sign = "" if offset.startswith(("−", "+")) else "+ "
    return f" {sign}{offset}".replace(" −", " − ").replace("−  ", "− ")


def _short(call: str) -> str:
    """An estimator without its module: sklearn.svm.SVR(epsilon=1) as SVR(epsilon=1)."""
    name, bracket, rest = call.partition("(")
    return name.rpartition(".")[2] + bracket + rest


def _only(answer: Answer) -> str:
    only = () if answer.of == "value and gradient" else (f"{answer.of} only",)
    said = (*only, *answer.brief)
    return f"  ({', '.join(said)})" if said else ""


def _checked(answer: Answer, here: str) -> str:
    how = "executed" if answer.executed else "read, not executed,"
    of = answer.of[0].upper() + answer.of[1:]
    only = "" if answer.of == "value and gradient" else " only"
    return f"{of}{only}; {how} with {here} {answer.version}."


def _row(label: str, text: str) -> list[str]:
    return wrapped(text, " " * _LABEL, label.ljust(_LABEL))
