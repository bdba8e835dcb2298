"""The audit in a terminal: 80 columns, plain text, in the program's own names."""

from __future__ import annotations

import textwrap
from typing import Any

_FOLLOWED = 1e-2  # what a printed number leaves of updates that descend it, but for an ε
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
    first, *others = printed(report)
    out = _wrap(f"1 {first}", "  ", "")
    for sentence in others:
        out += _wrap(sentence, "  ")
    return [*out, ""]


def printed(report: dict[str, Any]) -> list[str]:
    """Say whether the printed values are used, and what they are."""
    costs = report["printed"]
    if not costs and all(p["answer"] == "still" for p in report["parameters"]):
        return ["Are printed values used?  Nothing is: no array learns."]
    if not costs:
        return ["Are printed values used?  The program prints no cost."]
    unused = [c for c in costs if c["used"] is False]
    used = [c for c in costs if c["used"]]
    passes = costs[0]["passes"]
    names = " and ".join(f"{c['name']} ({at(report, c['line'])})" for c in unused)
    out: list[str] = []
    if unused and not used:
        out.append(
            f"Are the printed values used?  NO.  {names} removed, {passes} steps repeated: "
            "all weights identical, bit for bit."
        )
    elif used:
        without = ", ".join(c["name"] for c in used)
        out.append(
            f"Are the printed values used?  YES.  Without {without} the trained weights differ."
        )
        if unused:
            out.append(f"{names}: not used; all weights identical, bit for bit.")
    else:
        out.append("Are the printed values used?  It could not be tried.")
    for cost in costs:
        for reader in cost["readers"][:3]:
            if cost["used"]:
                where = at(report, reader["line"])
                out.append(f"{cost['name']} is read by {where}: {reader['text']}")
        if cost["what"] and not cost["notes"]:
            out.append(f"{cost['name']} = {cost['what']}")
        out += [note[0].upper() + note[1:] + "." for note in cost["notes"]]
    return out


def _descended(report: dict[str, Any]) -> list[str]:
    out = _wrap(f"2 What does the update descend?  {descended(report)}", "  ", "")
    rows = [row_of(report, p) for p in report["parameters"]]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    for name, place, answer, left, more in rows:
        line = f"     {name:<{widths[0]}}  {place:<{max(widths[1], 9)}} {answer:<11} {left}"
        out.append(line + more)
    for sentence in remarks(report):
        out += _wrap(sentence, "  ")
    return [*out, ""]


def descended(report: dict[str, Any]) -> str:
    """Name the loss that is descended."""
    about = f" ({report['scaling']})" if report["scaling"] else ""
    return f"{report['loss']}{about}" if report["loss"] else "No loss that is known here."


def row_of(report: dict[str, Any], p: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """Give a parameter's name, line, answer, residual, and what else there is to say."""
    more = f"  factor {p['factor']:.4g}" if p["answer"] in ("another factor", "rising") else ""
    if p["rule"] != "plain":
        more += f"  {p['rule']}" + (f" {p['momentum']:.3g}" if p["momentum"] else "")
    more += f"  + {p['l2']:.3g}·W (L2)" if p["l2"] else ""
    more += f"  + {p['l1']:.3g}·sign W (L1)" if p["l1"] else ""
    left = "" if p["answer"] == "still" else f"residual {number(p['residual'])}"
    return p["name"], at(report, p["line"]), _ANSWERS[p["answer"]], left, more


def remarks(report: dict[str, Any]) -> list[str]:
    """Say which printed values are not descended, which updates are no gradients, what to know."""
    out = [
        f"{cost['name']} ({at(report, cost['line'])})?  Yes: the updates follow all of it."
        for cost in report["printed"]
        if cost["descended"] and not cost["what"]
    ]
    out += [
        f"{cost['name']} ({at(report, cost['line'])})?  No: the best fit leaves "
        f"{100 * min(cost['residual'], 1.0):.3g} % of an update unexplained."
        for cost in report["printed"]
        if not cost["descended"] and cost["residual"] is not None
    ]
    no_loss = [p["name"] for p in report["parameters"] if p["gradient_of_some_loss"] is False]
    if len(no_loss) == 1:
        out.append(
            f"The update of {no_loss[0]} is the gradient of no loss at all (its Jacobian is not "
            "symmetric)."
        )
    elif no_loss:
        out.append(
            f"The updates of {', '.join(no_loss[:-1])} and {no_loss[-1]} are the gradient of "
            "no loss at all (their Jacobians are not symmetric)."
        )
    return [*out, *report["notices"]]


def unsettled(report: dict[str, Any]) -> list[str]:
    """List the parameters of which it is not known what they descend, where nothing was found.

    A program may not pass for clean by that: it could not be audited to the end.
    """
    told = [cost["residual"] for cost in report["printed"] if cost["descended"]]
    if report["findings"] or any(left is not None and left < _FOLLOWED for left in told):
        return []
    return [p["name"] for p in report["parameters"] if p["answer"] in ("no", "not quite")]


def number(value: float) -> str:
    """Write a residual as people write it: 0.16, 3e-9."""
    return f"{value:.0e}".replace("e-0", "e-") if value < 1e-3 else f"{value:.2g}"


def _findings(report: dict[str, Any]) -> list[str]:
    found = report["findings"]
    if not found:
        return ["3 Findings: none that is sure." if unsettled(report) else "3 Findings: none.", ""]
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
            f"     residual {number(repair['residual_before'])} → "
            f"{number(repair['residual_after'])}   {state}"
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
    open_ones = unsettled(report)
    end = f"{count} finding{'s' if count != 1 else ''}, exit {1 if count else 0}"
    if open_ones:
        end = f"No finding, but what {', '.join(open_ones)} follows was not established: exit 2"
        return [*_wrap(cost), *_wrap(end)]
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
    clean = "not established" if unsettled(report) else "clean"
    return f"{name:<28} {', '.join(codes) or clean:<16} {loss}"
