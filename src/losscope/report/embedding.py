"""What stands inside the page as script and data, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from losscope.cache import text as cache_of_text
from losscope.report.numbers import finite
from losscope.report.theme import PAGE, config

if TYPE_CHECKING:
    from losscope.report.charts.picture import Picture
    from losscope.report.reading import Result


def spec(picture: Picture) -> dict[str, Any]:
    """Give a picture's Vega-Lite, as wide as its place; Vega leaves room for names at line ends."""
    made: dict[str, Any] = picture.chart.to_dict(validate=False)  # the tests validate
    made.pop("$schema", None)
    made.update(
        width="container",
        autosize={"type": "fit-x", "contains": "padding"},
        padding={"left": 2, "right": 8, "top": 8, "bottom": 4},
        # Its place is labelled in words; a label on each of a thousand marks would drown them.
        config={**config(PAGE), "aria": False},
    )
    return made


def kept(result: Result) -> dict[str, Any]:
    """Give the result without most of its bulk: curves not chosen, what pictures were drawn of."""
    runs = [
        {k: v for k, v in run.items() if k != "way" and (run["chosen"] or k != "curves")}
        for run in result["runs"]
    ]
    return {**result, "runs": runs}


def inert(value: Any) -> str:
    """Write JSON that cannot end the script element it stands in, whatever its strings hold."""
    try:
        text = _compact(value)
    except (TypeError, ValueError):  # mappings of other kinds; NaN and infinity
        text = _compact(plain_json(value))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def plain_json(value: Any) -> Any:
    """Replace NaN and infinity by null, which JSON has, all the way down; keys become strings."""
    if isinstance(value, Mapping):
        return {str(k): plain_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(v) for v in value]
    return finite(value) if isinstance(value, float) else value


@cache
def bundle() -> str:
    """Give Vega, Vega-Lite and Vega-Embed as one script, in the version Altair writes for."""
    import vl_convert

    wanted = "window.vegaEmbed = vegaEmbed;"  # the name that page.js calls
    version = vegalite_version()

    def make() -> str:
        text = str(vl_convert.javascript_bundle(wanted, vl_version=version))
        return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")

    # Bundling takes seconds and depends on nothing but these versions.
    made_by = metadata.version("vl-convert-python")
    return cache_of_text("vega.js", f"{made_by} {version} {wanted}", make)


def vegalite_version() -> str | None:
    """Give the Vega-Lite version that Altair writes for, or None where the converter lacks it."""
    import altair as alt
    import vl_convert

    wanted = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    return wanted if wanted in vl_convert.get_vegalite_versions() else None


def policy(*scripts: str) -> str:
    """Allow these scripts and no others, inline styles, and no request to any network."""
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = " ".join(f"'sha256-{h}'" for h in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
