"""Links within the repository lead somewhere, and the check sees those that do not."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not in a checkout")
checker = pytest.importorskip("docs.links")


def test_no_link_of_the_repository_is_broken():
    """README, contributing, changelog, decisions and all pages."""
    for page in checker.pages():
        assert checker.broken(page, page.read_text(encoding="utf-8")) == []


def test_broken_links_are_named():
    """A missing file, a missing heading, a picture in HTML; what leads out is left alone."""
    text = """# A title
[file](nowhere.md) [heading](#no-heading) [right](README.md#try-it) [out](https://example.org)
![picture](none.svg) [right](CONTRIBUTING.md#the-map)

<picture><img src="gone.svg"></picture>

| [in a table](lost.md) |
|---|
"""
    found = checker.broken(ROOT / "README.md", text)
    assert [said.split(": ")[1] for said in found] == [
        "nowhere.md",
        "#no-heading",
        "none.svg",
        "gone.svg",
        "lost.md",
    ]
