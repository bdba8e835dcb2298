"""The audit in a terminal: 80 columns, plain text, in the program's own names."""

from __future__ import annotations

import textwrap
from typing import Any

_WIDTH = 80
_ANSWERS = {
    "yes": "yes",
    "not quite": "NOT QUITE",
    "no": "NO",
    "still": "NEVER MOVES",
    "rising": "GOES UP IT",
    "another factor": "yes, but",
}


def render(report: dict[str, Any]) -> str:
    """Write one report."""
    lines: list[str] = []
    if report["reading"]:
        lines += _wrap(f"Reading: {report['reading']}.")
    lines += _printed(report)
    lines += _descended(report)
    lines += _findings(report)
    lines += _last(report)
    return "\n".join(lines)


def _wrap(text: str, indent: str = "", first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
    )


def at(report: dict[str, Any], line: int) -> str:
    """Name a line: `line 31`, `cell 3 line 4`, `layers.py line 12`."""
    return str(report.get("places", {}).get(str(line), f"line {line}"))


def _printed(report: dict[str, Any]) -> list[str]:
    costs = report["printed"]
    if not costs:
        return ["1 Are printed values used?  The program prints no cost.", ""]
    unused = [c for c in costs if c["used"] is False]
    used = [c for c in costs if c["used"]]
    passes = costs[0]["passes"]
    names = " and ".join(f"{c['name']} ({at(report, c['line'])})" for c in unused)
    out: list[str] = []
    if unused and not used:
        out += _wrap(
            f"1 Are the printed values used?  NO.  {names} removed, {passes} steps repeated: "
            "all weights identical, bit for bit.",
            "  ",
            "",
        )
    elif used:
        out += _wrap(
            "1 Are the printed values used?  YES.  Without "
            + ", ".join(c["name"] for c in used)
            + " the trained weights differ.",
            "  ",
            "",
        )
        if unused:
            out += _wrap(f"{names}: not used; all weights identical, bit for bit.", "  ")
    else:
        out += ["1 Are the printed values used?  It could not be tried."]
    for cost in costs:
        for reader in cost["readers"][:3]:
            if cost["used"]:
                out += _wrap(
                    f"{cost['name']} is read by {at(report, reader['line'])}: {reader['text']}",
                    "  ",
                )
        if cost["what"] and not cost["notes"]:
            out += _wrap(f"{cost['name']} = {cost['what']}", "  ")
        for note in cost["notes"]:
            out += _wrap(note[0].upper() + note[1:] + ".", "  ")
    return [*out, ""]


def _descended(report: dict[str, Any]) -> list[str]:
    head = "2 What does the update descend?  "
    if report["loss"]:
        about = f" ({report['scaling']})" if report["scaling"] else ""
        out = _wrap(f"{head}{report['loss']}{about}", "  ", "")
    else:
        out = [head + "No loss that is known here."]
    width = max((len(p["name"]) for p in report["parameters"]), default=0)
    wide = max((len(at(report, p["line"])) for p in report["parameters"]), default=0)
    for p in report["parameters"]:
        place = f"{at(report, p['line']):<{max(wide, 9)}}"
        rule = (
            ""
            if p["rule"] == "plain"
            else f"  {p['rule']}" + (f" {p['momentum']:.3g}" if p["momentum"] else "")
        )
        extra = f"  + {p['l2']:.3g}·W (L2)" if p["l2"] else ""
        extra += f"  + {p['l1']:.3g}·sign W (L1)" if p["l1"] else ""
        left = "" if p["answer"] == "still" else f"residual {_number(p['residual'])}"
        factor = (
            f"  factor {p['factor']:.4g}" if p["answer"] in ("another factor", "rising") else ""
        )
        line = f"     {p['name']:<{width}}  {place} {_ANSWERS[p['answer']]:<11} {left}"
        out.append(line + factor + rule + extra)
    for cost in report["printed"]:
        if not cost["descended"] and cost["residual"] is not None:
            out += _wrap(
                f"{cost['name']} ({at(report, cost['line'])})?  No: the best fit leaves "
                f"{100 * min(cost['residual'], 1.0):.3g} % of an update unexplained.",
                "  ",
            )
    no_loss = [p["name"] for p in report["parameters"] if p["gradient_of_some_loss"] is False]
    if no_loss:
        said = (
            f"The update of {no_loss[0]} is the gradient of no loss at all (its Jacobian is"
            if len(no_loss) == 1
            else f"The updates of {', '.join(no_loss[:-1])} and {no_loss[-1]} are the gradient of "
            "no loss at all (their Jacobians are"
        )
        out += _wrap(f"{said} not symmetric).", "  ")
    for notice in report["notices"]:
        out += _wrap(notice, "  ")
    return [*out, ""]


def _number(value: float) -> str:
    return f"{value:.0e}".replace("e-0", "e-") if value < 1e-3 else f"{value:.2g}"


def _findings(report: dict[str, Any]) -> list[str]:
    found = report["findings"]
    if not found:
        return ["3 Findings: none.", ""]
    out = ["3 Findings"]
    for finding in found:
        out += _wrap(f"{finding['code']}  {finding['text']}", "         ", "  ")
        repair = finding["repair"]
        if repair is None:
            continue
        if repair["moved_below"]:
            below = at(report, repair["moved_below"])
            out.append(f"     {at(report, repair['line'])} moved below {below}")
        else:
            out += [f"     - {repair['before']}", f"     + {repair['after']}"]
        state = "confirmed" if repair["confirmed"] else "helps, but is not all"
        out.append(
            f"     residual {_number(repair['residual_before'])} → "
            f"{_number(repair['residual_after'])}   {state}"
        )
        if repair["effect"]:
            out += _wrap(f"effect: {repair['effect']}", "     ")
    return [*out, ""]


def _last(report: dict[str, Any]) -> list[str]:
    passes = report["passes"]
    tried = passes["repairs_tried"]
    cost = (
        f"{passes['measuring']} steps run to measure ({passes['per_parameter']} a parameter), "
        f"{tried} repair{'s' if tried != 1 else ''} tried "
        f"({passes['per_repair']} steps each at most)."
    )
    count = len(report["findings"])
    codes = sorted({f["code"] for f in report["findings"]})
    end = f"{count} finding{'s' if count != 1 else ''}, exit {1 if count else 0}"
    if codes:
        end += f"        more: losscope explain {codes[0]}"
    return [*_wrap(cost), end]


def row(name: str, answer: dict[str, Any]) -> str:
    """Write one file's row in a table of several."""
    if "cannot" in answer:
        return f"{name:<28} could not audit: {answer['cannot']}"
    report = answer["reports"][0]
    codes = sorted({f["code"] for f in report["findings"]})
    loss = report["loss"] or "no known loss"
    return f"{name:<28} {', '.join(codes) or 'clean':<16} {loss}"
