"""Code as people paste it: names left out, some of which have two usual readings."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from losscope.auditing.source import Source, parse, undefined_names
from losscope.auditing.trouble import CannotAudit

_DERIVATIVE = re.compile(
    r"^(d_?|der(iv(ative)?)?_?)?(sigmoid|tanh|relu)_?(d|der|deriv|derivative|prime|grad(ient)?|backward)?$",
    re.IGNORECASE,
)
_FORMS = {
    "sigmoid": (
        ("of the activation, a (1 − a)", "lambda a: a * (1 - a)"),
        (
            "of the pre-activation, σ(z) (1 − σ(z))",
            "lambda z: 1 / (1 + __import__('numpy').exp(-z)) * (1 - 1 / (1 + __import__('numpy').exp(-z)))",  # noqa: E501 - a sentence or a table row
        ),
    ),
    "tanh": (
        ("of the activation, 1 − a²", "lambda a: 1 - a ** 2"),
        ("of the pre-activation, 1 − tanh²(z)", "lambda z: 1 - __import__('numpy').tanh(z) ** 2"),
    ),
    "relu": (("of either, 1 where positive", "lambda z: (z > 0) * 1.0"),),
}
_PLAIN = {
    "sigmoid": "lambda z: 1 / (1 + __import__('numpy').exp(-z))",
    "tanh": "__import__('numpy').tanh",
    "relu": "lambda z: __import__('numpy').maximum(z, 0)",
    "np": "__import__('numpy')",
    "numpy": "__import__('numpy')",
}


def readings(source: Source) -> list[tuple[str, Source]]:
    """Give the program under each reading of its undefined names; itself when none is missing.

    Raises
    ------
    CannotAudit
        When names are missing that have no usual reading; the sentence lists them.
    """
    missing = undefined_names(source.tree)
    if not missing:
        return [("", source)]
    fixed, choices, unknown = _sorted(missing)
    if unknown:
        listed = ", ".join(f"{name} (line {line})" for name, line in unknown)
        raise CannotAudit(
            f"{source.path} is a fragment: {listed} {'is' if len(unknown) == 1 else 'are'} not "
            "defined. Define them in a file of their own and name it: --setup FILE."
        )
    out = []
    for place in range(max([len(forms) for _, forms in choices], default=1)):
        lines, said = list(fixed), []
        for name, forms in choices:
            words, code = forms[min(place, len(forms) - 1)]
            lines.append(f"{name} = {code}")
            said.append(f"{name} is not defined; read as the derivative in terms {words}")
        out.append(("; ".join(said), _with(source, lines)))
    return out


def _sorted(
    missing: list[tuple[str, int]],
) -> tuple[list[str], list[tuple[str, tuple[tuple[str, str], ...]]], list[tuple[str, int]]]:
    fixed, choices, unknown = [], [], []
    for name, line in missing:
        plain = _PLAIN.get(name)
        found = _DERIVATIVE.match(name)
        if plain is not None:
            fixed.append(f"{name} = {plain}")
        elif found and (found.group(1) or found.group(5)):
            choices.append((name, _FORMS[found.group(4).lower()]))
        else:
            unknown.append((name, line))
    return fixed, choices, unknown


def _with(source: Source, lines: list[str]) -> Source:
    """Put definitions before the program without moving its lines."""
    extra = parse(source.path, "\n".join(lines)).tree.body
    for statement in extra:
        for node in ast.walk(statement):
            if hasattr(node, "lineno"):
                vars(node).update(lineno=0, end_lineno=0)
    return replace(source, tree=ast.Module([*extra, *source.tree.body], []))
