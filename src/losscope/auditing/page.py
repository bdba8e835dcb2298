"""The audit as one page that opens without a network: verdicts, findings, the recovered curve."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from losscope.auditing import screen
from losscope.auditing.figure import figures

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #555; --paper: #fff; --box: #f5f5f2;
  --mark: #ffe9b8; --edge: #b3541e; --good: #1c5f2a; --bad: #8a1f11;
  --c0: #1f5fa8; --c1: #b3541e; --c2: #3b7d3a; --c3: #7a4fa3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e6; --soft: #b5b5b0; --paper: #17181a;
  --box: #222427; --mark: #55410f; --edge: #e08a52; --good: #8fd79d; --bad: #ff9d8a;
  --c0: #7db3f0; --c1: #f0a06f; --c2: #86c986; --c3: #c3a0e6; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font-size: 1rem; }
p { margin: .4rem 0; } .first { font-weight: 600; } a { color: inherit; }
.wide { overflow-x: auto; } table { border-collapse: collapse; white-space: nowrap; }
td, th { padding: .25rem 1.4rem .25rem 0; text-align: left; }
tr > :last-child { padding-right: 0; }
th { font-weight: 400; color: var(--soft); } td.yes { color: var(--good); }
td.no { color: var(--bad); font-weight: 600; }
@media (max-width: 32rem) { table { font-size: 13px; } td, th { padding-right: .6rem; } }
pre { background: var(--box); padding: .8rem; overflow-x: auto; font-size: 13px; line-height: 1.5;
  border-radius: 4px; overflow-wrap: normal; }
.line { display: block; width: max-content; min-width: 100%; } .at { background: var(--mark); }
.finding { border-left: 4px solid var(--edge); padding-left: 1rem; margin: 1.2rem 0; }
del { color: var(--bad); text-decoration: none; } ins { color: var(--good); text-decoration: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
figure { margin: .8rem 0; max-width: 29rem; } svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 13px; } polyline { fill: none; stroke-width: 2.2; }
line { stroke: var(--soft); } line.zero { stroke-opacity: .35; }
figcaption { font-size: 14px; color: var(--soft); padding-left: 14px; }
.c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); }
.c3 { stroke: var(--c3); } .key::before { content: "\\2014\\2009"; font-weight: 700; }
.key { margin-left: .8rem; white-space: nowrap; } .k0::before { color: var(--c0); }
.k1::before { color: var(--c1); } .k2::before { color: var(--c2); }
.k3::before { color: var(--c3); }
"""


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
    if open_ones := screen.unsettled(report):
        names = _text(", ".join(open_ones))
        parts.append(f"<p>What {names} follows was not established.</p>")
    if report["reading"]:
        parts.append(f"<p>Reading: {_text(report['reading'])}.</p>")
    parts += [_said("Are the printed values used?", screen.printed(report))]
    parts += [_said("What does the update descend?", [screen.descended(report)]), _table(report)]
    parts += [f"<p>{_text(sentence)}</p>" for sentence in screen.remarks(report)]
    parts.append(
        f"<h2>The loss that the code descends</h2>{figures(report['curve'], report['loss'])}"
    )
    if report["findings"]:
        parts.append("<h2>Findings</h2>")
    parts += [_finding(report, f) for f in report["findings"]]
    return "".join(parts)


def _said(title: str, sentences: list[str]) -> str:
    """Write a question and its answer, the first sentence of which answers it."""
    first, *others = sentences
    answer = first.removeprefix("Are printed values used?").removeprefix(title).strip()
    rest = "".join(f"<p>{_text(sentence)}</p>" for sentence in others)
    return f"<h2>{title}</h2><p class='first'>{_text(answer)}</p>{rest}"


def _table(report: dict[str, Any]) -> str:
    """Write one row a parameter."""
    rows = []
    for parameter in report["parameters"]:
        name, place, answer, left, more = screen.row_of(report, parameter)
        style = "yes" if answer == "yes" else "no"
        number = left.removeprefix("residual ")
        line = f"<a href='#L{parameter['line']}'>{_text(place)}</a>"
        rows.append(
            f"<tr><td><code>{_text(name)}</code></td><td>{line}</td>"
            f"<td class='{style}'>{_text(answer)}</td><td>{number}</td><td>{_text(more)}</td></tr>"
        )
    head = "<tr><th>parameter</th><th>updated on</th><th>descends it</th><th>residual</th></tr>"
    return f"<div class='wide'><table>{head}{''.join(rows)}</table></div>"


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
            f"<pre>{change}</pre><p>Residual {screen.number(repair['residual_before'])} → "
            f"{screen.number(repair['residual_after'])}: {state}.{_effect(repair['effect'])}</p>"
        )
    code = f"<a href='#L{finding['line']}'><strong>{_text(finding['code'])}</strong></a>"
    return f"<div class='finding'>{code} {_text(finding['text'])}{shown}</div>"


def _effect(text: str) -> str:
    """Write `after 200 passes … : small` as a sentence."""
    return f" {_text(text[0].upper() + text[1:])}." if text else ""


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
            rows.append(
                f"<span class='{style}' id='L{number}'>{number - first + 1:>4}  {line}</span>"
            )
        out.append((f"<h3>{_text(name)}</h3>" if name else "") + f"<pre>{''.join(rows)}</pre>")
    return "".join(out)
