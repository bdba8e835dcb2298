"""The recovered loss as drawings: curves over the prediction, in SVG that follows the page."""

from __future__ import annotations

import html
from typing import Any

from losscope.auditing import screen

_WIDTH, _HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 14, 14, 26, 42


def figures(curve: dict[str, Any] | None, loss: str = "") -> str:
    """Draw the descended loss and its slope; beside them the printed one, if it is another."""
    if not curve or not curve["descended"]:
        return "<p>No output gradient explains the update, so there is no curve to draw.</p>"
    left = screen.number(curve["residual"])
    said = (
        f"<p>From {html.escape(curve['how'])}, which leaves {left} of the update. Each "
        "loss is the integral of its slope, up to a constant, and drawn to one height.</p>"
    )
    parts = [said]
    printed = curve["printed"]
    together = bool(printed) and curve["printed_target"] == curve["target"]
    beside = printed if together else []
    pairs = _pair(curve["descended"], beside, f"The code descends {loss or 'this'}")
    if together:
        name = html.escape(curve["printed_title"])
        parts.append(f"<p>Dashed: {name}, the loss that the code prints.</p>")
    elif printed:
        told = f"({curve['prediction']}, {curve['printed_target']})"
        pairs += _pair([], printed, f"The code prints {curve['printed_title']}{told}")
    parts.append(f"<div class='figures'>{pairs}</div>")
    return "".join(parts)


def _pair(lines: list[dict[str, Any]], dashed: list[dict[str, Any]], title: str) -> str:
    slope = "its slope: what would reach the weights" if not lines else "what reaches the weights"
    return _chart(lines, dashed, "loss", title) + _chart(lines, dashed, "slope", slope)


def _chart(lines: list[dict[str, Any]], dashed: list[dict[str, Any]], key: str, title: str) -> str:
    drawn = [(line, "", _scaled(line[key], lines, key)) for line in lines]
    drawn += [(line, " stroke-dasharray='7 4'", _scaled(line[key], dashed, key)) for line in dashed]
    xs = [x for line, _, _ in drawn for x in line["x"]]
    ys = [y for _, _, values in drawn for y in values]
    low, high, bottom, top = min(xs), max(xs), min(ys), max(ys)
    wide, tall = (high - low) or 1.0, (top - bottom) or 1.0

    def across(x: float) -> float:
        return float(_LEFT + (x - low) / wide * (_WIDTH - _LEFT - _RIGHT))

    def up(y: float) -> float:
        return float(_HEIGHT - _BOTTOM - (y - bottom) / tall * (_HEIGHT - _TOP - _BOTTOM))

    shapes = [_axis(low, high, bottom, top, across, up)]
    for number, (line, dash, values) in enumerate(drawn):
        colour = number % max(1, len(lines) or len(dashed)) % 4
        points = " ".join(
            f"{across(x):.1f},{up(y):.1f}" for x, y in zip(line["x"], values, strict=True)
        )
        shapes.append(f"<polyline class='c{colour}'{dash} points='{points}'/>")
    axis = html.escape(drawn[0][0]["axis"])
    floor = _HEIGHT - _BOTTOM + 16
    legend = "".join(
        f"<span class='key k{number % 4}'>{html.escape(line['title'])}</span>"
        for number, line in enumerate(lines or dashed)
        if len(lines or dashed) > 1
    )
    return (
        f"<figure><svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' "
        f"aria-label='{html.escape(title)}'>{''.join(shapes)}"
        f"<text x='{_LEFT}' y='{floor}'>{low:.3g}</text>"
        f"<text x='{_WIDTH - _RIGHT}' y='{floor}' text-anchor='end'>{high:.3g}</text>"
        f"<text x='{_WIDTH / 2}' y='{floor + 16}' text-anchor='middle'>{axis}</text></svg>"
        f"<figcaption>{html.escape(title)} {legend}</figcaption></figure>"
    )


def _axis(low: float, high: float, bottom: float, top: float, across: Any, up: Any) -> str:  # noqa: PLR0917 - a frame has four sides, and two scales
    """Draw the floor, and thin lines where the prediction or the slope is zero."""
    sides = [
        (across(low), up(bottom), across(high), up(bottom), "floor"),
        *([(across(0), up(bottom), across(0), up(top), "zero")] if low < 0 < high else []),
        *([(across(low), up(0), across(high), up(0), "zero")] if bottom < 0 < top else []),
    ]
    return "".join(
        f"<line class='{kind}' x1='{a:.1f}' y1='{b:.1f}' x2='{c:.1f}' y2='{d:.1f}'/>"
        for a, b, c, d, kind in sides
    )


def _scaled(values: list[float], group: list[dict[str, Any]], key: str) -> list[float]:
    """Bring losses to one height: losses of different kinds share no unit."""
    size = max((abs(v) for line in group for v in line[key]), default=1.0) or 1.0
    return [v / size for v in values]
