"""The report page: one HTML file that needs nothing but itself.

Every word that comes from a result is escaped by Jinja2, and JSON inside the page cannot end its
element. The page's own policy forbids any request to the network and any script but the two whose
hashes it names, so that what slipped through the escaping would still not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from losscope.errors import LosscopeError
from losscope.report import reading, tables, words
from losscope.report.mathml import equation
from losscope.report.numbers import count, finite, listed
from losscope.report.pictures import Picture, pictures
from losscope.report.reading import Result
from losscope.report.theme import DARK, FONT, LIGHT, PAGE, config

_MOST_SENTENCES = 6


def write(result: Result, path: str | Path) -> Path:
    """Write the page of a comparison.

    Parameters
    ----------
    result
        The dictionary of `Comparison.to_dict()`.
    path
        The file to write; its folder must exist.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    LosscopeError
        When the file cannot be written there.
    """
    target = Path(path)
    text = html(result)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LosscopeError(
            f"cannot write the page to {target}: {error.strerror or error}; "
            "give a file in a folder that exists and can be written to"
        ) from error
    return target


def html(result: Result) -> str:
    """Give the page as text."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    room = files("losscope.report") / "templates"
    parts = {name: (room / f"page.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    shown = pictures(result, PAGE)
    bundle, script = _bundle(), parts["js"]
    css = Environment(autoescape=False).from_string(parts["css"])  # noqa: S701 - only our own constants go in
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(parts["html"]).render(
        **_content(result),
        pictures=shown,
        policy=_policy(bundle, script),
        css=Markup(css.render(light=LIGHT.css(), dark=DARK.css(), font=FONT)),  # noqa: S704
        specs=Markup(_inert({p.key: _spec(p) for p in shown})),  # noqa: S704
        data=Markup(_inert(_kept(result))),  # noqa: S704
        bundle=Markup(bundle),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )


def _content(result: Result) -> dict[str, Any]:
    """Give the words and tables that the template lays out."""
    data = result["data"]
    return {
        "result": result,
        "title": f"{listed(reading.labels(result))} on {data['name']}",
        "file": f"losscope-{result['name']}",
        "answer": words.result_answer(result),
        "second": words.second_difference(result),
        "value_informs": words.VALUE_INFORMS,
        "most": _MOST_SENTENCES,
        "facts": list(words.setting(result)),
        "notices": [*(data.get("notices") or []), *(result.get("notices") or [])],
        "differing": _differing(result),
        "shared": [_shown(entry) for entry in result["equations"]["shared"]],
        "table_note": _table_note(result),
        "last": tables.measured(result, "last"),
        "best": tables.measured(result, "best"),
        "cross": tables.cross(result),
        "again": _again(result),
        "plan": json.dumps(result["plan"], indent=2, ensure_ascii=False, default=str),
    }


def _differing(result: Result) -> list[dict[str, Any]]:
    """Sort the equations that differ by name, so that losses stand beside each other."""
    found: dict[str, list[Any]] = {}
    for label, entries in result["equations"]["differing"].items():
        for entry in entries:
            found.setdefault(entry["name"], []).append((label, _shown(entry)))
    return [{"name": name, "equations": entries} for name, entries in found.items()]


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    from markupsafe import Markup

    made = Markup(equation(entry))  # noqa: S704 - rebuilt from allowed elements, or escaped
    return {"name": entry["name"], "shape": entry.get("shape") or (), "html": made}


def _table_note(result: Result) -> str:
    metric = result["metric"]
    return (
        f"{metric['title']} carries the verdict ({words.better_word(result)}); the other metrics are descriptive. "
        f"Mean ± standard deviation over {count(len(result['seeds']), 'seed')}; the learning rate is the median "
        "of those that the seeds chose. Plain rows for scale stand indented below."
    )


def _again(result: Result) -> list[tuple[str, str]]:
    """Say what somebody needs to run it again and to see that it is the same."""
    environment = result["environment"]
    return [
        ("See it again", f"losscope report {result['name']}"),
        ("Versions", f"losscope {result['losscope']}, " + ", ".join(f"{k} {v}" for k, v in environment.items())),
        ("Seeds", ", ".join(str(seed) for seed in result["seeds"])),
        ("Data", f"{result['data']['name']}, SHA-256 {result['data']['fingerprint']}"),
        ("Split", result["data"]["split"]),
    ]


def _spec(picture: Picture) -> dict[str, Any]:
    """Give a picture's Vega-Lite, to be as wide as its place; names at line ends stand in the padding."""
    made: dict[str, Any] = picture.chart.to_dict()
    made.pop("$schema", None)
    right = 16 + (min(7 * _longest_name(made), 120) if picture.key in {"learning-curves", "sensitivity"} else 0)
    made.update(
        width="container",
        autosize={"type": "fit-x", "contains": "padding"},
        padding={"left": 2, "right": right, "top": 26 if right > 16 else 8, "bottom": 4},
    )
    # The place around it is labelled in words; a label on each of a thousand marks would drown them.
    made["config"] = {**config(PAGE), "aria": False}
    return made


def _longest_name(spec: Mapping[str, Any]) -> int:
    """Give the length of the longest loss name among a chart's data."""
    layers = [layer.get("data", {}).get("values", []) for layer in spec["layer"]]
    return max((len(row["loss"]) for rows in layers for row in rows if "loss" in row), default=0)


def _kept(result: Result) -> dict[str, Any]:
    """Give the result without the curves of runs that were not chosen, which are most of its bulk."""
    runs = [r if r["chosen"] else {k: v for k, v in r.items() if k != "curves"} for r in result["runs"]]
    return {**result, "runs": runs}


def _inert(value: Any) -> str:
    """Write JSON that cannot end the script element it stands in, whatever its strings hold."""
    text = json.dumps(_json(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _json(value: Any) -> Any:
    """Replace NaN and infinity by null, which JSON has, all the way down."""
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_json(v) for v in value]
    return finite(value) if isinstance(value, float) else value


def _bundle() -> str:
    """Give Vega, Vega-Lite and Vega-Embed as one script, in the version Altair writes for."""
    import altair
    import vl_convert

    wanted = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    known = wanted in vl_convert.get_vegalite_versions()
    text = vl_convert.javascript_bundle(vl_version=wanted if known else None)
    return str(text).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(*scripts: str) -> str:
    """Allow these scripts and no others, inline styles, and no request to any network."""
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = " ".join(f"'sha256-{h}'" for h in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
