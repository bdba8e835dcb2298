"""The curves of a loss as a small SVG: readable in light and dark, without script or network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from losscope.cards.curves import Curve

_WIDTH, _HEIGHT, _GAP = 300, 190, 40
_LEFT, _TOP, _BOTTOM, _RIGHT = 46, 26, 30, 14
# Hue and dash together tell curves apart: colour alone never carries meaning.
_STYLES = (("#3567a8", ""), ("#b3541e", "6 4"))
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:currentColor}.axis{stroke:currentColor;opacity:.35}"
    ".zero{stroke:currentColor;opacity:.25;stroke-dasharray:2 3}"
)


def svg(title: str, drawn: Sequence[Curve]) -> str:
    """ℓ on the left, dℓ/dz on the right, over z."""
    total = 2 * (_LEFT + _WIDTH) + _GAP + _RIGHT
    height = _TOP + _HEIGHT + _BOTTOM + 18 * (len(drawn) > 1)
    panels = [
        _panel("ℓ", drawn, [curve.value for curve in drawn], _LEFT),
        _panel("dℓ/dz", drawn, [curve.slope for curve in drawn], 2 * _LEFT + _WIDTH + _GAP),
    ]
    legend = _legend(drawn, height) if len(drawn) > 1 else ""
    said = f"{title}: the loss and its derivative over the raw prediction z"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" role="img" '
        f'width="{total}" height="{height}" color="#222">\n<title>{escape(said)}</title>\n'
        f"<style>{_STYLE}@media(prefers-color-scheme:dark){{svg{{color:#ddd}}}}</style>\n"
        + "\n".join(panels)
        + legend
        + "\n</svg>\n"
    )


def _panel(
    name: str, drawn: Sequence[Curve], values: list[NDArray[np.float64]], left: float
) -> str:
    z = drawn[0].z
    low, high = _limits(np.concatenate(values))
    x = left + (z - z[0]) / (z[-1] - z[0]) * _WIDTH

    def across(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(_TOP + (high - y) / (high - low) * _HEIGHT)

    base = _TOP + _HEIGHT
    parts = [
        f'<text x="{left}" y="{_TOP - 10}">{name}</text>',
        f'<line class="axis" x1="{left}" y1="{_TOP}" x2="{left}" y2="{base}"/>',
        f'<line class="axis" x1="{left}" y1="{base}" x2="{left + _WIDTH}" y2="{base}"/>',
        *(_label(left - 6, across(np.array(v)) + 4, v, "end") for v in (low, high)),
        *(
            _label(left + share * _WIDTH, base + 16, z[0] + share * (z[-1] - z[0]), "middle")
            for share in (0.0, 0.5, 1.0)
        ),
        f'<text x="{left + 0.75 * _WIDTH}" y="{base + 16}" text-anchor="middle">z</text>',
    ]
    if low < 0 < high:
        zero = float(across(np.array(0.0)))
        parts.append(
            f'<line class="zero" x1="{left}" y1="{zero:.1f}" x2="{left + _WIDTH}" y2="{zero:.1f}"/>'
        )
        parts.append(_label(left - 6, np.array(zero + 4), 0.0, "end"))
    for i, y in enumerate(values):
        parts.append(_line(x, across(y), _STYLES[i % len(_STYLES)]))
    return "\n".join(parts)


def _limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """From 0 where the least value is near it; never an empty range."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    if high - low < 1e-12:
        return low - 1.0, high + 1.0
    return (0.0 if 0 < low < 0.2 * high else low), high


def _line(x: NDArray[np.float64], y: NDArray[np.float64], style: tuple[str, str]) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if np.isfinite(b))
    colour, dash = style
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline fill="none" stroke="{colour}" stroke-width="2"{dashed} points="{points}"/>'


def _label(x: float, y: NDArray[np.float64] | float, value: float, anchor: str) -> str:
    shown = f"{value:.3g}".replace("-", "−")
    return f'<text x="{x:.1f}" y="{float(y):.1f}" text-anchor="{anchor}">{shown}</text>'


def _legend(drawn: Sequence[Curve], height: int) -> str:
    parts: list[str] = []
    for i, curve in enumerate(drawn):
        colour, dash = _STYLES[i % len(_STYLES)]
        x, y = _LEFT + 150 * i, height - 8
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'\n<line x1="{x}" y1="{y - 4}" x2="{x + 24}" y2="{y - 4}" stroke="{colour}" '
            f'stroke-width="2"{dashed}/>\n<text x="{x + 30}" y="{y}">{escape(curve.label)}</text>'
        )
    return "".join(parts)


__all__ = ["svg"]
