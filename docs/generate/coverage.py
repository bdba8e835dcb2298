"""What has no page, though the program has it."""

from __future__ import annotations

from collections.abc import Callable

from docs.generate import KINDS


def missing(text_of: Callable[[str], str | None]) -> list[str]:
    """Sentences, each about a page below docs/reference that is not there or lacks something.

    Parameters
    ----------
    text_of : text of a page by its path, such as "findings/LS001"; None where there is none.
    """
    found = []
    for kind in KINDS:
        for path, words in kind.expected().items():
            text = text_of(path)
            if text is None:
                found.append(f"reference/{path}: there is no such page")
                continue
            plain = " ".join(text.split())
            found += [
                f"reference/{path}: the page does not say {word!r}"
                for word in words
                if " ".join(word.split()) not in plain
            ]
    return found
