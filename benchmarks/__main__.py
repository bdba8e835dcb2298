"""`python -m benchmarks peers|scale|command|all`: Markdown to standard output and RESULTS.md."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = ("peers", "command", "scale")
TITLE = "# Results of the newest runs\n"


def keep(part: str, text: str) -> None:
    """Put the newest run of a part into RESULTS.md, leaving the other parts."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else TITLE
    sections = {s.split("\n", 1)[0].lower(): s for s in old.split("\n## ")[1:]}
    sections[part] = text.strip().removeprefix("## ")
    order = ("criteria", *PARTS)
    body = [f"\n## {sections[name].strip()}\n" for name in order if name in sections]
    RESULTS.write_text(TITLE + "".join(body), encoding="utf-8")


def criteria(judged: list[tuple[str, bool, str]]) -> str:
    """What was asked for and what was measured, met or not."""
    said = "From the runs below; all ratios are of medians in one run. Above 1 is faster."
    lines = ["## Criteria", "", said, ""]
    lines += ["| what | measured | met |", "|---|---|---|"]
    lines += [f"| {what} | {found} | {'yes' if met else '**no**'} |" for what, met, found in judged]
    return "\n".join(lines)


def main() -> None:
    """Run one part, or all of them and judge the criteria."""
    if len(sys.argv) != 2 or sys.argv[1] not in {*PARTS, "all"}:
        sys.exit(f"usage: python -m benchmarks {'|'.join(PARTS)}|all")
    chosen = PARTS if sys.argv[1] == "all" else (sys.argv[1],)
    judged = []
    for part in chosen:
        try:
            text, found = import_module(f"benchmarks.{part}").main()
        except Exception as error:  # one part that fails does not lose the others
            judged.append((f"`python -m benchmarks {part}` runs to its end", False, repr(error)))
            if len(chosen) == 1:
                raise
            continue
        judged += found
        keep(part, text)
        print(text, flush=True)
    print(criteria(judged))
    if sys.argv[1] == "all":
        keep("criteria", criteria(judged))


if __name__ == "__main__":
    main()
