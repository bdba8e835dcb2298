"""The report page: one HTML file that needs nothing but itself.

Every word that comes from a result is escaped by Jinja2, and JSON inside the page cannot end its
element. The page's own policy forbids any request to the network and any script but the two whose
hashes it names, so that what slipped through the escaping would still not run.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError
from losscope.report import asides, embedding, reading, tables, words
from losscope.report.charts import pictures
from losscope.report.mathml import equation
from losscope.report.numbers import count, listed
from losscope.report.theme import DARK, FONT, LIGHT, PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from losscope.report.reading import Result

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
    parts = {
        name: (room / f"page.{name}").read_text(encoding="utf-8") for name in ("jinja", "css", "js")
    }
    shown = pictures(result, PAGE)
    bundle, script = embedding.bundle(), parts["js"]
    css = Environment(autoescape=False).from_string(parts["css"])  # noqa: S701 - only our own constants go in
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["tight"] = _tight
    return environment.from_string(parts["jinja"]).render(
        **_content(result),
        pictures=shown,
        policy=embedding.policy(bundle, script),
        css=Markup(css.render(light=LIGHT.css(), dark=DARK.css(), font=FONT)),  # noqa: S704
        specs=Markup(embedding.inert({p.key: embedding.spec(p) for p in shown})),  # noqa: S704
        data=Markup(embedding.inert(embedding.kept(result))),  # noqa: S704
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
        "answer": _answer(result),
        "learning_answer": words.learning_answer(result),
        "second": words.second_difference(result),
        "value_informs": words.VALUE_INFORMS,
        "most": _MOST_SENTENCES,
        "facts": list(words.setting(result)),
        "notices": list(dict.fromkeys([*data["notices"], *result["notices"]])),
        "differing": _differing(result),
        "shared": [_shown(entry) for entry in result["equations"]["shared"]],
        "table_note": _table_note(result),
        "last": tables.measured(result, "last"),
        "best": tables.measured(result, "best"),
        "asides": asides.asides(result),
        "cross": tables.cross(result),
        "again": _again(result),
        "plan": json.dumps(result["plan"], indent=2, ensure_ascii=False, default=str),
    }


def _answer(result: Result) -> str:
    """Give the answer in a word, unless the sentences begin with it themselves."""
    answer = words.result_answer(result)
    said = " ".join(result["verdict"]["result"]["sentences"][:1])
    return "" if said.startswith(answer.rstrip(".")) else answer


def _tight(text: str) -> str:
    """Keep a figure and its sign on one line."""
    for loose in (" %", "p = ", "p < "):
        text = text.replace(loose, loose.replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def _differing(result: Result) -> list[dict[str, Any]]:
    """Sort the equations that differ by name, and under it the losses by what they say."""
    found: dict[str, dict[str, tuple[list[str], Any]]] = {}
    for label, entries in result["equations"]["differing"].items():
        for entry in entries:
            alike = found.setdefault(entry["name"], {}).setdefault(entry["text"], ([], entry))
            alike[0].append(label)
    return [
        {"name": name, "equations": [(listed(who), _shown(e)) for who, e in alike.values()]}
        for name, alike in found.items()
    ]


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    from markupsafe import Markup

    made = Markup(equation(entry))  # noqa: S704 - rebuilt from allowed elements, or escaped
    return {"name": entry["name"], "shape": entry.get("shape") or (), "html": made}


def _table_note(result: Result) -> str:
    title, seeds = words.capital(reading.metric_title(result)), count(len(result["seeds"]), "seed")
    return (
        f"{title} carries the verdict ({words.better_word(result)}); the other metrics are "
        f"descriptive. Mean ± standard deviation over {seeds}; the learning rate is the median of "
        "those that the seeds chose. Plain rows for scale stand indented below."
    )


def _again(result: Result) -> list[tuple[str, str]]:
    """Say what somebody needs to run it again and to see that it is the same."""
    versions = {"losscope": result["losscope"], **result["environment"]}
    return [
        ("See it again", f"losscope report {result['name']}"),
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
        ("Seeds", ", ".join(str(seed) for seed in result["seeds"])),
        ("Data", f"{result['data']['name']}, SHA-256 {result['data']['fingerprint']}"),
        ("Split", result["data"]["split"]),
    ]
