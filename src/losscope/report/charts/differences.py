"""Which differences hold: each pair's interval over the band that counts as equivalent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from losscope.report import reading
from losscope.report.charts import encoding
from losscope.report.charts.picture import Numbers, Picture
from losscope.report.numbers import brief, finite, plain, probability, rounded
from losscope.report.scales import Span
from losscope.report.words import capital, outcome

if TYPE_CHECKING:
    from losscope.report.reading import Result
    from losscope.report.theme import Palette

_MOST_PAIRS = 15
_ONE_LINE = 16  # letters of a pair's name
_SHAPES = {"better": "diamond", "equivalent": "square", "cannot tell": "circle"}


def picture(result: Result, palette: Palette) -> Picture | None:
    """Draw each pair's difference; None where nothing can be paired."""
    pairs = result["verdict"]["result"]["pairs"]
    drawn = drawn_pairs(result)
    if not drawn:
        return None
    side = "above" if result["metric"]["greater_is_better"] else "below"
    first = reading.labels(result)[0]
    few = f" Drawn are the pairs with {first}; the numbers hold all of them."
    return Picture(
        key="differences",
        title="Which differences hold",
        chart=_chart(result, palette, drawn),
        caption=f"Difference in mean {reading.metric_title(result)} between two losses, with its "
        "95 % interval, paired by seed and corrected for re-splitting one table (Nadeau and "
        f"Bengio). {capital(side)} 0 the first one named is better. Within the grey band, "
        f"±{plain(result['metric'].get('margin'))}, a difference is too small to matter."
        + (few if len(drawn) < len(pairs) else ""),
        words=[f"{p['a']} and {p['b']}: {outcome(p)}." for p in pairs],
        numbers=Numbers(
            ["pair", "outcome", "difference", "95 % from", "to", "p", "p (Holm)"],
            [
                [
                    f"{p['a']} − {p['b']}",
                    outcome(p),
                    *[brief(p.get(k), 3) for k in ("difference", "low", "high")],
                    *[probability(p.get(k)) for k in ("p", "p_holm")],
                ]
                for p in pairs
            ],
        ),
    )


def drawn_pairs(result: Result) -> list[Any]:
    """Give the pairs that are drawn: all of them or, where many, those with the first loss."""
    pairs = [
        pair
        for pair in result["verdict"]["result"]["pairs"]
        if all(finite(pair.get(k)) is not None for k in ("difference", "low", "high"))
    ]
    first = reading.labels(result)[0]
    few = len(pairs) <= _MOST_PAIRS
    return pairs if few else [p for p in pairs if first in {p["a"], p["b"]}]


def _chart(result: Result, palette: Palette, pairs: list[Any]) -> alt.LayerChart:
    margin = finite(result["metric"].get("margin")) or 0.0
    ends = [pair[k] for pair in pairs for k in ("low", "high")]
    span = Span.over([*ends, margin, -margin], log=False, room=0.1)
    x = encoding.across("difference:Q", span, f"difference in {reading.metric_title(result)}")
    y = encoding.named_rows("pair", palette)
    band = encoding.rows([{"from": -margin, "to": margin}])
    band = band.mark_rect(color=palette.muted, opacity=0.16)
    zero = encoding.rows([{"zero": 0}]).mark_rule(color=palette.muted)
    data = encoding.rows([_row(pair, span) for pair in pairs]).encode(y=y)
    scale = alt.Scale(domain=[*_SHAPES], range=[*_SHAPES.values()])
    tips = [encoding.tip("difference"), encoding.tip("low"), encoding.tip("high")]
    dots = data.mark_point(filled=True, size=110, color=palette.ink, opacity=1).encode(
        x=x,
        shape=alt.Shape("outcome:N", legend=None, scale=scale),
        tooltip=[
            alt.Tooltip("pair:N"),
            alt.Tooltip("outcome:N"),
            *tips,
            encoding.tip("p_holm", "Holm p"),
        ],
    )
    words = [
        data.mark_text(align="left" if left else "right", dy=-13)
        .encode(x=alt.X("at:Q"), text=alt.Text("said:N"))
        .transform_filter(f"datum.left == {str(left).lower()}")
        for left in (True, False)
    ]
    return encoding.layered(
        band.encode(x=alt.X("from:Q", scale=alt.Scale(**span.vega())), x2=alt.X2("to:Q")),
        zero.encode(x=alt.X("zero:Q")),
        data.mark_rule(strokeWidth=2.2, color=palette.ink).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q")
        ),
        dots,
        *words,
        height=30 + 46 * len(pairs),
    )


def _named(pair: Any) -> str:
    """Name a pair, on two lines where one would be too long for a phone."""
    name = f"{pair['a']} − {pair['b']}"
    long = len(name) > _ONE_LINE
    return f"{pair['a']} −\n{pair['b']}" if long else name


def _row(pair: Any, span: Span) -> dict[str, Any]:
    """Give a pair's row; its words begin where the nearer half of the picture has room for them."""
    left = span.share(pair["difference"]) < 0.5
    return {
        "pair": _named(pair),
        "outcome": pair["outcome"],
        "said": outcome(pair),
        "left": left,
        "at": rounded(pair["low"] if left else pair["high"]),
        **{k: rounded(pair.get(k)) for k in ("difference", "low", "high", "p_holm")},
    }
