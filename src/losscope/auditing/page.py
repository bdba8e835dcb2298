"""The audit as one page that opens without a network: verdicts, findings, the recovered curve."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from losscope.auditing import screen

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem;
       color: #1b1b1b; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
pre { background: #f6f6f4; padding: .8rem; overflow-x: auto; font-size: 13px; line-height: 1.45; }
.line { display: block; } .at { background: #ffe9b8; font-weight: 600; }
.finding { border-left: 4px solid #b3541e; padding-left: 1rem; margin: 1rem 0; }
del { color: #8a1f11; text-decoration: none; } ins { color: #1c5f2a; text-decoration: none; }
figure { margin: 1rem 0; } figcaption { font-size: 13px; color: #444; }
@media (prefers-color-scheme: dark) {
  body { color: #e8e8e6; background: #17181a; } pre { background: #222427; }
  .at { background: #5a4310; } svg text { fill: #e8e8e6; } figcaption { color: #bbb; }
  del { color: #ff9d8a; } ins { color: #8fd79d; }
}
"""
_WIDTH, _HEIGHT, _PAD = 420, 260, 44
_COLOURS = ("#1f5fa8", "#b3541e", "#3b7d3a", "#7a4fa3")


def write(answers: list[tuple[Path, dict[str, Any]]]) -> str:
    """Write a page for one audit or for several."""
    body = []
    for path, answer in answers:
        if "cannot" in answer:
            body.append(
                f"<h1>{_text(path.name)}</h1><p>Could not audit: {_text(answer['cannot'])}</p>"
            )
            continue
        for report in answer["reports"]:
            listing = _listing(answer["text"], answer["sections"], report)
            body.append(_report(path.name, report) + listing)
    title = ", ".join(path.name for path, _ in answers)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>losscope audit: {_text(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _text(value: Any) -> str:
    return html.escape(str(value))


def _report(name: str, report: dict[str, Any]) -> str:
    count = len(report["findings"])
    parts = [f"<h1>{_text(name)}: {count or 'no'} finding{'' if count == 1 else 's'}</h1>"]
    if report["reading"]:
        parts.append(f"<p>Reading: {_text(report['reading'])}.</p>")
    lines = screen.render(report).split("\n\n")
    titles = ("Printed values", "What the update descends")
    for title, block in zip(titles, lines, strict=False):
        parts.append(f"<h2>{title}</h2><pre>{_text(block)}</pre>")
    parts.append(f"<h2>The loss that the code descends</h2>{_figures(report)}")
    if report["findings"]:
        parts.append("<h2>Findings</h2>")
    parts += [_finding(report, f) for f in report["findings"]]
    return "".join(parts)


def _finding(report: dict[str, Any], finding: dict[str, Any]) -> str:
    repair = finding["repair"]
    shown = ""
    if repair is not None:
        if repair["moved_below"]:
            here, below = (screen.at(report, repair[k]) for k in ("line", "moved_below"))
            change = f"{_text(here)} moved below {_text(below)}"
        else:
            change = (
                f"<del>- {_text(repair['before'])}</del>\n<ins>+ {_text(repair['after'])}</ins>"
            )
        state = "confirmed by experiment" if repair["confirmed"] else "helps, but is not all"
        shown = (
            f"<pre>{change}</pre><p>Residual {repair['residual_before']:.2g} → "
            f"{repair['residual_after']:.2g}: {state}. {_text(repair['effect'])}</p>"
        )
    return (
        f"<div class='finding'><strong>{_text(finding['code'])}</strong> {_text(finding['text'])}"
        f"{shown}</div>"
    )


def _listing(text: str, sections: list[tuple[str, int]], report: dict[str, Any]) -> str:
    """Write the program out, each cell and file for itself, the lines of findings marked."""
    marked = {f["line"] for f in report["findings"]}
    lines = text.rstrip("\n").split("\n")
    starts = [first for _, first in sections[1:]] + [len(lines) + 1]
    out = ["<h2>The program</h2>"]
    for (name, first), end in zip(sections or [("", 1)], starts, strict=True):
        rows = []
        for number in range(first, end):
            style = "line at" if number in marked else "line"
            line = _text(lines[number - 1])
            rows.append(f"<span class='{style}'>{number - first + 1:>4}  {line}</span>")
        out.append((f"<h3>{_text(name)}</h3>" if name else "") + f"<pre>{''.join(rows)}</pre>")
    return "".join(out)


def _figures(report: dict[str, Any]) -> str:
    curve = report["curve"]
    if not curve or not curve["descended"]:
        return "<p>No output gradient explains the update, so there is no curve to draw.</p>"
    note = (
        f"From {_text(curve['how'])}; it leaves {curve['residual']:.1g} of the update. "
        f"Each loss is the integral of its slope, up to a constant."
    )
    out = []
    for key, title in (("loss", "loss"), ("slope", "slope: what reaches the weights")):
        out.append(_chart(curve, key, title))
    said = f"<p>{note}</p>" + "".join(out)
    if curve["printed"]:
        said += f"<p>Dashed: {_text(curve['printed_title'])}, the loss that the code prints.</p>"
    return said


def _chart(curve: dict[str, Any], key: str, title: str) -> str:
    lines = [(line, False) for line in curve["descended"]] + [
        (line, True) for line in curve["printed"]
    ]
    scaled = [
        (line, dashed, _scaled(line[key], curve, key, dashed=dashed)) for line, dashed in lines
    ]
    xs = [x for line, _, _ in scaled for x in line["x"]]
    ys = [y for _, _, values in scaled for y in values]
    low, high = min(xs), max(xs)
    bottom, top = min(ys), max(ys)
    wide, tall = (high - low) or 1.0, (top - bottom) or 1.0

    def place(x: float, y: float) -> str:
        across = _PAD + (x - low) / wide * (_WIDTH - 2 * _PAD)
        up = _HEIGHT - _PAD - (y - bottom) / tall * (_HEIGHT - 2 * _PAD)
        return f"{across:.1f},{up:.1f}"

    drawn = []
    for number, (line, dashed, values) in enumerate(scaled):
        colour = _COLOURS[number % max(1, len(curve["descended"])) % len(_COLOURS)]
        dash = " stroke-dasharray='6 4'" if dashed else ""
        points = " ".join(place(x, y) for x, y in zip(line["x"], values, strict=True))
        drawn.append(
            f"<polyline fill='none' stroke='{colour}' stroke-width='2'{dash} points='{points}'/>"
        )
        if values:
            end = place(line["x"][-1], values[-1]).split(",")
            drawn.append(
                f"<text x='{float(end[0]) - 4:.0f}' y='{float(end[1]) - 6:.0f}' font-size='11' "
                f"text-anchor='end'>{_text(line['title'])}</text>"
            )
    axis = _text(f"{curve['descended'][0]['axis']} ({curve['prediction']}, {curve['target']})")
    label = re.sub(r"\s+", " ", title)
    return (
        f"<figure style='display:inline-block'><svg width='{_WIDTH}' height='{_HEIGHT}' role='img' "
        f"aria-label='{_text(label)}'><rect x='{_PAD}' y='{_PAD}' width='{_WIDTH - 2 * _PAD}' "
        f"height='{_HEIGHT - 2 * _PAD}' fill='none' stroke='#999'/>{''.join(drawn)}"
        f"<text x='{_PAD}' y='{_HEIGHT - 24}' font-size='11'>{low:.3g}</text>"
        f"<text x='{_WIDTH - _PAD}' y='{_HEIGHT - 24}' font-size='11' text-anchor='end'>{high:.3g}</text>"  # noqa: E501 - a sentence or a table row
        f"<text x='{_WIDTH / 2}' y='{_HEIGHT - 8}' font-size='12' text-anchor='middle'>{axis}</text>"  # noqa: E501 - a sentence or a table row
        f"</svg><figcaption>{_text(title)}</figcaption></figure>"
    )


def _scaled(values: list[float], curve: dict[str, Any], key: str, *, dashed: bool) -> list[float]:
    """Bring both losses to one height: losses of different kinds share no unit."""
    group = curve["printed"] if dashed else curve["descended"]
    size = max((abs(v) for line in group for v in line[key]), default=1.0) or 1.0
    return [v / size for v in values]
