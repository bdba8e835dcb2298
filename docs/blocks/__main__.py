"""`python -m docs.blocks [--write] [PAGE…]`: check what the pages show, or write it anew."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from docs.blocks.running import ROOT, Report, run

FOLDERS = ("docs/explanations", "docs/how-to", "docs/zh")


def pages() -> list[Path]:
    """Every page whose blocks are run, from the root of the repository."""
    found = [*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")]
    for folder in FOLDERS:
        found += (ROOT / folder).rglob("*.md")
    return sorted(path.relative_to(ROOT) for path in found)


def main(arguments: list[str] | None = None) -> int:
    """Run the pages, one process each, and say what is wrong; 1 when anything is."""
    parser = argparse.ArgumentParser(prog="python -m docs.blocks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what is printed into the pages")
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="default: all")
    asked = parser.parse_args(arguments)
    reports, wrong = [], 0
    for report in _reports([_named(path) for path in asked.pages] or pages()):
        wrong += _told(report, write=asked.write)
        reports.append(report)
    unrun = [said for report in reports for said in report.not_run]
    ran = sum(report.ran for report in reports)
    print(f"{len(reports)} pages, {ran} blocks run, {wrong} wrong, {len(unrun)} not run")
    print("".join(f"not run  {said}\n" for said in unrun), end="")
    return 1 if wrong else 0


def _named(path: Path) -> Path:
    """As the reader knows it: from the root of the repository, where it lies there."""
    full = path.resolve()
    return full.relative_to(ROOT) if full.is_relative_to(ROOT) else full


def _reports(chosen: list[Path]) -> Iterator[Report]:
    """A new process for each page, so that none leaves anything to the next."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ.setdefault("LOSSCOPE_CACHE", cache)
        with ProcessPoolExecutor(
            min(len(chosen), os.cpu_count() or 1),
            mp_context=multiprocessing.get_context("spawn"),
            max_tasks_per_child=1,
        ) as pool:
            yield from pool.map(run, chosen)


def _told(report: Report, *, write: bool) -> int:
    """Say what is wrong with a page, or write it anew; the number of faults left."""
    page, faults = ROOT / report.page, report.problems
    if not write:
        faults = faults + report.different
    elif report.different:
        page.write_text(report.text, encoding="utf-8")
        print(f"wrote {report.page}")
    print(f"{report.page}: {report.ran} blocks, {len(faults)} wrong, {report.seconds:.1f} s")
    print("".join(f"{fault}\n" for fault in faults), end="", flush=True)
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
