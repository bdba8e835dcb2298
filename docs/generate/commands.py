"""A page for each command, from the options as Typer knows them."""

from __future__ import annotations

from functools import cache
from typing import Any

import typer.main

from losscope.cli import _frame

_INDEX = """# Commands

{about}

| command | |
|---|---|
"""


@cache
def group() -> Any:
    """The whole command line, as Typer builds it."""
    return typer.main.get_command(_frame.build())


def pages() -> dict[str, str]:
    """One page a command, and the list of them."""
    names = _frame.command_names()
    found = {f"commands/{name}.md": page(name) for name in names}
    rows = [f"| [`losscope {n}`]({n}.md) | {_first(_command(n).help)} |" for n in names]
    toc = ["```{toctree}", ":hidden:", "", *names, "```"]
    about = " ".join(group().help.split())
    found["commands/index.md"] = "\n".join(
        [_INDEX.format(about=about) + rows[0], *rows[1:], "", *toc, ""]
    )
    return found


def page(name: str) -> str:
    """One command: what it does, how it is called, and each option under its heading."""
    command = _command(name)
    headings: dict[str, list[str]] = {}
    for parameter in command.params:
        headings.setdefault(_heading(parameter), []).extend(_described(parameter))
    lines = [
        f"# `losscope {name}`",
        "",
        *(" ".join(part.split()) + "\n" for part in command.help.split("\n\n")),
        "```text",
        _usage(name, command),
        "```",
        "",
        f"```{{program}} losscope {name}",
        "```",
        "",
    ]
    for heading, described in headings.items():
        lines += [f"## {heading}", "", *described]
    return "\n".join(lines)


def expected() -> dict[str, list[str]]:
    """Page of each command, and what must stand on it: every option, and every word on it."""
    found = {}
    for name in _frame.command_names():
        words = []
        for parameter in _command(name).params:
            if not (parameter.help or "").strip():
                raise ValueError(f"losscope {name}: {_spelled(parameter)} has no help text")
            words += [_spelled(parameter).split()[0], parameter.help]
        found[f"commands/{name}"] = words
    return found


def _command(name: str) -> Any:
    return group().commands[name]


def _first(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _usage(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    words = [p.metavar if p.required else f"[{p.metavar}]" for p in arguments]
    many = ["..." if p.nargs != 1 else "" for p in arguments]
    shown = [a + b for a, b in zip(words, many, strict=True)]
    return " ".join(["losscope", name, *shown, "[OPTIONS]"])


def _heading(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return "Arguments"
    return getattr(parameter, "rich_help_panel", None) or "Options"


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    name = max(parameter.opts, key=len)
    return name if parameter.is_flag else f"{name} {parameter.metavar or ''}".strip()


def _described(parameter: Any) -> list[str]:
    default = parameter.default
    said = f" *Default: `{default}`.*" if _told(parameter, default) else ""
    return [f"```{{option}} {_spelled(parameter)}", f"{parameter.help}{said}", "```", ""]


def _told(parameter: Any, default: object) -> bool:
    """Whether the default says something that the help does not."""
    if parameter.param_type_name == "argument" or parameter.is_flag:
        return False
    return default not in (None, "", ()) and not callable(default)
