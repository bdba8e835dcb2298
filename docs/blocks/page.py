"""A page of Markdown as the blocks in it, and each block as steps that are run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

RUN = ("console", "pycon", "python", "sh")
SHOWN = ("text",)  # read, never run
_NOTE = re.compile(r"<!--\s*(file|not run|exit)\s*:\s*(.*?)\s*-->", re.DOTALL)
_PROMPTS = {"console": ("$ ", ""), "pycon": (">>> ", "... ")}


class PageError(ValueError):
    """A block that is written in a way that nobody can run; says page and line."""


@dataclass(frozen=True)
class Step:
    """A command or statement, and what the page shows below it.

    Parameters
    ----------
    source : without its prompts.
    shown : lines of output.
    first, last : lines of the page, counted from 0, that hold `shown`; `last` is beyond it.
    indent : what stands before each of them, in a list for instance.
    """

    source: str
    shown: list[str]
    first: int
    last: int
    indent: str


@dataclass(frozen=True)
class Block:
    """A fence with the notes that stand before it, and its place in the page."""

    page: Path
    line: int  # of the opening fence, counted from 1
    language: str
    text: str
    notes: dict[str, str]
    indent: str

    @property
    def place(self) -> str:
        """`docs/page.md:41`, where an editor finds it."""
        return f"{self.page}:{self.line}"

    @property
    def exit_codes(self) -> set[int]:
        """Codes with which its commands may end; the one that is named must occur."""
        return {0, int(self.notes.get("exit", 0))}

    def steps(self) -> list[Step]:
        """Commands of a `console` block or statements of a `pycon` block, in order."""
        head, more = _PROMPTS[self.language]
        lines = self.text.splitlines()
        starts = [i for i, line in enumerate(lines) if (line + " ").startswith(head)]
        if not starts or any(line.strip() for line in lines[: starts[0]]):
            raise PageError(f"{self.place}: a {self.language} block begins with {head.strip()!r}")
        steps = []
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            at = start + 1
            if more:
                while at < end and (lines[at] + " ").startswith(more):
                    at += 1
            else:
                while at < end and lines[at - 1].endswith("\\"):
                    at += 1
            words = [lines[start][len(head) :]]
            words += [line[len(more) :] for line in lines[start + 1 : at]]
            first = self.line + at
            steps.append(Step("\n".join(words), lines[at:end], first, self.line + end, self.indent))
        return steps


def blocks(page: Path, text: str) -> list[Block]:
    """Every fence of a page, with its notes.

    Raises
    ------
    PageError
        For a language that is neither run nor said to be only shown, or a note without its text.
    """
    found = list(_fences(page, text))
    for block in found:
        _check(block)
    return found


def _fences(page: Path, text: str) -> Iterator[Block]:
    lines = text.splitlines()
    notes: dict[str, str] = {}
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "html_block":
            notes |= dict(_NOTE.findall(token.content))
        elif token.type == "fence":
            assert token.map is not None
            opening = lines[token.map[0]]
            yield Block(
                page=page,
                line=token.map[0] + 1,
                language=token.info.strip(),
                text=token.content,
                notes=notes,
                indent=opening[: opening.index(token.markup)],
            )
            notes = {}
        elif token.nesting <= 0:  # anything else between a note and a fence parts them
            notes = {}


def _check(block: Block) -> None:
    for name, said in block.notes.items():
        if not said:
            raise PageError(f"{block.place}: the note '{name}:' says nothing after its colon")
    if not block.notes.get("exit", "0").isdigit():
        raise PageError(f"{block.place}: the note 'exit:' expects a number")
    if block.language.startswith("{") or {"file", "not run"} & set(block.notes):
        return  # a directive of the page, a file, or a reason why it is not run
    if block.language not in RUN + SHOWN:
        raise PageError(
            f"{block.place}: a block of {block.language or 'no language'} is run by nobody; use "
            f"{', '.join(RUN + SHOWN)}, or say before it <!-- file: NAME --> or "
            "<!-- not run: REASON -->"
        )
