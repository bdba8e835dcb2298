"""Sphinx: write the reference before a build, and warn of what has no page after reading it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from docs import generate
from docs.generate import coverage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def write(_: Sphinx) -> None:
    """Write the reference."""
    generate.write()


def check(_: Sphinx, env: BuildEnvironment) -> None:
    """Warn of each loss, command, option, finding and name that no page tells of."""

    def text_of(path: str) -> str | None:
        name = f"reference/{path}"
        return env.get_doctree(name).astext() if name in env.found_docs else None

    for said in coverage.missing(text_of):
        logging.getLogger(__name__).warning(said)


def escape(*words: Any) -> None:
    """Escape bars of |W| and the @ of mse@identity, which reStructuredText takes for its own."""
    lines: list[str] = words[-1]
    for i, line in enumerate(lines):
        parts = line.split("`")  # code keeps its bars
        parts[::2] = [re.sub(r"([|@])", r"\\\1", part) for part in parts[::2]]
        lines[i] = "`".join(parts)


def ours(*words: Any) -> bool | None:
    """Leave out what scikit-learn adds to an estimator; its own pages tell of that."""
    member = words[3]
    module = getattr(inspect.unwrap(member), "__module__", None) if callable(member) else None
    code = getattr(member, "__code__", None)
    strange = module and not module.startswith("losscope")
    return True if strange or (code and "sklearn" in code.co_filename) else None


def dark(app: Sphinx, doctree: nodes.document) -> None:
    """Show NAME-dark.svg in the dark where it lies beside NAME.svg; the theme hides the other."""
    for image in list(doctree.findall(nodes.image)):
        other = image["uri"].removesuffix(".svg") + "-dark.svg"
        if image["uri"].endswith(".svg") and (Path(app.srcdir) / other).exists():
            twin = image.deepcopy()
            twin["uri"], twin["candidates"] = other, {"*": other}
            image["classes"].append("only-light")
            twin["classes"].append("only-dark")
            image.parent.insert(image.parent.index(image) + 1, twin)
            app.env.images.add_file(app.env.docname, other)


def setup(app: Sphinx) -> dict[str, Any]:
    """Join the build."""
    app.connect("builder-inited", write)
    app.connect("autodoc-process-docstring", escape)
    app.connect("autodoc-skip-member", ours)
    app.connect("doctree-read", dark)
    app.connect("env-updated", check)  # at every build, also where no page has changed
    return {"parallel_read_safe": True, "parallel_write_safe": True}
