"""Lines that fit a terminal."""

import textwrap

WIDTH = 79


def wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    """Text in lines of at most 79 columns: `first` before the first, `indent` before the others."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=True,
        break_on_hyphens=False,
    ) or ([first.rstrip()] if first else [])
