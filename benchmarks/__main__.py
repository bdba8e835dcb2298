"""`python -m benchmarks peers|scale|command`: Markdown to standard output and into RESULTS.md."""

from __future__ import annotations

import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = ("peers", "scale", "command")


def keep(part: str, text: str) -> None:
    """Put the newest run of a part into RESULTS.md, leaving the other parts."""
    title = "# Results of the newest runs\n"
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else title
    sections = {s.split("\n", 1)[0].lower(): s for s in old.split("\n## ")[1:]}
    sections[part] = text.strip().removeprefix("## ")
    body = [f"\n## {sections[name].strip()}\n" for name in PARTS if name in sections]
    RESULTS.write_text(title + "".join(body), encoding="utf-8")


def main() -> None:
    """Run one part."""
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        sys.exit(f"usage: python -m benchmarks {'|'.join(PARTS)}")
    part = sys.argv[1]
    if part == "peers":
        from benchmarks.peers import main as run
    elif part == "scale":
        from benchmarks.scale import main as run
    else:
        from benchmarks.command import main as run
    text = run()
    keep(part, text)
    print(text)


if __name__ == "__main__":
    main()
