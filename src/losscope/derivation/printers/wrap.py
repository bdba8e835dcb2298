"""Long lines broken where a person would: at the operators outside brackets."""

from __future__ import annotations

_CODE = ((" | ", " & "), (" + ", " - "), (" * ", " / ", " @ "), (", ",))


def code_line(name: str, source: str, *, indent: int = 4, width: int = 88) -> list[str]:
    """`name = source` as one line, or as several inside brackets.

    The code means the same however it is broken.
    """
    lead = " " * indent
    whole = f"{lead}{name} = {source}"
    if len(whole) <= width:
        return [whole]
    return [f"{lead}{name} = (", *_broken(source, indent + 4, width), f"{lead})"]


def _broken(source: str, indent: int, width: int) -> list[str]:
    lead = " " * indent
    if len(lead + source) <= width:
        return [lead + source]
    for operators in _CODE:
        pieces = split_outside(source, operators)
        if len(pieces) > 1:
            lines: list[str] = []
            for piece in pieces:
                lines += _broken(piece, indent, width)
            return lines
    opening, end = source.find("("), "," if source.endswith(",") else ""
    closed = source.removesuffix(",")
    if opening < 0 or not closed.endswith(")"):
        return [lead + source]
    head, inside = closed[: opening + 1], closed[opening + 1 : -1]
    return [lead + head, *_broken(inside, indent + 4, width), f"{lead}){end}"]


_TEXT = ((" + ", " − "), (" ∘ ", " / "), (", ",), (" ",))


def text_lines(
    text: str, width: int, *, indent: str, at: tuple[str, ...] | None = None
) -> list[str]:
    """Wrap mathematics at its outermost signs, deeper ones only where that does not help."""
    if len(text) <= width:
        return [text]
    lines, rest = [], text
    while len(rest) > width:
        cut = _cut_place(rest, width, len(indent), (at,) if at else _TEXT)
        if not cut:
            break
        lines.append(rest[:cut].rstrip())
        rest = indent + rest[cut:].lstrip()
    return [*lines, rest]


def _cut_place(text: str, width: int, indent: int, operators: tuple[tuple[str, ...], ...]) -> int:
    """Where to break: the last sign that fits, of the least depth; a bare space comes last."""
    found: list[tuple[bool, int, int, int]] = []
    depth = 0
    for place, letter in enumerate(text[: width + 1]):
        depth += (letter in "([{") - (letter in ")]}")
        cut = place + 1 if letter == "," else place
        if cut < max(width // 3, indent + 8) or cut > width:
            continue
        for rank, group in enumerate(operators):
            if text.startswith(group, place):
                found.append((group == (" ",), depth, rank, -cut))
    return -min(found)[-1] if found else 0


def split_outside(source: str, operators: tuple[str, ...], brackets: str = "([{)]}") -> list[str]:
    """Split before operators (after commas) that stand outside brackets."""
    pieces, depth, start, place = [], 0, 0, 0
    opening, closing = brackets[: len(brackets) // 2], brackets[len(brackets) // 2 :]
    while place < len(source):
        depth += (source[place] in opening) - (source[place] in closing)
        found = next((op for op in operators if source.startswith(op, place)), None)
        if depth == 0 and found and place > start:
            cut = place + 1
            pieces.append(source[start:cut].rstrip())
            start = cut if found.startswith(" ") else cut + 1
            if found.startswith(" "):
                start = place + 1
            place += len(found)
        else:
            place += 1
    pieces.append(source[start:])
    return [piece.strip() for piece in pieces if piece.strip()]
