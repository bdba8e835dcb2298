"""`python -m docs.links [--external]`: follow the links of every page that is in the repository.

Within the repository each must lead to a file, and to a heading where it names one. Building the
site checks its own pages again, with the reference in place. `--external` also asks the web, which
CI does not: another's outage is no fault of a commit.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
GENERATED = ROOT / "docs" / "reference"  # not there before a build, which checks these
_HTML = re.compile(r'(?:src|srcset|href)="([^"]+)"')


def pages() -> list[Path]:
    """Every page of Markdown that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def links(text: str) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "html_block":
            yield from _HTML.findall(token.content)
        for inner in token.children or []:
            if inner.type in ("link_open", "image"):
                yield str(inner.attrs.get("href") or inner.attrs.get("src"))
            elif inner.type == "html_inline":
                yield from _HTML.findall(inner.content)


def anchors(text: str) -> set[str]:
    """Names of a page's headings, as the repository's site gives them."""
    tokens = MarkdownIt("commonmark").parse(text)
    titles = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken(page: Path, text: str) -> list[str]:
    """Links of one page that lead nowhere within the repository."""
    found = []
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        place = (page.parent / path).resolve() if path else page
        if place.is_relative_to(GENERATED) and place != GENERATED / "index.md":
            continue
        if not place.exists():
            found.append(f"{page.relative_to(ROOT)}: {link}: there is no such file")
        elif anchor and anchor not in anchors(place.read_text(encoding="utf-8")):
            found.append(f"{page.relative_to(ROOT)}: {link}: there is no such heading")
    return found


def unreachable(link: str) -> str:
    """Why an address of the web does not answer, or the empty string."""
    request = urllib.request.Request(link, headers={"User-Agent": "losscope docs.links"})  # noqa: S310 - asked for
    try:
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310 - asked for
            return ""
    except (urllib.error.URLError, TimeoutError) as error:
        return str(error)


def main(arguments: list[str]) -> int:
    """Say which links are broken; 1 when any is."""
    texts = {page: page.read_text(encoding="utf-8") for page in pages()}
    found = [said for page, text in texts.items() for said in broken(page, text)]
    if "--external" in arguments:
        out = {link for text in texts.values() for link in links(text) if link.startswith("http")}
        found += [f"{link}: {why}" for link in sorted(out) if (why := unreachable(link))]
    print("\n".join(found) or f"the links of {len(texts)} pages lead where they say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
