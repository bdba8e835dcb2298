"""A comparison on one screen of the terminal: 80 columns, about 25 lines.

Nothing is said by colour, and nothing needs a terminal: the same characters go into a pipe.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from losscope.report import reading
from losscope.report.asides import threshold_sentences
from losscope.report.numbers import NOTHING, decimals, finite, fixed, plain
from losscope.report.words import second_difference, setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from losscope.report.reading import Result

WIDTH = 80
_HEAD, _FOOT = 9, 10  # columns that the words on the left take, above and below the table
_MOST_SENTENCES = 4
_LONG, _MOST_ITEMS = 320, 3
_NAME_LENGTHS = (26, 20, 16, 12, 8)
_OF_RAW = "  # of z"  # left out where the line would grow too long: it is the usual case
_GLUE = "\N{WORD JOINER}"  # stands for a space at which no line ends
_PLAIN = str.maketrans("−–×·→≈≠=∘²ᵀσ…", "--x.>~#=*2Ts.")


def render(result: Result, console: Console, *, page: str | None = None) -> None:
    """Print a comparison's result.

    Parameters
    ----------
    result
        The dictionary of `Comparison.to_dict()`.
    console
        Where to print; its width counts up to 100 columns, and 80 where it is a pipe.
    page
        Path of the page that was written, to be named in the last line.
    """
    for line in lines(result, width=min(console.width, 100), page=page):
        # Not console.print: where the reader has gone (`| head`), Rich ends the program with 1.
        console.file.write(_writable(line, console.encoding) + "\n")


def lines(result: Result, *, width: int = WIDTH, page: str | None = None) -> list[str]:
    """Give the lines that `render` prints."""
    made = [line for head, text in setting(result) for line in _hang(head, text, _HEAD, width)]
    made += ["", *_table(result, width), ""]
    made += [line for head, text in _findings(result) for line in _hang(head, text, _FOOT, width)]
    made += list(_use(result))
    if page is not None:
        again = f"again: losscope report {_show(result['name'])}"
        line = _pad("Page", _FOOT) + _show(page)
        fits = _cells(line) + 4 + _cells(again) <= width
        made += [f"{line}    {again}"] if fits else [line, _pad("", _FOOT) + again]
    return made


def _table(result: Result, width: int) -> list[str]:
    """Lay out the table, with names as long as there is room for."""
    for most in _NAME_LENGTHS:
        made = _laid_out(result, width, most)
        if max(map(_cells, made)) <= width:
            break
    return made


def _laid_out(result: Result, width: int, most: int) -> list[str]:
    """Lay out the table; descriptive metrics stand on its right as far as there is room."""
    losses, baselines = result["table"], result["baselines"]
    reference = next((r["loss"] for r in losses if r["minus_reference"] is None), None)
    columns = [
        ["trained with", *[_short(row["loss"], most) for row in losses], *[""] * len(baselines)],
        ["lr", *[plain(r["learning_rates"]["median"]) for r in losses], *[""] * len(baselines)],
        _metric_column(result, result["metric"]),
    ]
    titles = [_show(baseline["title"]) for baseline in baselines]
    longest = max(map(_cells, titles), default=0)
    if longest + 2 <= width // 3:  # a baseline has no learning rate: its title takes both columns
        columns[0][0] = columns[0][0].ljust(longest - _widest(columns[1]))
    differences = [_difference(result, row) for row in losses]
    if any(d[0] for d in differences):
        columns.append(
            [
                f"minus {_short(reference, min(most, 12))} [95 %]",
                *[d[0] for d in differences],
                *[""] * len(baselines),
            ]
        )
        columns.append(["better", *[d[1] for d in differences], *[""] * len(baselines)])
    for metric in reading.other_metrics(result):
        column = _metric_column(result, metric)
        if sum(_widest(c) + 2 for c in [*columns, column]) - 2 <= width:
            columns.append(column)
    widths = [_widest(column) for column in columns]
    made = [
        "  ".join(
            _pad(cell, w, right=i > 0) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in zip(*columns, strict=True)
    ]
    for place, title in enumerate(titles, start=1 + len(losses)):
        made[place] = _over("  " + title, made[place])
    return made


def _over(title: str, line: str) -> str:
    """Put a baseline's title where its row is blank; it has no learning rate, so there is room."""
    blank = len(line) - len(line.lstrip())
    if _cells(title) >= blank:
        title = _first(title, max(blank - 2, 3)) + "…"
    return _pad(title, blank) + line.lstrip()


def _metric_column(result: Result, metric: Any) -> list[str]:
    """Give one metric's column: title, losses, baselines; means over seeds, test rows."""
    rows = [*result["table"], *result["baselines"]]
    means = [(row["metrics"].get(metric["name"]) or {}).get("mean") for row in rows]
    places = decimals(means[: len(result["table"])], 3)
    return [_show(metric["title"]), *[fixed(mean, places) for mean in means]]


def _difference(result: Result, row: Any) -> tuple[str, str]:
    """Write `−0.053 [−0.097, −0.015]` and on how many of the seeds the loss was better."""
    against = row["minus_reference"]
    if against is None:
        return "", ""
    if finite(against["difference"]) is None:
        return NOTHING, ""
    every = [r["minus_reference"] for r in result["table"] if r["minus_reference"]]
    ends = [finite(a[end]) for a in every for end in ("low", "high")]
    places = min(decimals([e for e in ends if e], 2), 4)
    low, high = (fixed(against[end], places) for end in ("low", "high"))
    said = f"{fixed(against['difference'], places, sign=True)} [{low}, {high}]"
    return said, f"{against['wins']}/{against['seeds']}"


def _findings(result: Result) -> Iterator[tuple[str, str]]:
    """Say what was found, in the verdict's own sentences."""
    verdict = result["verdict"]
    for head, key in (("Learning", "learning"), ("Result", "result")):
        sentences = verdict[key]["sentences"]
        said = [_shortened(sentence) for sentence in sentences[:_MOST_SENTENCES]]
        if len(sentences) > _MOST_SENTENCES:
            said.append(f"… and {len(sentences) - _MOST_SENTENCES} more on the page.")
        if key == "learning" and said:
            yield head, " ".join(said)  # one paragraph; results stand each on their own line
        else:
            yield from ((head if i == 0 else "", sentence) for i, sentence in enumerate(said))
    for i, sentence in enumerate(threshold_sentences(result)):
        yield "Decisions" if i == 0 else "", sentence
    second = second_difference(result)
    said = verdict["what_differed"]["sentence"]
    if said or second:
        yield "Differs", " ".join(filter(None, (said, second)))


def _shortened(sentence: str) -> str:
    """Leave out the middle of a long list of losses or pairs; the page has it whole."""
    items = sentence.split("; ")
    left_out = len(items) - _MOST_ITEMS
    if left_out < 2 or len(sentence) < _LONG:  # "1 more" is hardly shorter than what it hides
        return sentence
    end = re.search(r"[.] [A-Z]| \(median over", items[-1])  # what is said of the whole list
    rest = items[-1][end.start() :] if end else "."
    return f"{'; '.join(items[:_MOST_ITEMS])}; and {left_out} more (on the page){rest}"


def _use(result: Result) -> Iterator[str]:
    """Give the lines of code that spell the chosen loss; never wrapped: they are to be copied.

    Behind each stands what it takes: z, the raw predictions, or what the output activation made.
    """
    chosen = reading.loss_of(result, result["verdict"]["chosen"])
    head = "Use"
    for framework in ("torch", "keras"):
        if chosen[framework]:
            label = _short(chosen["label"])
            line = f"{_pad(head, _FOOT)}{label} in {framework}  {_show(chosen[framework])}"
            of = _fed(chosen.get("takes", {}).get(framework), chosen["output"])
            yield line if of == _OF_RAW and _cells(line + of) > WIDTH else line + of
            head = ""


def _fed(words: str | None, output: str) -> str:
    if not words:
        return ""
    if words.startswith("raw") or output == "identity":
        return _OF_RAW
    return f"  # of {'log ' if words.startswith('log-') else ''}{output}(z)"


def _hang(head: str, text: str, indent: int, width: int) -> list[str]:
    """Wrap text beside its heading, counting wide characters as two columns."""
    found, line = [], ""
    whole = re.sub(r"(?<=\d) (?=%)|(?<=\bp [=<]) |(?<=\bp) (?=[=<])", _GLUE, _show(text))
    for word in (w.replace(_GLUE, " ") for w in _words(whole, width - indent)):
        if line and _cells(line) + 1 + _cells(word) > width - indent:
            found.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    first, *others = [*found, line]
    return [_pad(head, indent) + first, *[" " * indent + other for other in others]]


def _words(text: str, width: int) -> Iterator[str]:
    """Give the words, cutting those that no line could hold."""
    for word in text.split():
        rest = word
        while _cells(rest) > width:
            yield (piece := _first(rest, width))
            rest = rest[len(piece) :]
        yield rest


def _pad(text: str, width: int, *, right: bool = False) -> str:
    blank = " " * (width - _cells(text))
    return blank + text if right else text + blank


def _widest(column: Sequence[str]) -> int:
    return max(_cells(cell) for cell in column)


def _short(label: Any, most: int = _NAME_LENGTHS[0]) -> str:
    """Show a label, cut where it would take more room than that."""
    text = _show(label)
    return text if _cells(text) <= most else _first(text, most - 1) + "…"


def _first(text: str, width: int) -> str:
    """Give as much of a text as so many columns hold, and at least one letter."""
    end = len(text)
    while end > 1 and _cells(text[:end]) > width:
        end -= 1
    return text[:end]


def _show(text: Any) -> str:
    """Make control characters visible, so that a column's name cannot command the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _writable(text: str, encoding: str) -> str:
    """Spell what the encoding cannot: our own signs by plain ones, others by their number."""
    if encoding.lower().replace("-", "") in {"utf8", "utf16", "utf32"}:
        return text
    return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
